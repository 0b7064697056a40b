/** A terminal that need not take what is written: stopped by Ctrl-S, or behind a connection that hangs, it does not stop the run. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { Sink } from './sink.ts';

export interface TtySink extends Sink {
  /** Whether the terminal has not taken yet what was written: it is to be asked before more is written. */
  isBusy(): boolean;
  /** Waits until it has. */
  finish(): void;
}

/** Node's own stream waits for a terminal. So its device is opened once more: not to wait is a property of each opening. */
export function openTtySink(out: NodeJS.WriteStream & { fd?: number }): TtySink {
  let own = out.isTTY && out.fd !== undefined ? reopened(out.fd) : null;
  let rest = Buffer.alloc(0);
  let isOpen = true;
  out.on('error', () => (isOpen = false));
  const flush = (): void => {
    while (isOpen && own !== null && rest.length > 0) {
      const taken = taking(own, rest);
      isOpen = taken !== null;
      if (!taken) return;
      rest = rest.subarray(taken);
    }
  };
  const finish = (): void => {
    flush();
    if (isOpen && rest.length > 0) out.write(rest);
    rest = Buffer.alloc(0);
  };
  return {
    isBusy: () => {
      flush();
      return isOpen && (own === null ? out.writableNeedDrain : rest.length > 0);
    },
    write: (text) => {
      if (!isOpen) return;
      if (own === null) return void out.write(text);
      rest = Buffer.concat([rest, Buffer.from(text)]);
      flush();
    },
    finish,
    close: () => {
      finish();
      isOpen = false;
      if (own !== null) closeSync(own);
      own = null;
    },
  };
}

/** Null where the system has no such name, or nothing behind it: then the stream is written to, and waited for. */
function reopened(fd: number): number | null {
  try {
    return openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
}

/** How many bytes the terminal took, 0 where it takes none at present; null: it is gone. */
function taking(fd: number, bytes: Buffer): number | null {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : null;
  }
}
