/**
 * Preloaded into snoboot (`node --import`): a disk that has no room (ENOSPC: what is written is cut, then refused) or can only be
 * read (EROFS), for the paths that match. The files of its children, lab and media server, are on another one.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** `BAD_DISK='ENOSPC events.jsonl$ "type":"intent"'`: code, pattern of paths and, if it is good until then, of what is written. */
const [, code = '', paths = '', since] = /^(\w+) (\S+)(?: (.*))?$/s.exec(process.env['BAD_DISK'] ?? '') ?? [];
const SAYS: Record<string, string> = { ENOSPC: 'no space left on device', EROFS: 'read-only file system' };
let isBad = since === undefined;

type Call = (...args: unknown[]) => unknown;
type Calls = Record<string, Call>;

const pathOf = (file: unknown): string =>
  typeof file === 'number' ? fs.readlinkSync(`/proc/self/fd/${file}`) : String(file);

function refuse(file: unknown, syscall: string): void {
  const path = pathOf(file);
  if (!isBad || !new RegExp(paths).test(path)) return;
  throw Object.assign(new Error(`${code}: ${SAYS[code]}, ${syscall} '${path}'`), { code, syscall, path });
}

/** Puts `check` before a call; what it throws is the call's own error. */
function before(calls: object, name: string, check: (file: unknown, data: unknown) => void): void {
  const table = calls as Calls;
  const real = table[name]!;
  table[name] = function (this: unknown, ...args) {
    const [file, data] = this instanceof FileHandle ? [this.fd, ...args] : args;
    const act = (): unknown => {
      check(file, data);
      return real.apply(this, args);
    };
    return calls === fs ? act() : Promise.resolve().then(act);
  };
}

const FileHandle = await fs.promises.open('/dev/null').then(async (handle) => {
  await handle.close();
  return handle.constructor as new () => fs.promises.FileHandle;
});
const writeSync = fs.writeSync as Call;

const opened = (file: unknown, flags: unknown): void => {
  if (code === 'EROFS' && /[wa+]/.test(String(flags))) refuse(file, 'open');
};
const made = (file: unknown): void => {
  if (!fs.existsSync(String(file))) refuse(file, 'mkdir');
};
const changed = (file: unknown): void => {
  if (code === 'EROFS' && fs.existsSync(String(file))) refuse(file, 'unlink');
};
const written = (file: unknown, data: unknown): void => {
  isBad ||= new RegExp(since ?? '').test(String(data));
  try {
    refuse(file, 'write');
  } catch (error) {
    if (typeof file === 'number' && Buffer.isBuffer(data)) writeSync(file, data.subarray(0, data.length / 2));
    throw error;
  }
};

for (const [name, check] of Object.entries({
  open: opened,
  mkdir: made,
  link: changed,
  rename: changed,
  rm: changed,
})) {
  before(fs, `${name}Sync`, check);
  before(fs.promises, name, check);
}
for (const name of ['writeSync', 'writeFileSync']) before(fs, name, written);
before(fs.promises, 'writeFile', written);
before(FileHandle.prototype as object, 'writeFile', written);
syncBuiltinESMExports();
