/** The disk as a port, as far as the journal needs it: a full one can be rehearsed. */
import { fsyncSync, writeSync } from 'node:fs';

export interface Disk {
  /** Appends the whole text; throws as node:fs does. */
  append(file: number, text: string): void;
  sync(file: number): void;
}

export const realDisk: Disk = {
  append: (file, text) => {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
  },
  sync: (file) => fsyncSync(file),
};
