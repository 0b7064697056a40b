/** The folders of a run beside the inventory: 0700, out of version control. */
import { writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
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

/** Where the runs of an inventory file are kept; those of a rehearsal apart, so that they never stand for real machines. */
export function homeOf(file: string, isRehearsal: boolean): string {
  const home = join(dirname(resolve(file)), '.snoboot');
  return isRehearsal ? join(home, 'rehearsal') : home;
}

/** By which the runs of an inventory are known: the name of its file, in the folder where its runs are kept. */
export function inventoryName({ file }: Pick<Inventory, 'file'>): string {
  return basename(file);
}

/** `home` is `Inventory.home`. */
export function foldersOf(home: string, run: string): RunFolders {
  return { run, runDir: join(home, 'runs', run), clustersDir: join(home, 'clusters') };
}

/** Makes `runs/<run>` in `home`. Throws E-STATE where that is not possible. */
export function createFolders(home: string, wallMs: number, random: Random): RunFolders {
  const stamp = new Date(wallMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const run = `${stamp}-${token(random, 3).replace(/[-_]/g, 'x').toLowerCase()}`;
  const folders = foldersOf(home, run);
  try {
    makeFolder(folders.runDir);
    writeFileSync(join(home, '.gitignore'), '*\n', { mode: 0o600 });
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
