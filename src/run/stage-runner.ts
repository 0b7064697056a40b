/** The one runner: look, act, look again, until it is so or the deadline has passed. Stages cannot forget any of it. */
import { type Clock, deadlineSignal } from '../core/clock.ts';
import { asSnobootError } from '../core/errors.ts';
import type { Event, Facts } from '../core/events.ts';
import type { Deed } from '../stages/deeds.ts';
import { type Group, HOUR, type Look, type Stage } from '../stages/stage.ts';
import { attempt, type Runnable, settle } from './attempt.ts';
import { createGate, type Gate } from './gate.ts';
import { createUnsettled, type Unsettled } from './unsettled.ts';

export type RunStage = <C extends Runnable>(stage: Stage<C>, context: C, signal: AbortSignal) => Promise<Facts>;

/** Effects under way at once over the whole run. */
const LIMITS: Record<Group, number> = { bmc: 40, service: 10, download: 2 };

const MOST_PUT_OFF_MS = 2 * HOUR;

/** The last effect of each context. */
const underWay = new WeakMap<Runnable, Promise<unknown>>();

/** Resolves when nothing is on its way any more for the context: an effect goes on when its stage is left. */
export async function effectOver(context: Runnable): Promise<void> {
  await underWay.get(context);
}

export function createStageRunner(): RunStage {
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
      await effectOver(context);
      const { facts, changed } = await lookAndAct(stage, context, signal, gate);
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
  const { deeds, subject } = context;
  const { clock, say } = context.run;
  const deadline = createDeadline(clock, stage.deadlineMs);
  const tries = deeds.tries(stage.name);
  const unsettled = createUnsettled(tries, {
    onSettled: (effect, happened) => say(subject, { type: 'settled', stage: stage.name, effect, happened }),
    onRecovered: (effect, message) =>
      say(subject, { type: 'recovered', text: `${effect} happened after all: ${message}` }),
  });
  let told = '';
  for (;;) {
    context.mayWrite();
    const look = await stage.look(context, signal);
    signal.throwIfAborted();
    deadline.looked(look);
    unsettled.settleBy(look);
    if (look.so) return { facts: look.facts ?? {}, changed: tries.size > 0 };
    const now = pictureOf(look);
    if (now !== told) say(subject, { type: 'stage.progressed', stage: stage.name, ...seenOf(look) });
    told = now;
    if (deadline.leftMs() <= 0) throw stage.expired(context, look.seen);
    const due = dueNow(stage, look, tries, unsettled, clock.now());
    if (due === undefined) {
      await clock.sleep(stage.pollMs, signal);
      continue;
    }
    const count = (unsettled.settleNot(due) ? 0 : (tries.get(due)?.count ?? 0)) + 1;
    const limit = deadlineSignal(clock, deadline.leftMs(), () => stage.expired(context, look.seen), signal);
    const failure = await gate(() => attempt(stage, context, due, count, limit.signal)).finally(limit.end);
    signal.throwIfAborted();
    if (!failure) continue;
    unsettled.fail(due, failure.message);
    await settle(stage, context, signal, due, failure, count);
  }
}

/** Time in which nothing could be seen is put off, so that a service that is away does not end what goes on without it. */
function createDeadline(clock: Clock, ms: number) {
  let end = clock.now() + ms;
  let putOff = 0;
  let seenAt = clock.now();
  return {
    leftMs: () => end - clock.now(),
    looked: (look: Look) => {
      const blindMs = !look.so && look.blind ? Math.min(clock.now() - seenAt, MOST_PUT_OFF_MS - putOff) : 0;
      end += blindMs;
      putOff += blindMs;
      seenAt = clock.now();
    },
  };
}

/**
 * The effect to try now: one that has tries left and was not tried just before. One of a life that ended is
 * looked at as long as its result could still show, and does not count.
 */
function dueNow<C>(
  stage: Stage<C>,
  look: Extract<Look, { so: false }>,
  tries: ReadonlyMap<string, Deed>,
  unsettled: Unsettled,
  now: number,
) {
  if (look.due === undefined || !stage.act) return undefined;
  const before = tries.get(look.due);
  if (!before) return look.due;
  const mayTry = before.count < stage.tries || unsettled.has(look.due);
  return mayTry && now - before.at >= stage.settleMs ? look.due : undefined;
}

function seenOf({ seen, percent }: Extract<Look, { so: false }>) {
  return percent === undefined ? { seen } : { seen, percent };
}

function pictureOf(look: Extract<Look, { so: false }>): string {
  return `${look.seen} ${look.percent ?? ''}`;
}
