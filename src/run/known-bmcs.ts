/**
 * What BMCs showed when they were first met, a small file for each: one that is removed is met anew. Who writes one holds
 * the lease of that BMC, and a file is whole from its first moment, so runs side by side do not meet in them.
 */
import { closeSync, constants, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { Subject } from '../core/events.ts';
import type { HostPin } from '../stages/context.ts';
import type { Pin } from '../stages/identity.ts';
import { addressOf } from './lease-file.ts';
import { privateFolder, stored, writePrivate } from './state-home.ts';

/** Where pins are kept, and under which names. */
export interface PinFolder {
  folder: string;
  nameOf(subject: Subject, origin: string): string;
}

/** By address, so that inventories that name one BMC share what is known of it. */
export function pinsByAddress(stateDir: string): PinFolder {
  return {
    folder: join(stateDir, 'known-bmcs'),
    nameOf: (_subject, origin) => addressOf(origin).replace(/^\w+:\/\//, ''),
  };
}

/** By `cluster/host`, where addresses change from start to start. */
export function pinsByHost(folder: string): PinFolder {
  return { folder, nameOf: (subject) => subject.replaceAll('/', '~') };
}

export function hostPin({ folder, nameOf }: PinFolder, subject: Subject, origin: string, clock: Clock): HostPin {
  const name = nameOf(subject, origin);
  const place = join(folder, name);
  return {
    place,
    recall: () => {
      const text = stored(folder, () => textOf(place));
      return text === null ? null : readPin(text, place);
    },
    keep: (pin, how) => {
      privateFolder(folder);
      const draft = join(folder, `.${name}`);
      stored(folder, () => {
        rmSync(draft, { force: true });
        writePrivate(draft, pinText(pin, `${subject}, ${how}, ${new Date(clock.wall()).toISOString()}`), 'wx');
        renameSync(draft, place);
      });
    },
  };
}

const HEADER = '# A BMC that snoboot has met. Remove this file to have it met anew.';
const FIELDS = { certificate: 'fingerprint', serial: 'serial', uuid: 'uuid' } as const;

function pinText(pin: Pin, met: string): string {
  const fields = Object.entries(FIELDS).flatMap(([key, field]) =>
    pin[field] === null ? [] : [`${key}: ${pin[field]}`],
  );
  return [HEADER, `# ${met}`, ...fields, 'end', ''].join('\n');
}

/** A file that is not whole could hide a contradiction, so it is an error. */
function readPin(text: string, place: string): Pin {
  const pin: Pin = { fingerprint: null, serial: null, uuid: null };
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.pop() !== 'end') throw unreadable(place, 'it has no end');
  for (const line of lines) {
    const [, key = '', value = ''] = /^(\w+): (.+)$/.exec(line) ?? [];
    const field = key in FIELDS ? FIELDS[key as keyof typeof FIELDS] : undefined;
    if (!field || value === '') throw unreadable(place, `what is "${line.slice(0, 80)}"?`);
    pin[field] = value;
  }
  return pin;
}

function textOf(path: string): string | null {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw code === 'ELOOP' ? unreadable(path, 'it is a symbolic link') : error;
  }
}

function unreadable(place: string, why: string): SnobootError {
  return new SnobootError(
    'E-STATE',
    `${place} does not say which BMC is known: ${why}`,
    'remove it: the BMC is then met anew, as for the first time',
  );
}
