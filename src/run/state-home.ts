/** The folder that all runs of a user share, whatever their inventory: leases are kept there. Private: 0700. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { SnobootError } from '../core/errors.ts';

const OTHER = 'give another folder with --state-dir';

/** Its absolute path: what `--state-dir` says, else by the XDG rules. Throws E-USAGE or E-STATE. */
export function stateHome(env: Record<string, string | undefined>, flag: string | null): string {
  if (flag === '') throw new SnobootError('E-USAGE', '--state-dir is empty', 'give a folder');
  if (flag !== null) return resolve(flag);
  const { XDG_STATE_HOME: xdg = '', HOME: home = '' } = env;
  if (isAbsolute(xdg)) return join(xdg, 'snoboot');
  if (isAbsolute(home)) return join(home, '.local/state/snoboot');
  throw new SnobootError(
    'E-STATE',
    'HOME is not set: no place for leases',
    'set HOME or give a folder with --state-dir',
  );
}

/** Makes the folder where it is not, and proves that it can be written; returns its path. Throws E-STATE. */
export function openStateHome(path: string): string {
  privateFolder(path);
  // An empty file would fit on a full disk, and what is not synced is only said to be written.
  stored(path, () => {
    const probe = join(path, '.probe');
    try {
      writePrivate(probe, 'x'.repeat(4096), 'w');
    } finally {
      rmSync(probe, { force: true });
    }
  });
  return path;
}

/** Makes the folder with its parents where it is not. Throws E-STATE where others could put files into it. */
export function privateFolder(path: string): void {
  stored(path, () => {
    makeFolder(path);
    const problem = problemOf(lstatSync(path));
    if (problem) throw new SnobootError('E-STATE', `${path} ${problem.what}`, `${problem.todo}, or ${OTHER}`);
  });
}

/** With its parents, 0700, level by level: a recursive mkdir says ENOENT for whatever hinders it. Throws as node:fs does. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, 0o700);
    chmodSync(path, 0o700);
  } catch (error) {
    // Another process was faster, or it is a link to nowhere.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function problemOf(found: Stats): { what: string; todo: string } | null {
  if (found.isSymbolicLink()) return { what: 'is a symbolic link', todo: 'put a folder in its place' };
  if (!found.isDirectory()) return { what: 'is not a folder', todo: 'put a folder in its place' };
  const uid = process.getuid?.() ?? found.uid;
  if (found.uid !== uid) return { what: `belongs to user ${found.uid}, not to ${uid}`, todo: 'run as its owner' };
  if (found.mode & 0o022) return { what: 'can be written by others', todo: 'chmod go-w it if nobody put files there' };
  return null;
}

/** Writes the whole file with mode 0600 and syncs it. Throws as node:fs does. */
export function writePrivate(path: string, text: string, flag: 'w' | 'wx'): void {
  const file = openSync(path, flag, 0o600);
  try {
    fchmodSync(file, 0o600);
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Does `work`; what the disk refuses is E-STATE. */
export function stored<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    const todo = code === 'ENOSPC' || code === 'EDQUOT' ? 'make room' : 'make it writable';
    throw new SnobootError('E-STATE', `cannot keep leases in ${path}: ${message}`, `${todo}, or ${OTHER}`, error);
  }
}
