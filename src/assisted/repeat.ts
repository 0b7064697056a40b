/** Trying again what may be tried again, for a bounded time: readings that met a busy or lost service, and what it put off. */
import type { Clock } from '../core/clock.ts';
import { HttpError } from '../core/http-error.ts';

/** How long a reading is repeated, on the clock: bursts of 5xx of two minutes are to be lived through (faults.md SV-01). */
export const PATIENCE_MS = 180_000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

export interface Answer {
  status: number;
  headers: Record<string, string>;
}

/**
 * Calls `attempt` until it gives an answer other than 429 or 5xx, or patience ends; then the last answer or error stands.
 * A writing is repeated after a 429 alone: nothing was done then, and nobody knows after anything else.
 * Retry-After is obeyed as far as patience goes. `recovered` hears of it when a later try worked.
 */
export async function repeated<A extends Answer>(
  clock: Clock,
  kind: 'reading' | 'writing',
  attempt: () => Promise<A>,
  recovered: (seconds: number, trouble: string) => void,
  signal?: AbortSignal,
): Promise<A> {
  const started = clock.now();
  let trouble: string | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const outcome = await attempt().then(
      (answer) => ({ answer, end: () => answer, trouble: troubleOf(answer, kind) }),
      (error: unknown) => ({
        answer: undefined,
        end: () => rethrow(error),
        trouble: kind === 'reading' ? lost(error) : undefined,
      }),
    );
    if (outcome.trouble === undefined) {
      if (trouble !== undefined) recovered(Math.round((clock.now() - started) / 1000), trouble);
      return outcome.end();
    }
    trouble = outcome.trouble;
    const wait = Math.max(pause, retryAfterMs(clock, outcome.answer));
    if (clock.now() + wait - started > PATIENCE_MS) return outcome.end();
    await clock.sleep(wait, signal);
  }
}

function rethrow(error: unknown): never {
  throw error;
}

function troubleOf({ status }: Answer, kind: 'reading' | 'writing'): string | undefined {
  return status === 429 || (status >= 500 && kind === 'reading') ? `it answered ${status}` : undefined;
}

/** A certificate does not become right by waiting, nor an answer shorter. */
function lost(error: unknown): string | undefined {
  if (!(error instanceof HttpError)) return undefined;
  return ['tls', 'too-large', 'aborted'].includes(error.failure) ? undefined : `connection: ${error.failure}`;
}

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMs(clock: Clock, answer: Answer | undefined): number {
  const value = answer?.headers['retry-after'] ?? '';
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - clock.wall());
}
