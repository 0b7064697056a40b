/** media.json of a run: what is published, and how its media server is reached, for the run's next life. 0600. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Keys, Place } from './messages.ts';
import type { ServedFile } from './reply.ts';

/** Whoever knows the URL of a medium gets the pull secret in it. */
export interface Medium extends Place {
  /** For whom it is: one medium of each label is published at a time. */
  label: string;
  file: ServedFile;
  /** Bytes that went out, in all lives of the run. */
  read: number;
  isWithdrawn: boolean;
}

/** How a media server is spoken to. */
export type Address = Keys & { port: number; pid: number };

const FORMAT = 1;

export interface MediaRecord {
  format: typeof FORMAT;
  /** Null where none was started, or it was told to end. */
  server: Address | null;
  media: Medium[];
}

/** What a former life left; an empty record where there is none. Tokens become known secrets. Throws E-STATE. */
export function loadRecord(dir: string): MediaRecord {
  const path = join(dir, 'media.json');
  try {
    const { format, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as Omit<MediaRecord, 'format'> & {
      format: unknown;
    };
    if (format !== FORMAT) throw new Error(`its format is ${String(format)}, not ${FORMAT}`);
    const { server, media } = rest;
    for (const { file } of media) new Secret(file.token.replace(/\/.*/, ''));
    for (const key of server ? [server.token, server.proof] : []) new Secret(key);
    return { format, ...rest };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { format: FORMAT, server: null, media: [] };
    throw new SnobootError(
      'E-STATE',
      `cannot read ${path}: ${(error as Error).message}`,
      'use the version of snoboot that wrote it, or delete it: hosts that read their ISO then lose it',
    );
  }
}

/** On the disk when it returns. Throws E-STATE. */
export function saveRecord(dir: string, record: MediaRecord): void {
  const path = join(dir, 'media.json');
  try {
    const file = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeSync(file, JSON.stringify(record));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new SnobootError(
      'E-STATE',
      `cannot write ${path}: ${(error as Error).message}`,
      'make room or correct the rights of the folder, then deploy again',
      error,
    );
  }
}
