/** One effect of a stage: its intent and its result in the journal, and what a failure means. */
import { asSnobootError, SnobootError } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';
import type { Event, Subject } from '../core/events.ts';
import type { Deeds } from '../stages/deeds.ts';
import type { Stage } from '../stages/stage.ts';

/** What the runner needs of a context. */
export interface Runnable {
  run: { clock: Clock; say(subject: Subject, event: Event): void };
  subject: Subject;
  deeds: Deeds;
  /** Throws where another process has taken the machine (E-LEASE-LOST). */
  mayWrite(): void;
}

/** After these nobody knows whether an effect took place: the next looks tell, and it may be tried again. */
const UNKNOWN = ['E-SVC-UNREACH', 'E-BMC-UNREACH'];

/** One effect, its intent on the disk before it and its result after it. */
export async function attempt<C extends Runnable>(
  stage: Stage<C>,
  context: C,
  effect: string,
  count: number,
  signal: AbortSignal,
): Promise<SnobootError | undefined> {
  const { say } = context.run;
  const about = { stage: stage.name, effect, try: count };
  signal.throwIfAborted();
  context.mayWrite();
  say(context.subject, { type: 'intent', ...about });
  try {
    signal.throwIfAborted();
    // The intent may have been long on its way to the disk.
    context.mayWrite();
    await stage.act?.(context, effect, signal);
    say(context.subject, { type: 'result', ...about });
    return undefined;
  } catch (thrown) {
    const error = thrown === signal.reason ? stopped(thrown) : asSnobootError(thrown);
    say(context.subject, { type: 'result', ...about, error: error.record() });
    return error;
  }
}

/** By the deadline, whose error stands; else because the stage was left. */
function stopped(reason: unknown): SnobootError {
  return reason instanceof SnobootError ? reason : new SnobootError('E-INTERRUPTED', 'stopped before it was over');
}

/** A failed effect is believed only when a look still finds it due; an unknown one may be tried again later. */
export async function settle<C>(
  stage: Stage<C>,
  context: C,
  signal: AbortSignal,
  due: string,
  failure: SnobootError,
  count: number,
): Promise<void> {
  if (UNKNOWN.includes(failure.code) && count < stage.tries) return;
  const look = await stage.look(context, signal);
  if (!look.so && look.due === due) throw failure;
}
