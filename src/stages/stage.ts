/** What a stage is: a plain object that looks at the world and, where it can, moves it by one small step. */
import type { Facts } from '../core/events.ts';
import type { SnobootError } from '../core/errors.ts';

/**
 * What a look found. `so: true`: the stage's aim is reached. `so: false`: not yet; `due` names the effect that would
 * bring it nearer, and is left out where only waiting helps. `blind`: nothing could be seen, so the time does not count
 * for the deadline, up to two hours.
 */
export type Look =
  { so: true; facts?: Facts } | { so: false; seen: string; percent?: number; due?: string; blind?: true };

/** Effects of one group share a limit over the whole run; the limits stand in run/stage-runner.ts. */
export type Group = 'bmc' | 'service' | 'download';

/** What is brought about, in words for people, by the first word of a look's `due`. */
export type Effects = Readonly<Record<string, string>>;

export interface Stage<Context> {
  name: string;
  /** What people read while nothing better is known; completes "waiting for …". */
  waitsFor: string;
  /** Milliseconds of the run's clock from the first look to the last. */
  deadlineMs: number;
  /** Milliseconds between two looks. */
  pollMs: number;
  /** How often one and the same effect is tried, and after how many milliseconds without success again. */
  tries: number;
  settleMs: number;
  group: Group;
  /** Reads the world. Throws a SnobootError where waiting is of no use. */
  look(context: Context, signal: AbortSignal): Promise<Look>;
  /**
   * Brings about the effect that the last look called due. A stage without it only waits. `signal` fires at the deadline
   * and when the stage is left: for what may be broken off anywhere, such as a download; the next stage waits for the rest.
   */
  act?(context: Context, due: string, signal: AbortSignal): Promise<void>;
  /** What `act` brings about on the way to the aim. */
  effects?: Effects | ((context: Context) => Effects);
  /** What it brings about only where the look finds a need for it. In either of the two stands all that `act` does. */
  ifNeeded?: Effects;
  /** What is so once the aim is reached, for a stage whose aim may be reached before it begins. */
  isSo?: string;
  /** The error when the deadline passes; `seen` is what the last look said. */
  expired(context: Context, seen: string): SnobootError;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
