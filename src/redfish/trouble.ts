/** What can be put right by asking once more, and how long to wait before: redfish.md 1.2.5 and 1.9. */
import { SnobootError } from '../core/errors.ts';
import type { HttpError } from '../core/http-error.ts';
import { complaintsOf, garbled, refused } from './refusal.ts';
import type { Answer } from './wire.ts';

export interface Trouble {
  /** `told`: busy, and the BMC said for how long. `unsent`: nobody took the connection. */
  kind: 'told' | 'busy' | 'unsent' | 'lost' | 'timeout' | 'garbled';
  /** A few words for people. */
  seen: string;
  pauseMs: number;
  /** What it becomes when patience ends. */
  error: SnobootError;
}

/** sushy's default is ten retries, 3 s apart; a time-out costs a minute each, and a page of HTML rarely turns into JSON. */
const TRIES: Record<Trouble['kind'], number> = {
  told: Number.POSITIVE_INFINITY,
  busy: 11,
  unsent: 11,
  lost: 11,
  timeout: 2,
  garbled: 3,
};
const PAUSE_MS = 3_000;
const PATIENCE_MS = 120_000;

/** Milliseconds to wait before the next try after these troubles in a row, or null when it is time to give up. */
export function nextPause(troubles: readonly Trouble[], elapsedMs: number): number | null {
  const last = troubles.at(-1);
  if (!last) return 0;
  const alike = troubles.filter(({ kind }) => kind === last.kind).length;
  return alike >= TRIES[last.kind] || elapsedMs + last.pauseMs > PATIENCE_MS ? null : last.pauseMs;
}

/** The trouble with an answer to a read: 5xx, 429, or a 200 that is no JSON object; undefined when it is sound. */
export function troubleWith(answer: Answer, what: string): Trouble | undefined {
  const { status } = answer;
  if (status >= 500 || status === 429) {
    const told = retryAfter(answer.headers);
    const error =
      complaintsOf(answer.doc).length > 0 ? refused(answer, what) : garbled(`${what}: ${status}`, answer.text);
    return { kind: told === null ? 'busy' : 'told', seen: `busy (${status})`, pauseMs: told ?? PAUSE_MS, error };
  }
  if (status === 200 && answer.doc === null)
    return { kind: 'garbled', seen: 'no JSON', pauseMs: PAUSE_MS, error: garbled(`${what}: no JSON`, answer.text) };
  return undefined;
}

/** The trouble of a request that got no answer. */
export function lost(error: HttpError, origin: string): Trouble {
  const { failure } = error;
  const unsent = failure === 'refused' || failure === 'dns';
  return {
    kind: unsent ? 'unsent' : failure === 'timeout' ? 'timeout' : 'lost',
    seen: `no answer (${failure})`,
    pauseMs: PAUSE_MS,
    error: new SnobootError(
      'E-BMC-UNREACH',
      `the BMC at ${origin} does not answer (${failure}): ${error.message}`,
      'check address, cable, network and power of the BMC',
      error,
    ),
  };
}

/** Milliseconds from `Retry-After`, seconds or a date; a date is held against the BMC's own clock. At least a second. */
export function retryAfter(headers: Record<string, string>): number | null {
  const value = headers['retry-after'];
  if (!value) return null;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : secondsUntil(value, headers['date']);
  return seconds === null ? null : Math.max(1, seconds) * 1000;
}

function secondsUntil(date: string, now: string | undefined): number | null {
  const seconds = now === undefined ? Number.NaN : (Date.parse(date) - Date.parse(now)) / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}
