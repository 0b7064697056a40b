/** `--limit @FILE`: lines of a file in place of a pattern. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withFiles } from '../../src/cli/limit-file.ts';
import { tempFolder } from '../temp-folder.ts';

function fileOf(text: string): string {
  const file = join(tempFolder(), 'x.retry');
  writeFileSync(file, text);
  return file;
}

test('each line is a pattern; empty ones and comments are none', () => {
  const file = fileOf('# head\n\na\r\n  b/host-0  # why\n!c\n');
  assert.equal(withFiles(`@${file}`), 'a,b/host-0,!c');
  assert.equal(withFiles(`x, @${file},y`), 'x,a,b/host-0,!c,y');
  assert.equal(withFiles('a:b,!c'), 'a:b,!c');
});

test('a file that cannot be read, or names nothing, stops', () => {
  const refused = (pattern: string, message: RegExp): void =>
    assert.throws(() => withFiles(pattern), { code: 'E-USAGE', message });
  refused('@gone.retry', /--limit @gone\.retry: the file does not exist/);
  refused(`@${fileOf('# nothing failed\n')}`, /names nothing/);
  refused(`@${tempFolder()}`, /is no regular file/);
  refused('@/dev/zero', /is no regular file/);
});
