/**
 * What a run says while it goes: the lines of `events.jsonl` after its header, and all that the views see.
 * Names and fields are the contract (they are only added to); texts are not.
 */
import type { ErrorRecord } from './errors.ts';

/** `run`, a cluster's name, or `cluster/host`. */
export type Subject = string;

export type Event =
  /** Begins a life of the run: the first one, or one that goes on after the process was killed (`life` counts from 1; `source` where the inventory changed). */
  | {
      type: 'run.started';
      verb: Verb;
      clusters: { name: string; hosts: string[] }[];
      target: string;
      life: number;
      pid: number;
      source?: JournalHeader['source'];
    }
  /** What a life that goes on found: one line about the run, a cluster or a host. */
  | { type: 'found'; text: string }
  /** An intent without a result, settled by looking. */
  | { type: 'settled'; stage: string; effect: string; happened: boolean }
  /** The stage begins to look. `waitsFor` is the sentence that a view shows until something better is known. */
  | { type: 'stage.started'; stage: string; waitsFor: string }
  /** Something moved while the stage waits: what was seen, and a percentage where there is one. */
  | { type: 'stage.progressed'; stage: string; seen: string; percent?: number }
  /** An outside effect is about to be tried; on the disk before it is. */
  | { type: 'intent'; stage: string; effect: string; try: number }
  | { type: 'result'; stage: string; effect: string; try: number; error?: ErrorRecord }
  /** The stage is over: what it was about is so. `changed` says whether anything had to be done. */
  | { type: 'stage.succeeded'; stage: string; changed: boolean; elapsedMs: number; facts: Facts }
  | { type: 'stage.failed'; stage: string; elapsedMs: number; error: ErrorRecord }
  /** The BMC or host read `bytes` more of its medium; `total` of `size` so far. At most one in five seconds of the run's clock. */
  | { type: 'media.read'; total: number; size: number }
  /** Validations that fail or are pending, in plain words; an empty list when all pass. */
  | { type: 'validations'; failing: string[]; pending: string[] }
  | { type: 'warning'; text: string }
  /** Something was put right without a person, e.g. a BMC that was busy. */
  | { type: 'recovered'; text: string }
  | { type: 'interrupted'; signal: string; text: string }
  | {
      type: 'cluster.ended';
      outcome: Outcome;
      exitCode: number;
      error?: ErrorRecord;
      leftovers: string[];
      changed: number;
      /** OpenShift as the inventory asks for it, and as it was installed. */
      version: { asked: string; installed: string | null };
    }
  | { type: 'run.ended'; exitCode: number };

export type Verb = 'deploy' | 'destroy' | 'cleanup';

/** `unchanged`: was installed already. `left-installing`: interrupted after the trigger; the service goes on. */
export type Outcome = 'installed' | 'unchanged' | 'failed' | 'interrupted' | 'left-installing' | 'destroyed' | 'clean';

/** Results of stages that later stages need: JSON values by name, never a secret. */
export type Facts = Record<string, string | number | boolean | string[] | null>;

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
  /** What the run is about, value by value: it goes on only over the same. `shared` concerns every cluster. */
  source: { shared: unknown; clusters: Record<string, unknown> };
}

export type Listener = (event: RunEvent) => void;
