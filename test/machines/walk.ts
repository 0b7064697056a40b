/** Walks a machine along generated paths, its stages settled on command, and remembers which transitions were taken. */
import { setImmediate } from 'node:timers/promises';
import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  fromPromise,
  type InspectionEvent,
} from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import type { ErrorRecord } from '../../src/core/errors.ts';
import type { Facts } from '../../src/core/events.ts';

export interface Settle {
  output?: Facts;
  error?: ErrorRecord;
}

export interface Step {
  type: string;
  [field: string]: unknown;
}

/** A stage that ends when the test says so; the latest one that began is the one that is settled. */
export function stageOnCommand() {
  const pending: { resolve(facts: Facts): void; reject(error: unknown): void; signal: AbortSignal }[] = [];
  const begun: string[] = [];
  const actor = fromPromise<Facts, { stage: string }>(
    ({ input, signal }) =>
      new Promise((resolve, reject) => {
        begun.push(input.stage);
        pending.push({ resolve, reject, signal });
      }),
  );
  const settle = ({ output, error }: Settle): void => {
    const stage = pending.filter(({ signal }) => !signal.aborted).pop();
    if (!stage) throw new Error('nothing to settle');
    if (error) stage.reject(error);
    else stage.resolve(output ?? {});
  };
  return { actor, begun, settle };
}

export const failure: ErrorRecord = { code: 'E-INSTALL', message: 'it failed', todo: 'look' };

interface Transition {
  source: AnyStateNode;
  eventType: string;
  target?: readonly AnyStateNode[] | undefined;
}

function nameOf({ source, eventType, target }: Transition): string {
  return `${source.id} --${eventType || 'always'}--> ${(target ?? []).map(({ id }) => id).join(',') || 'itself'}`;
}

/** Every transition that the machine defines, by name. */
export function transitionsOf(machine: AnyStateMachine): string[] {
  const all: string[] = [];
  const visit = (node: AnyStateNode): void => {
    for (const transition of [...[...node.transitions.values()].flat(), ...(node.always ?? [])])
      all.push(nameOf(transition));
    for (const child of Object.values(node.states)) visit(child as AnyStateNode);
  };
  visit(machine.root);
  return [...new Set(all)];
}

/** The steps of a shortest path to every state that can be reached, and one more step of every kind from each of them. */
export function pathsOf(machine: AnyStateMachine, input: unknown, events: (snapshot: AnyMachineSnapshot) => Step[]) {
  const steps = (snapshot: AnyMachineSnapshot): Step[] => (snapshot.status === 'active' ? events(snapshot) : []);
  const options = {
    input,
    events: steps,
    serializeState: (snapshot: AnyMachineSnapshot) =>
      JSON.stringify([snapshot.value, snapshot.context, snapshot.status]),
    limit: 20_000,
  };
  const paths = getShortestPaths(machine, options as never).map((path) => ({
    steps: path.steps.map(({ event }) => event as Step).filter(({ type }) => type !== 'xstate.init'),
    end: path.state as AnyMachineSnapshot,
  }));
  const further = paths.flatMap((path) => steps(path.end).map((step) => [...path.steps, step]));
  return { reached: paths.map(({ end }) => end), walks: [...paths.map((path) => path.steps), ...further] };
}

/** The ends that the stage running in this state can come to. */
export function stageEnds(snapshot: AnyMachineSnapshot, facts: Facts[], error: ErrorRecord = failure): Step[] {
  const ids = [...new Set(snapshot._nodes.flatMap((node: AnyStateNode) => node.invoke.map(({ id }) => id)))];
  return ids.flatMap((id) => [
    ...facts.map((output) => ({ type: `xstate.done.actor.${id}`, output, actorId: id })),
    { type: `xstate.error.actor.${id}`, error, actorId: id },
  ]);
}

/** Plays one path on a live actor; `taken` gathers the names of the transitions on the way. `send` reaches the machine. */
export async function play(
  actor: AnyActorRef,
  steps: Step[],
  settle: (step: Settle) => void,
  send: (step: Step) => void,
) {
  actor.start();
  for (const step of steps) {
    await setImmediate();
    if (step.type.startsWith('xstate.')) settle(step as unknown as Settle);
    else send(step);
  }
  await setImmediate();
  actor.stop();
}

export function watchTransitions(taken: Set<string>) {
  return (event: InspectionEvent): void => {
    if (event.type !== '@xstate.microstep') return;
    for (const transition of (event as unknown as { _transitions: Transition[] })._transitions)
      taken.add(nameOf(transition));
  };
}
