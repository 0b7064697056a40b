/** What is made from the code is as the code is now. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generatedFiles, strayFiles } from '../scripts/generated/all.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

for (const [path, text] of Object.entries(generatedFiles()))
  test(`${path} is current (else: npm run generate)`, () => {
    assert.equal(readFileSync(join(ROOT, path), 'utf8'), text);
  });

test('no page is left of what is not made any more', () => {
  assert.deepEqual(strayFiles(ROOT), []);
});
