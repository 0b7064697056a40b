/** The folders of a run beside the inventory: 0700, out of version control. */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import { type Random, token } from '../core/random.ts';
import type { Inventory } from '../inventory/types.ts';
import { makeFolder } from './state-home.ts';

export interface RunFolders {
  /** Name of the run: its wall time and some chance, sorted by age. */
  run: string;
  runDir: string;
  clustersDir: string;
}

/** The folder in which snoboot keeps what belongs to the inventories of `dir`. */
export function stateFolder(dir: string): string {
  return join(dir, '.snoboot');
}

/** By which the runs of an inventory are known: the name of its file, in the folder that holds `.snoboot`. */
export function inventoryName({ file }: Pick<Inventory, 'file'>): string {
  return basename(file);
}

export function foldersOf(dir: string, run: string): RunFolders {
  const root = stateFolder(dir);
  return { run, runDir: join(root, 'runs', run), clustersDir: join(root, 'clusters') };
}

/** Makes `.snoboot/runs/<run>`. Throws E-STATE where that is not possible. */
export function createFolders(dir: string, wallMs: number, random: Random): RunFolders {
  const root = stateFolder(dir);
  const stamp = new Date(wallMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const run = `${stamp}-${token(random, 3).replace(/[-_]/g, 'x').toLowerCase()}`;
  const folders = foldersOf(dir, run);
  try {
    makeFolder(folders.runDir);
    writeFileSync(join(root, '.gitignore'), '*\n', { mode: 0o600 });
  } catch (error) {
    throw new SnobootError(
      'E-STATE',
      `cannot make the run folder: ${(error as Error).message}`,
      'make room or correct the rights of the folder',
      error,
    );
  }
  return folders;
}
