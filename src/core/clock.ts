/** Time as a port: nothing outside this file reads the clock of the machine or starts a timer of its own. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  /** How many times faster than real time `now` and `sleep` run; 1 but for the lab. */
  readonly factor: number;
  /** Milliseconds since the epoch on this clock: what time-outs, polls and time stamps are counted on. */
  now(): number;
  /** Milliseconds since the epoch in the real world, whatever the factor. */
  wall(): number;
  /** Resolves after `ms` of this clock; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that starts at `start` (default: the real time) and runs `factor` times faster than real time. */
export function createClock(factor = 1, start = Date.now()): Clock {
  const origin = performance.now();
  return {
    factor,
    now: () => Math.round(start + (performance.now() - origin) * factor),
    wall: () => Date.now(),
    sleep: (ms, signal) => sleepFor(ms / factor, signal),
  };
}

async function sleepFor(realMs: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await delay(realMs, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

export interface VirtualClock extends Clock {
  /** Moves the time on, waking each sleeper at its own instant and letting it run before the next one wakes. */
  advance(ms: number): Promise<void>;
}

/** A clock for tests: it moves only when told to. */
export function createVirtualClock(start = 0): VirtualClock {
  let time = start;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    factor: 1,
    now: () => time,
    wall: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const abort = (): void => (sleepers.delete(sleeper), reject(signal?.reason as Error));
        const wake = (): void => (signal?.removeEventListener('abort', abort), resolve());
        const sleeper = { at: time + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', abort, { once: true });
      }),
    async advance(ms) {
      const end = time + ms;
      for (await settle(); ; await settle()) {
        const next = [...sleepers].filter((s) => s.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        time = Math.max(time, next.at);
        sleepers.delete(next);
        next.wake();
      }
      time = end;
    },
  };
}

/** A signal that fires after `ms` of this clock, or with `outer`; call `end` as soon as the work is over. */
export function deadlineSignal(clock: Clock, ms: number, reason: () => Error, outer?: AbortSignal) {
  const own = new AbortController();
  const over = new AbortController();
  clock.sleep(ms, over.signal).then(
    () => own.abort(reason()),
    () => undefined,
  );
  const signal = outer ? AbortSignal.any([own.signal, outer]) : own.signal;
  return { signal, end: () => over.abort(new Error('over')) };
}
