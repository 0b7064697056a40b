/** events.jsonl of a run: the header, then every event as it is said. What matters is on the disk before the run goes on. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { Event, JournalHeader, Listener, RunEvent, Subject } from '../core/events.ts';
import { redact } from '../core/secret.ts';

export interface Journal {
  /** Writes the event, then hands it to every listener. Never throws: what was begun has to be ended, whatever the disk says. */
  say(subject: Subject, event: Event): void;
  close(): void;
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

/** `onBroken` hears once that nothing can be written any more (E-STATE). Throws E-STATE when not even the header can be. */
export function createJournal(
  dir: string,
  header: JournalHeader,
  clock: Clock,
  listeners: Listener[],
  onBroken: (error: SnobootError) => void,
): Journal {
  const file = storing(() => openSync(join(dir, 'events.jsonl'), 'wx', 0o600));
  const append = (value: unknown, durable: boolean): void =>
    storing(() => {
      writeSync(file, `${redact(JSON.stringify(value))}\n`);
      if (durable) fsyncSync(file);
    });
  append(header, true);
  const audience = new Set(listeners);
  let seq = 0;
  let isOpen = true;
  const keep = (event: RunEvent): void => {
    try {
      if (isOpen) append(event, DURABLE.includes(event.type));
    } catch (error) {
      isOpen = false;
      onBroken(error as SnobootError);
    }
  };
  return {
    say: (subject, event) => {
      seq += 1;
      const full: RunEvent = { seq, at: new Date(clock.now()).toISOString(), subject, ...event };
      keep(full);
      for (const listener of audience) tell(audience, listener, full);
    },
    close: () => {
      isOpen = false;
      closeSync(file);
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
