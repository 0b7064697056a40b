/** The planning runner in place of the one that acts: every look, no act. The machines go the way that a deploy would go. */
import { asSnobootError, type SnobootError } from '../core/errors.ts';
import type { Event, Facts } from '../core/events.ts';
import type { ClusterContext, HostContext } from '../stages/context.ts';
import type { Effects, Stage } from '../stages/stage.ts';
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
/** The service is not done before its machines are. */
const LAST_OF_CLUSTER = 'await-installed';
const LAST_OF_HOST = 'await-disk-boot';
/** What sends a machine back. Each is foreseen once: what is done until the machine comes to that stage again is done only then. */
const SETBACKS: Partial<Record<string, { onlyIf: string; facts: Facts }>> = {
  'await-agent': { onlyIf: 'the BMC loses the ISO', facts: { mediaLost: true } },
  [LAST_OF_HOST]: { onlyIf: 'it boots the ISO again', facts: { bootedIso: true } },
};

/**
 * Until something of the cluster would change, stages look; from then on looks tell nothing, and whatever a stage may bring
 * about counts. After a problem nothing more is planned.
 */
export function createPlanner(cluster: ClusterContext, looks: OwnLooks): Planner {
  const steps: Step[] = [];
  /** By machine, the stage that it was sent back from. */
  const setBackFrom = new Map<string, string>();
  /** Machines that were sent back, or are found to be: they are not foreseen to be so again, which may be once too often. */
  const wereSetBack = new Set(cluster.hosts.filter(({ facts }) => 'restarts' in facts).map(({ subject }) => subject));
  const machines = countdown(cluster.hosts.length);
  let changes = false;
  let problem: SnobootError | null = null;
  const foresee = <C extends Runnable>(stage: Stage<C>, context: C): Facts => {
    changes = true;
    const { subject } = context;
    const from = setBackFrom.get(subject);
    if (from === stage.name) {
      setBackFrom.delete(subject);
      return {};
    }
    steps.push(...stepsOf(stage, context, SETBACKS[from ?? '']?.onlyIf ?? null));
    const setback = SETBACKS[stage.name];
    if (!setback || from !== undefined || wereSetBack.has(subject)) return {};
    setBackFrom.set(subject, stage.name);
    return setback.facts;
  };
  const look = async <C extends Runnable>(stage: Stage<C>, context: C, signal: AbortSignal): Promise<Facts> => {
    const own = looks[stage.name];
    if (own) return own(context as unknown as HostContext);
    if (problem) return {};
    if (changes) return foresee(stage, context);
    const seen = await stage.look(context, signal).catch(unlessUnknown);
    if (!seen?.so) return foresee(stage, context);
    const { facts = {} } = seen;
    const isBack = Object.keys(SETBACKS[stage.name]?.facts ?? {}).some((fact) => facts[fact] === true);
    if (isBack) wereSetBack.add(context.subject);
    else steps.push(...alreadySo(stage, context));
    return facts;
  };
  return {
    steps,
    problem: () => problem,
    runStage: async (stage, context, signal) => {
      if (ENDLESS.includes(stage.name)) return endless(signal);
      try {
        const facts = await look(stage, context, signal);
        if (stage.name === LAST_OF_HOST && facts['bootedIso'] !== true) machines.pass();
        if (stage.name === LAST_OF_CLUSTER) await Promise.race([machines.over, endless(signal)]);
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

function stepsOf<C extends Runnable>(stage: Stage<C>, context: C, onlyIf: string | null): Step[] {
  const { name, effects = {}, ifNeeded = {}, waitsFor, act } = stage;
  const about = { subject: context.subject, stage: name, onlyIf };
  if (!act) return onlyIf === null ? [{ ...about, effect: null, says: `wait for ${waitsFor}`, when: 'will' }] : [];
  const stepsIn = (those: Effects, when: Step['when']): Step[] =>
    Object.entries(those).map(([effect, says]) => ({ ...about, effect, says, when }));
  const certain = typeof effects === 'function' ? effects(context) : effects;
  return [...stepsIn(certain, onlyIf === null ? 'will' : 'may'), ...stepsIn(ifNeeded, 'may')];
}

function alreadySo<C extends Runnable>({ name, isSo }: Stage<C>, { subject }: C): Step[] {
  return isSo === undefined ? [] : [{ subject, stage: name, effect: null, says: isSo, when: 'so', onlyIf: null }];
}

function countdown(count: number): { pass(): void; over: Promise<void> } {
  let left = count;
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  return {
    over,
    pass: () => {
      left -= 1;
      if (left === 0) end();
    },
  };
}

function endless(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
