/** Effects of which nobody knows whether they happened: without a result in an earlier life, or failed in this one. Looks settle them. */
import type { Deed } from '../stages/deeds.ts';
import type { Look } from '../stages/stage.ts';

export interface Unsettled {
  /** The effect failed, which does not say that it did not happen. */
  fail(effect: string, message: string): void;
  /** Tells of every effect that the look shows to have happened: its aim is reached, or another effect is due by now. */
  settleBy(look: Look): void;
  /** The effect is about to be tried, so it has not happened; whether an earlier life had tried it. */
  settleNot(effect: string): boolean;
  /** Whether an earlier life tried it, and this one not yet. */
  has(effect: string): boolean;
}

export interface UnsettledListener {
  /** Of an effect without a result, once. */
  onSettled(effect: string, happened: boolean): void;
  /** A failed one happened after all. */
  onRecovered(effect: string, message: string): void;
}

export function createUnsettled(
  tries: ReadonlyMap<string, Deed>,
  { onSettled, onRecovered }: UnsettledListener,
): Unsettled {
  const failed = new Map<string, string>();
  const former = new Set(tries.keys());
  const unknown = new Set([...former].filter((effect) => tries.get(effect)?.outcome === 'unknown'));
  return {
    fail: (effect, message) => void failed.set(effect, message),
    settleBy: (look) => {
      const hasHappened = (effect: string): boolean => look.so || (look.due !== undefined && look.due !== effect);
      for (const effect of [...unknown].filter(hasHappened)) {
        unknown.delete(effect);
        onSettled(effect, true);
      }
      for (const [effect, message] of [...failed].filter(([one]) => hasHappened(one))) {
        failed.delete(effect);
        onRecovered(effect, message);
      }
    },
    settleNot: (effect) => {
      failed.delete(effect);
      if (unknown.delete(effect)) onSettled(effect, false);
      return former.delete(effect);
    },
    has: (effect) => former.has(effect),
  };
}
