/** Every file that is made from the code, by its path from the project's folder. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as errors from './errors.ts';
import * as events from './events.ts';
import * as schema from './schema.ts';

/** Folders in which nothing else may lie. */
const FOLDERS = ['docs/errors'];

export function generatedFiles(): Record<string, string> {
  return { ...schema.files(), ...events.files(), ...errors.files() };
}

/** Files in those folders below `root` that nothing makes any more. */
export function strayFiles(root: string): string[] {
  const made = generatedFiles();
  const there = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  return there.filter((path) => !(path in made));
}
