/** `lab.pid`: one lab for one folder. */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';

/** What this process holds. */
const held = new Set<string>();

/** Takes the folder, from a dead holder too, and gives back what lets it go. SnobootError E-LAB-BUSY when its holder lives. */
export function takeFolder(dir: string): () => void {
  const path = join(dir, 'lab.pid');
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid), { mode: 0o600 });
  try {
    if (!tryLink(own, path)) {
      const holder = Number(readFileSync(path, 'utf8'));
      // In a container the number of a dead holder may be our own.
      if (holder === process.pid ? held.has(path) : isAlive(holder)) throw busy(dir, holder);
      rmSync(path, { force: true });
      if (!tryLink(own, path)) throw busy(dir, Number(readFileSync(path, 'utf8')));
    }
  } finally {
    rmSync(own, { force: true });
  }
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function busy(dir: string, pid: number): SnobootError {
  return new SnobootError(
    'E-LAB-BUSY',
    `a lab runs on ${dir} already: process ${pid}`,
    `let it end, or stop process ${pid}`,
  );
}
