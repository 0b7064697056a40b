/** A folder for a test, gone with its process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'snoboot-test-'));
  folders.push(folder);
  return folder;
}
