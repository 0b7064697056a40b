/** The lab's clock. It can be held, so that somebody who is slower than lab time sees what stands there, or acts on it. */
import { EventEmitter, once } from 'node:events';
import { type Clock, createClock } from '../core/clock.ts';

export interface LabClock extends Clock {
  /** From now on `now` stands still and who waits waits on; what is asked is answered all the same. */
  hold(): void;
  goOn(): void;
}

/** Starts at `start` (milliseconds since the epoch; left out: the real time) and runs `factor` times faster than real time while it is not held. */
export function createLabClock(factor: number, start?: number): LabClock {
  const clock = createClock(factor, start);
  const end = new EventEmitter().setMaxListeners(0);
  let heldAt: number | null = null;
  let held = 0;
  const now = (): number => (heldAt ?? clock.now()) - held;
  const released = async (signal?: AbortSignal): Promise<void> => {
    await once(end, 'end', signal ? { signal } : {}).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  };
  return {
    factor,
    now,
    wall: clock.wall,
    sleep: async (ms, signal) => {
      const until = now() + ms;
      let before: number;
      do {
        before = held;
        await clock.sleep(Math.max(0, until - now()), signal);
        if (heldAt !== null) await released(signal);
      } while (before !== held && now() < until);
    },
    hold: () => void (heldAt ??= clock.now()),
    goOn: () => {
      if (heldAt === null) return;
      held += clock.now() - heldAt;
      heldAt = null;
      end.emit('end');
    },
  };
}
