/** events.jsonl of a run: the header, then every event as it is said. What matters is on the disk before the run goes on. */
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { Event, JournalHeader, Listener, RunEvent, Subject } from '../core/events.ts';
import type { Disk } from './disk.ts';
import { journalText, sealLine } from './journal-file.ts';
import { reserveLastWord, sayLastWord } from './last-word.ts';

export interface Journal {
  /** Writes the event, then hands it to every listener. Never throws: what was begun has to be ended, whatever the disk says. */
  say(subject: Subject, event: Event): void;
  /** From now on this one hears the events too. */
  listen(listener: Listener): void;
  close(): void;
}

/** Where a life of a run begins to write: at the header, or behind what an earlier life wrote. */
export type JournalStart =
  { header: JournalHeader } | { seq: number; sum: string; /** Bytes that are whole lines. */ length: number };

export interface JournalOptions {
  file: string;
  start: JournalStart;
  clock: Clock;
  disk: Disk;
  /** Hears once that nothing can be written any more (E-STATE). */
  onBroken(error: SnobootError): void;
}

/** These are durable before `say` returns; the others only tell how things moved. */
const DURABLE: Event['type'][] = [
  'run.started',
  'intent',
  'result',
  'stage.succeeded',
  'stage.failed',
  'cluster.ended',
  'run.ended',
];

/** Throws E-STATE when not even the header can be written. */
export function openJournal({ file, start, clock, disk, onBroken }: JournalOptions): Journal {
  const isNew = 'header' in start;
  const fd = storing(() => openSync(file, isNew ? 'ax' : 'a', 0o600));
  let sum = isNew ? '' : start.sum;
  let seq = isNew ? 0 : start.seq;
  const append = (value: unknown, durable: boolean): void =>
    storing(() => {
      const sealed = sealLine(sum, journalText(value));
      disk.append(fd, `${sealed.line}\n`);
      sum = sealed.sum;
      if (durable) disk.sync(fd);
    });
  if (isNew) append(start.header, true);
  else storing(() => ftruncateSync(fd, start.length));
  reserveLastWord(file);
  const audience = new Set<Listener>();
  let isOpen = true;
  const keep = (event: RunEvent): void => {
    try {
      if (isOpen) append(event, DURABLE.includes(event.type));
    } catch (error) {
      isOpen = false;
      sayLastWord(file, (error as SnobootError).message);
      onBroken(error as SnobootError);
    }
  };
  return {
    listen: (listener) => void audience.add(listener),
    say: (subject, event) => {
      seq += 1;
      const full: RunEvent = { seq, at: new Date(clock.now()).toISOString(), subject, ...event };
      keep(full);
      for (const listener of audience) tell(audience, listener, full);
    },
    close: () => {
      isOpen = false;
      closeSync(fd);
    },
  };
}

/** A view that breaks is told nothing more; it must not fail a run. */
function tell(audience: Set<Listener>, listener: Listener, event: RunEvent): void {
  try {
    listener(event);
  } catch {
    audience.delete(listener);
  }
}

function storing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new SnobootError(
      'E-STATE',
      `cannot write the run folder: ${(error as Error).message}`,
      'make room or correct the rights, then deploy again',
      error,
    );
  }
}
