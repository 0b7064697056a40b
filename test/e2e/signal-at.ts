/** Preloaded into snoboot (`node --import`): it gets a signal right after a record of events.jsonl was written. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** `SIGNAL_AT='SIGTERM "type":"intent"'`: at the first record of this process that matches the pattern. */
const [, signal = '', pattern = ''] = /^(\w+) (.*)$/s.exec(process.env['SIGNAL_AT'] ?? '') ?? [];
const write = fs.writeSync as (fd: number, data: unknown, ...rest: unknown[]) => number;
let isSent = false;

fs.writeSync = (fd: number, data: unknown, ...rest: unknown[]): number => {
  const written = write(fd, data, ...rest);
  const line = Buffer.isBuffer(data) ? data.toString() : String(data);
  if (isSent || !line.startsWith('{"seq":') || !new RegExp(pattern).test(line)) return written;
  isSent = true;
  process.kill(process.pid, signal);
  return written;
};
syncBuiltinESMExports();
