/** Preloaded into snoboot (`node --import`): SIGKILL right after a record of events.jsonl was written, the header not counted. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** `KILL_AT=12`: after the twelfth record of this process; `KILL_AT=/regex/`: after the first record that matches. */
const wanted = process.env['KILL_AT'] ?? '';
const pattern = /^\/(.*)\/$/s.exec(wanted)?.[1];
type Write = (fd: number, data: unknown, ...rest: unknown[]) => number;
const { writeSync } = fs;
const write: Write = (fd, data, ...rest) => Reflect.apply(writeSync, fs, [fd, data, ...rest]) as number;
let count = 0;

fs.writeSync = (fd: number, data: unknown, ...rest: unknown[]): number => {
  const written = write(fd, data, ...rest);
  const line = Buffer.isBuffer(data) ? data.toString() : String(data);
  if (!line.startsWith('{"seq":') || !fs.readlinkSync(`/proc/self/fd/${fd}`).endsWith('events.jsonl')) return written;
  count += 1;
  if (pattern === undefined ? count === Number(wanted) : new RegExp(pattern).test(line))
    process.kill(process.pid, 'SIGKILL');
  return written;
};
syncBuiltinESMExports();
