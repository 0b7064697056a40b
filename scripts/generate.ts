/** `npm run generate`: writes what is made from the code: the inventory's schema, docs/events.md, docs/errors/. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedFiles, strayFiles } from './generated/all.ts';

for (const [path, text] of Object.entries(generatedFiles())) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
for (const path of strayFiles('.')) rmSync(path);
