/** The planning runner in place of the one that acts: every look, no act. The machines go the way that a deploy would go. */
import { asSnobootError, type SnobootError } from '../core/errors.ts';
import type { Event, Facts } from '../core/events.ts';
import type { ClusterContext, HostContext } from '../stages/context.ts';
import type { Stage } from '../stages/stage.ts';
import type { Step } from '../view/plan.ts';
import type { Runnable } from './attempt.ts';
import type { RunStage } from './stage-runner.ts';

export interface Planner {
  runStage: RunStage;
  steps: Step[];
  /** The first thing in the way. */
  problem(): SnobootError | null;
}

/** Read-only looks of their own for stages whose own look does more. */
export type OwnLooks = Partial<Record<string, (context: HostContext) => Promise<Facts>>>;

/** They wait for something that only ever goes wrong. */
const ENDLESS = ['keep-media'];
/** Ways back, on which something is done only if it turns out to be needed. */
const WAYS_BACK = ['cleanup'];

/**
 * Until something of the cluster would change, stages look; from then on looks tell nothing, and whatever a stage may bring
 * about counts. After a problem nothing more is planned.
 */
export function createPlanner(cluster: ClusterContext, looks: OwnLooks): Planner {
  const steps: Step[] = [];
  let changes = false;
  let problem: SnobootError | null = null;
  const foresee = <C extends Runnable>(stage: Stage<C>, context: C): Facts => {
    steps.push(...stepsOf(stage, context.subject));
    changes = true;
    return {};
  };
  const look = async <C extends Runnable>(stage: Stage<C>, context: C, signal: AbortSignal): Promise<Facts> => {
    const own = looks[stage.name];
    if (own) return own(context as unknown as HostContext);
    if (problem) return {};
    if (changes) return foresee(stage, context);
    const seen = await stage.look(context, signal).catch(unlessUnknown);
    return seen?.so ? (seen.facts ?? {}) : foresee(stage, context);
  };
  return {
    steps,
    problem: () => problem,
    runStage: async (stage, context, signal) => {
      if (ENDLESS.includes(stage.name)) return endless(signal);
      try {
        const facts = await look(stage, context, signal);
        const over: Event = { type: 'stage.succeeded', stage: stage.name, changed: false, elapsedMs: 0, facts };
        cluster.run.say(context.subject, over);
        return facts;
      } catch (error) {
        if (!signal.aborted) problem ??= asSnobootError(error);
        throw error;
      }
    },
  };
}

/** A fact that only an act would bring: the stage cannot look yet. */
function unlessUnknown(error: unknown): null {
  if (error instanceof TypeError && / no fact /.test(error.message)) return null;
  throw error;
}

function stepsOf<C>({ name, effects, waitsFor, act }: Stage<C>, subject: string): Step[] {
  const about = { subject, stage: name };
  if (!act) return [{ ...about, effect: null, says: `wait for ${waitsFor}`, when: 'will' }];
  const when = WAYS_BACK.includes(name) ? 'may' : 'will';
  return Object.entries(effects ?? {}).map(([effect, says]) => ({ ...about, effect, says, when }));
}

function endless(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
