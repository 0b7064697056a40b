/** The two machines, every transition of them, by generated paths. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnyActorRef, type AnyMachineSnapshot, type AnyStateMachine, createActor, setup } from 'xstate';
import { clusterMachine } from '../../pipelines/cluster.ts';
import { hostMachine } from '../../pipelines/host.ts';
import {
  failure,
  pathsOf,
  play,
  stageEnds,
  stageOnCommand,
  type Step,
  transitionsOf,
  watchTransitions,
} from './walk.ts';

const HOST = { subject: 'c/h' };
const CLUSTER = { name: 'c', hosts: ['c/h'] };

const INTERRUPTED = { ...failure, code: 'E-INTERRUPTED' as const };

function hostEvents(snapshot: AnyMachineSnapshot): Step[] {
  const ends = snapshot.matches({ working: 'awaitingDisk' }) ? [{ bootedIso: true }, { bootedIso: false }] : [{}];
  const releases = ['off', 'as-is', 'untouched'].map((release) => ({ type: 'RELEASE', release }));
  return [{ type: 'START' }, { type: 'ATTACH' }, { type: 'INSTALLING' }, ...releases, ...stageEnds(snapshot, ends)];
}

function clusterEvents(snapshot: AnyMachineSnapshot): Step[] {
  const { checked, discovered, ejected, released } = snapshot.context as Record<string, number>;
  const facts = snapshot.matches('checking')
    ? ['absent', 'installing', 'installed'].map((existing) => ({ existing }))
    : [{}];
  return [
    { type: 'CANCEL' },
    { type: 'host.failed', error: failure },
    ...(checked === 0 ? [{ type: 'host.checked' }] : []),
    ...(discovered === 0 ? [{ type: 'host.discovered' }] : []),
    ...(ejected === 0 ? [{ type: 'host.ejected' }] : []),
    ...(released === 0 && snapshot.matches('releasing') ? [{ type: 'host.released', leftovers: [] }] : []),
    ...stageEnds(snapshot, facts),
    ...(snapshot.matches('triggering') ? stageEnds(snapshot, [], INTERRUPTED) : []),
  ];
}

/** `sendParent` needs a parent. */
function underParent(machine: AnyStateMachine): AnyStateMachine {
  return setup({ actors: { host: machine } }).createMachine({
    id: 'parent',
    invoke: { id: 'host', src: 'host', input: HOST },
  });
}

/** Paths are generated without a parent, so nothing is told to it. */
const SILENT = Object.fromEntries(
  ['Checked', 'Discovered', 'Ejected', 'Failed', 'Loop', 'Released'].map((what) => [`tell${what}`, () => undefined]),
);

/** In the place of the hosts: what they report is sent by the test. */
const deaf = setup({}).createMachine({});

/** Walks everything that can be generated and returns the transitions that were never taken. */
async function missedBy(
  machine: AnyStateMachine,
  input: unknown,
  events: typeof hostEvents,
  wrap = (live: AnyStateMachine) => live,
) {
  const taken = new Set<string>();
  const { walks } = pathsOf(machine.provide({ actions: SILENT } as never), input, events);
  for (const steps of walks) {
    const stage = stageOnCommand();
    const live = wrap(machine.provide({ actors: { stage: stage.actor, host: deaf } } as never));
    const actor = createActor(live, { input, inspect: watchTransitions(taken) });
    const send = (step: Step): void => {
      const { children } = actor.getSnapshot() as { children: Record<string, AnyActorRef | undefined> };
      if (live.id === 'parent') children['host']?.send(step);
      else actor.send(step);
    };
    await play(actor, steps, stage.settle, send);
  }
  return { missed: transitionsOf(machine).filter((name) => !taken.has(name)), walks: walks.length };
}

test('generated paths walk every transition of the cluster machine', async () => {
  const { missed, walks } = await missedBy(clusterMachine, CLUSTER, clusterEvents);
  assert.deepEqual(missed, []);
  assert.ok(walks > 100, `only ${walks} walks`);
});

test('generated paths walk every transition of the host machine', async () => {
  const { missed, walks } = await missedBy(hostMachine, HOST, hostEvents, underParent);
  assert.deepEqual(missed, []);
  assert.ok(walks > 50, `only ${walks} walks`);
});

test('a transition that no path takes would be missed', async () => {
  const { missed } = await missedBy(clusterMachine, CLUSTER, (snapshot) =>
    clusterEvents(snapshot).filter(({ type }) => type !== 'CANCEL'),
  );
  assert.ok(missed.includes('cluster --CANCEL--> cluster.releasing'));
});

test('every way through the cluster machine lets its hosts go and ends with an outcome', () => {
  const ends = pathsOf(clusterMachine, CLUSTER, clusterEvents).reached.filter(({ status }) => status === 'done');
  const outcomes = new Set(ends.map(({ output }) => (output as { outcome: string }).outcome));
  assert.deepEqual([...outcomes].sort(), ['failed', 'installed', 'interrupted', 'left-installing', 'unchanged']);
  assert.ok(ends.every(({ context }) => (context as { released: number }).released === 1));
});

const TO_TRIGGER = ['checking', 'creating', 'uploading', 'describing', 'downloading'];

/** Plays the cluster machine as far as `state`, then `last`, and says how its hosts are let go. */
async function releaseAfter(state: string, last: Step[]): Promise<unknown> {
  const { reached, walks } = pathsOf(clusterMachine, CLUSTER, clusterEvents);
  const isThere = (snapshot: AnyMachineSnapshot): boolean => {
    const { error, cancelled } = snapshot.context as { error: unknown; cancelled: boolean };
    return snapshot.matches(state) && error === null && !cancelled;
  };
  const steps = walks[reached.findIndex(isThere)];
  const stage = stageOnCommand();
  const releases: unknown[] = [];
  const host = setup({}).createMachine({
    on: { RELEASE: { actions: ({ event }) => void releases.push((event as { release?: unknown }).release) } },
  });
  const actor = createActor(clusterMachine.provide({ actors: { stage: stage.actor, host } } as never), {
    input: CLUSTER,
  });
  await play(actor, [...(steps ?? []), ...last], stage.settle, (step) => actor.send(step as never));
  return releases[0];
}

const FAILED = (code: string): Step => ({ type: 'xstate.error', error: { ...failure, code } });

test('before the trigger a failure or a cancel switches the hosts off', async () => {
  for (const state of TO_TRIGGER) {
    assert.equal(await releaseAfter(state, [{ type: 'CANCEL' }]), 'off', state);
    assert.equal(await releaseAfter(state, [FAILED('E-SVC-REFUSED')]), 'off', state);
  }
});

test('after the trigger a host that may be writing its disk is left untouched', async () => {
  const logs = { type: 'xstate.done', output: {} };
  assert.equal(await releaseAfter('watching', [FAILED('E-SVC-UNREACH'), logs]), 'untouched');
  assert.equal(await releaseAfter('watching', [FAILED('E-INSTALL'), logs]), 'off');
});

test('an interrupt that comes before the trigger was pulled switches the hosts off', async () => {
  assert.equal(await releaseAfter('triggering', [FAILED('E-INTERRUPTED')]), 'off');
});

/** What a host says that it left behind, let go untouched in the state that matches. */
function leftoversOf(state: string): unknown[] {
  const { reached } = pathsOf(hostMachine.provide({ actions: SILENT }), HOST, hostEvents);
  const untouched = reached.filter(
    ({ status, context }) => status === 'done' && (context as { release: string }).release === 'untouched',
  );
  return untouched
    .filter(({ context }) => (context as { ejected: boolean }).ejected === (state === 'ejected'))
    .map(({ context }) => (context as { leftovers: string[] }).leftovers.length);
}

test('a host that is let go untouched says that its ISO is still in, unless it was ejected', () => {
  assert.deepEqual(new Set(leftoversOf('inserted')), new Set([1]));
  assert.deepEqual(new Set(leftoversOf('ejected')), new Set([0]));
});

test('a cancel after the trigger waits until every medium is out, and cancels nothing', async () => {
  assert.equal(await releaseAfter('watching', [{ type: 'CANCEL' }]), undefined);
  assert.equal(await releaseAfter('watching', [{ type: 'CANCEL' }, { type: 'host.ejected' }]), 'as-is');
});
