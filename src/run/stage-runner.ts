/** The one runner: look, act, look again, until it is so or the deadline has passed. Stages cannot forget any of it. */
import { asSnobootError, SnobootError } from '../core/errors.ts';
import type { Event, Facts, Subject } from '../core/events.ts';
import { type Clock, deadlineSignal } from '../core/clock.ts';
import type { Group, Look, Stage } from '../stages/stage.ts';
import { createGate, type Gate } from './gate.ts';

interface Runnable {
  run: { clock: Clock; say(subject: Subject, event: Event): void };
  subject: Subject;
  facts: Facts;
}

export type RunStage = <C extends Runnable>(stage: Stage<C>, context: C, signal: AbortSignal) => Promise<Facts>;

/** Effects under way at once over the whole run. */
const LIMITS: Record<Group, number> = { bmc: 40, service: 10, download: 2 };

/** After these nobody knows whether an effect took place: the next looks tell, and it may be tried again. */
const UNKNOWN = ['E-SVC-UNREACH', 'E-BMC-UNREACH'];

export function createStageRunner(): RunStage {
  const underWay = new WeakMap<Runnable, Promise<unknown>>();
  const gates = {
    bmc: createGate(LIMITS.bmc),
    service: createGate(LIMITS.service),
    download: createGate(LIMITS.download),
  };
  return async (stage, context, signal) => {
    const { clock, say } = context.run;
    const began = clock.now();
    const tell = (event: Event): void => say(context.subject, event);
    tell({ type: 'stage.started', stage: stage.name, waitsFor: stage.waitsFor });
    const gate: Gate = (work) => {
      const effect = gates[stage.group](work);
      underWay.set(
        context,
        effect.catch(() => undefined),
      );
      return effect;
    };
    try {
      // An effect of a stage that was left is still on its way: what is looked at before it is over says nothing.
      await underWay.get(context);
      const { facts, changed } = await lookAndAct(stage, context, signal, gate);
      Object.assign(context.facts, facts);
      tell({ type: 'stage.succeeded', stage: stage.name, changed, elapsedMs: clock.now() - began, facts });
      return facts;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error = asSnobootError(thrown);
      tell({ type: 'stage.failed', stage: stage.name, elapsedMs: clock.now() - began, error: error.record() });
      throw error;
    }
  };
}

async function lookAndAct<C extends Runnable>(stage: Stage<C>, context: C, signal: AbortSignal, gate: Gate) {
  const { clock, say } = context.run;
  const end = clock.now() + stage.deadlineMs;
  const tries = new Map<string, { count: number; at: number }>();
  let told = '';
  for (;;) {
    const look = await stage.look(context, signal);
    signal.throwIfAborted();
    if (look.so) return { facts: look.facts ?? {}, changed: tries.size > 0 };
    const now = pictureOf(look);
    if (now !== told) say(context.subject, { type: 'stage.progressed', stage: stage.name, ...seenOf(look) });
    told = now;
    if (clock.now() >= end) throw stage.expired(context, look.seen);
    const due = dueNow(stage, look, tries, clock.now());
    if (due === undefined) {
      await clock.sleep(stage.pollMs, signal);
      continue;
    }
    const count = (tries.get(due)?.count ?? 0) + 1;
    const limit = deadlineSignal(clock, end - clock.now(), () => stage.expired(context, look.seen), signal);
    const failure = await gate(() => attempt(stage, context, due, count, limit.signal)).finally(limit.end);
    signal.throwIfAborted();
    tries.set(due, { count, at: clock.now() });
    if (failure) await settle(stage, context, signal, due, failure, count);
  }
}

/** The effect to try now: one that has tries left and was not tried just before. */
function dueNow<C>(
  stage: Stage<C>,
  look: Extract<Look, { so: false }>,
  tries: Map<string, { count: number; at: number }>,
  now: number,
) {
  if (look.due === undefined || !stage.act) return undefined;
  const before = tries.get(look.due);
  if (!before) return look.due;
  return before.count < stage.tries && now - before.at >= stage.settleMs ? look.due : undefined;
}

/** One effect, its intent on the disk before it and its result after it. */
async function attempt<C extends Runnable>(
  stage: Stage<C>,
  context: C,
  effect: string,
  count: number,
  signal: AbortSignal,
): Promise<SnobootError | undefined> {
  const { say } = context.run;
  const about = { stage: stage.name, effect, try: count };
  signal.throwIfAborted();
  say(context.subject, { type: 'intent', ...about });
  try {
    signal.throwIfAborted();
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
  return reason instanceof SnobootError
    ? reason
    : new SnobootError('E-INTERRUPTED', 'stopped before it was over', 'deploy again');
}

/** A failed effect is believed only when a look still finds it due; an unknown one may be tried again later. */
async function settle<C>(
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

function seenOf({ seen, percent }: Extract<Look, { so: false }>) {
  return percent === undefined ? { seen } : { seen, percent };
}

function pictureOf(look: Extract<Look, { so: false }>): string {
  return `${look.seen} ${look.percent ?? ''}`;
}
