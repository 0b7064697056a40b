/**
 * What a run says while it goes: the lines of `events.jsonl` after its header, and all that the views see. Names and
 * fields, which stand in event-table.ts, are the contract (they are only added to); texts are not.
 */
import type { Valued } from './event-kinds.ts';
import type { JournalSource } from './event-shapes.ts';
import type { EVENTS, OUTCOMES, VERBS } from './event-table.ts';

export type { DiskRecord, Facts, HeardLine } from './event-shapes.ts';

/** `run`, a cluster's name, or `cluster/host`. */
export type Subject = string;

type Table = typeof EVENTS;

export type Event = { [Type in keyof Table]: { type: Type } & Valued<Table[Type]['fields']> }[keyof Table];

export type Verb = NonNullable<(typeof VERBS)['type']>;

/**
 * `unchanged`: was installed already. `left-installing`: interrupted after the trigger; the service goes on. `stopped`: at
 * --stop-after-stage, left clean. `skipped`: not begun, because too many of an earlier batch failed.
 */
export type Outcome = NonNullable<(typeof OUTCOMES)['type']>;

/** An event as it is kept and shown: numbered, stamped with the run's clock (ISO), and saying whom it is about. */
export type RunEvent = { seq: number; at: string; subject: Subject } & Event;

/** First line of events.jsonl. Secrets are references in it, as in the inventory. */
export interface JournalHeader {
  format: 2;
  run: string;
  version: string;
  verb: Verb;
  /** Whether clusters that are there are deleted first. */
  replace: boolean;
  /** Name of the inventory's file, in the folder that holds `.snoboot`. */
  inventory: string;
  source: JournalSource;
}

export type Listener = (event: RunEvent) => void;
