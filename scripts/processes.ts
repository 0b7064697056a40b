/** Processes that work on files below a folder: snoboot's own, its lab, its media servers. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Their command lines. A process that ends meanwhile is none. */
export function processesIn(dir: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => filesOf(pid).some((file) => file.startsWith(dir))).map(commandOf);
}

function filesOf(pid: string): string[] {
  const folder = join('/proc', pid, 'fd');
  return unlessGone(() => readdirSync(folder), []).map((fd) => unlessGone(() => readlinkSync(join(folder, fd)), ''));
}

function commandOf(pid: string): string {
  return unlessGone(() => readFileSync(join('/proc', pid, 'cmdline'), 'utf8'), '')
    .replaceAll('\0', ' ')
    .trim();
}

function unlessGone<T>(read: () => T, gone: T): T {
  try {
    return read();
  } catch {
    return gone;
  }
}
