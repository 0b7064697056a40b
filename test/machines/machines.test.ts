/** The two machines, every transition of them, by generated paths. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  fromPromise,
  setup,
} from 'xstate';
import { clusterMachine } from '../../pipelines/cluster.ts';
import type { ClusterInput } from '../../pipelines/cluster-setup.ts';
import { hostMachine } from '../../pipelines/host.ts';
import type { HostEvent, HostInput, HostStageInput, Release } from '../../pipelines/host-setup.ts';
import type { Facts } from '../../src/core/events.ts';
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

const HOST: HostInput = { subject: 'c/h', restarts: 0, ejected: false };
const CLUSTER: ClusterInput = {
  name: 'c',
  hosts: [HOST],
  goal: 'deploy',
  removes: false,
  verifies: true,
  triggered: false,
};
const REPLACE: ClusterInput = { ...CLUSTER, removes: true };
const DESTROY: ClusterInput = { ...REPLACE, goal: 'destroy' };

const INTERRUPTED = { ...failure, code: 'E-INTERRUPTED' as const };
const TOO_LATE = { ...failure, code: 'E-DEADLINE' as const };

/** What a stage of this state may have found; [{}] where nothing depends on it. */
function factsOf(snapshot: AnyMachineSnapshot): Facts[] {
  if (snapshot.matches('checking'))
    return ['absent', 'installing', 'installed', 'forgotten'].map((existing) => ({ existing }));
  if (snapshot.matches({ working: 'awaitingDisk' })) return [{ bootedIso: true }, { bootedIso: false }];
  return snapshot.matches({ working: 'discovering' }) ? [{}, { mediaLost: true }] : [{}];
}

function hostEvents(snapshot: AnyMachineSnapshot): Step[] {
  const orders = ['START', 'ATTACH', 'HOLD', 'INSTALLING', 'TAKE_DOWN'].map((type) => ({ type }));
  const releases = ['off', 'as-is', 'untouched'].map((release) => ({ type: 'RELEASE', release }));
  return [...orders, ...releases, ...stageEnds(snapshot, factsOf(snapshot))];
}

function clusterEvents(snapshot: AnyMachineSnapshot): Step[] {
  const { checked, down, discovered, ejected, released } = snapshot.context as Record<string, number>;
  return [
    { type: 'CANCEL' },
    { type: 'host.failed', error: failure },
    ...(checked === 0 ? [{ type: 'host.checked' }] : []),
    ...(down === 0 && !snapshot.matches('checking') ? [{ type: 'host.down' }] : []),
    ...(discovered === 0 ? [{ type: 'host.discovered' }] : [{ type: 'host.lost' }]),
    ...(ejected === 0 ? [{ type: 'host.ejected' }] : []),
    ...(released === 0 && snapshot.matches('releasing') ? [{ type: 'host.released', leftovers: [] }] : []),
    ...stageEnds(snapshot, factsOf(snapshot)),
    ...(snapshot.matches('triggering') ? [INTERRUPTED, TOO_LATE].flatMap((why) => stageEnds(snapshot, [], why)) : []),
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
  Object.keys(hostMachine.implementations.actions).map((name) => [name, () => undefined]),
);

/** In the place of the hosts: what they report is sent by the test. */
const deaf = setup({}).createMachine({});

/** Walks everything that can be generated from each of the inputs and returns the transitions that were never taken. */
async function missedBy(
  machine: AnyStateMachine,
  inputs: unknown[],
  events: typeof hostEvents,
  wrap = (live: AnyStateMachine) => live,
) {
  const taken = new Set<string>();
  let count = 0;
  for (const input of inputs) {
    const { walks } = pathsOf(machine.provide({ actions: SILENT } as never), input, events);
    count += walks.length;
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
  }
  return { missed: transitionsOf(machine).filter((name) => !taken.has(name)), walks: count };
}

test('generated paths walk every transition of the cluster machine', async () => {
  const { missed, walks } = await missedBy(clusterMachine, [CLUSTER, REPLACE, DESTROY], clusterEvents);
  assert.deepEqual(missed, []);
  assert.ok(walks > 100, `only ${walks} walks`);
});

test('generated paths walk every transition of the host machine', async () => {
  const { missed, walks } = await missedBy(hostMachine, [HOST], hostEvents, underParent);
  assert.deepEqual(missed, []);
  assert.ok(walks > 50, `only ${walks} walks`);
});

test('a transition that no path takes would be missed', async () => {
  const { missed } = await missedBy(clusterMachine, [DESTROY], (snapshot) =>
    clusterEvents(snapshot).filter(({ type }) => type !== 'CANCEL'),
  );
  assert.ok(missed.includes('cluster --CANCEL--> cluster.releasing'));
});

/** The ends that the cluster machine can come to from this input. */
const endsOf = (input: ClusterInput): AnyMachineSnapshot[] =>
  pathsOf(clusterMachine, input, clusterEvents).reached.filter(({ status }) => status === 'done');
const outcomesOf = (input: ClusterInput): string[] =>
  [...new Set(endsOf(input).map(({ output }) => (output as { outcome: string }).outcome))].sort();

test('every way through the cluster machine lets its hosts go and ends with an outcome', () => {
  const outcomes = ['failed', 'installed', 'interrupted', 'left-installing'];
  assert.deepEqual(outcomesOf(CLUSTER), [...outcomes, 'unchanged']);
  assert.deepEqual(outcomesOf(REPLACE), outcomes);
  const destroyed = outcomesOf(DESTROY);
  assert.ok(destroyed.includes('destroyed') && !destroyed.some((one) => ['installed', 'unchanged'].includes(one)));
  for (const input of [CLUSTER, REPLACE, DESTROY])
    assert.ok(endsOf(input).every(({ context }) => (context as { released: number }).released === 1));
});

const TO_TRIGGER = ['checking', 'gathering', 'creating', 'uploading', 'describing', 'downloading', 'proving'];
const TO_REMOVE = ['cancelling', 'takingDown', 'deleting'];

/** Plays the cluster machine as far as `state`, then `last`; says what its hosts were told, and which stages began. */
async function playedTo(state: string, last: Step[], input = CLUSTER) {
  const { reached, walks } = pathsOf(clusterMachine, input, clusterEvents);
  const isThere = (snapshot: AnyMachineSnapshot): boolean => {
    const { error, cancelled } = snapshot.context as { error: unknown; cancelled: boolean };
    return snapshot.matches(state) && error === null && !cancelled;
  };
  const steps = walks[reached.findIndex(isThere)];
  assert.ok(steps, `no way to ${state}`);
  const stage = stageOnCommand();
  const told: HostEvent[] = [];
  const host = setup({}).createMachine({ on: { '*': { actions: ({ event }) => void told.push(event as HostEvent) } } });
  const actor = createActor(clusterMachine.provide({ actors: { stage: stage.actor, host } } as never), { input });
  await play(actor, [...steps, ...last], stage.settle, (step) => actor.send(step as never));
  return { told, begun: stage.begun };
}

/** How the hosts are let go after `last` in this state; undefined where they are not. */
async function releaseAfter(state: string, last: Step[], input = CLUSTER): Promise<Release | undefined> {
  const { told } = await playedTo(state, last, input);
  return told.find((event) => event.type === 'RELEASE')?.release;
}

const FAILED = (code: string): Step => ({ type: 'xstate.error', error: { ...failure, code } });

test('before the trigger a failure or a cancel switches the hosts off', async () => {
  for (const state of TO_TRIGGER) {
    assert.equal(await releaseAfter(state, [{ type: 'CANCEL' }]), 'off', state);
    if (state !== 'gathering') assert.equal(await releaseAfter(state, [FAILED('E-SVC-REFUSED')]), 'off', state);
  }
});

test('no host is told to begin before its ISO is proven, and none whose ISO is not', async () => {
  const types = async (state: string, last: Step[] = []): Promise<string[]> =>
    (await playedTo(state, last)).told.map(({ type }) => type);
  for (const state of TO_TRIGGER) assert.deepEqual(await types(state), [], state);
  assert.deepEqual(await types('proving', [FAILED('E-ISO-PROOF')]), ['RELEASE']);
  assert.deepEqual(await types('proving', [{ type: 'xstate.done', output: {} }]), ['START']);
  assert.equal((await playedTo('discovering', [])).begun.at(-1), 'prove-iso');
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

const DONE: Step = { type: 'xstate.done', output: {} };
const isTold = (told: HostEvent[], type: HostEvent['type']): boolean => told.some((event) => event.type === type);

test('what is replaced or destroyed is cancelled, then taken down, then deleted, and only a deploy goes on', async () => {
  const removal = ['check-service', 'cancel-install', 'delete-cluster'];
  const replaced = await playedTo('deleting', [DONE], REPLACE);
  assert.deepEqual(replaced.begun, [...removal, 'create-cluster']);
  const destroyed = await playedTo('deleting', [DONE], DESTROY);
  assert.deepEqual(destroyed.begun, removal);
  for (const { told } of [replaced, destroyed]) assert.equal(told[0]?.type, 'TAKE_DOWN');
});

test('no host is taken down before the installation is cancelled, and nothing deleted before every host is down', async () => {
  assert.equal(isTold((await playedTo('cancelling', [], REPLACE)).told, 'TAKE_DOWN'), false);
  assert.equal((await playedTo('takingDown', [], REPLACE)).begun.includes('delete-cluster'), false);
});

test('a removal that fails or is told to end goes no further', async () => {
  for (const state of TO_REMOVE)
    for (const last of [{ type: 'CANCEL' }, { type: 'host.failed', error: failure }]) {
      const { told, begun } = await playedTo(state, [last], REPLACE);
      assert.equal(isTold(told, 'TAKE_DOWN'), state !== 'cancelling', state);
      assert.equal(begun.includes('delete-cluster'), state === 'deleting', state);
      assert.equal(begun.includes('create-cluster'), false, state);
    }
});

test('what is installed is left alone, though only another witness than the service says so, unless it is to be replaced', async () => {
  for (const existing of ['installed', 'forgotten']) {
    const facts: Step = { type: 'xstate.done', output: { existing } };
    const { told, begun } = await playedTo('checking', [facts, DONE]);
    assert.deepEqual(begun, existing === 'installed' ? ['check-service', 'save-credentials'] : ['check-service']);
    assert.deepEqual(told, [{ type: 'RELEASE', release: 'as-is' }]);
    const { begun: replacing } = await playedTo('checking', [facts, { type: 'host.checked' }], REPLACE);
    assert.deepEqual(replacing, ['check-service', 'cancel-install']);
  }
});

test('an installed cluster that is not well is a failure, but its hosts stay as they are', async () => {
  const { told } = await playedTo('verifying', [FAILED('E-VERIFY')]);
  assert.deepEqual(told.at(-1), { type: 'RELEASE', release: 'as-is' });
  const { begun } = await playedTo('saving', [DONE], { ...CLUSTER, verifies: false });
  assert.equal(begun.includes('verify-cluster'), false);
});

test('the trigger of an earlier life counts until its installation is cancelled', async () => {
  const input = { ...REPLACE, triggered: true };
  const begun: Step[] = [{ type: 'xstate.done', output: { existing: 'installing' } }, { type: 'host.checked' }];
  assert.equal(await releaseAfter('checking', [...begun, { type: 'CANCEL' }], input), 'untouched');
  const removed: Step[] = [...begun, DONE, { type: 'host.down' }, DONE];
  assert.equal(await releaseAfter('checking', [...removed, { type: 'CANCEL' }], input), 'off');
});

test('a deadline that has come before the trigger switches the hosts off, as an interrupt does', async () => {
  assert.equal(await releaseAfter('triggering', [FAILED('E-DEADLINE')]), 'off');
});

test('a host that has lost its medium is waited for again, as long as nothing was triggered', async () => {
  for (const state of ['assigning', 'readying']) {
    const again = [{ type: 'host.lost' }, { type: 'host.discovered' }];
    const { begun } = await playedTo(state, again);
    assert.equal(begun.at(-1), 'assign-hosts', state);
  }
});

/** The stages that a host begins while it is told `steps` and its stages end as they say. */
async function stagesOf(steps: Step[]): Promise<string[]> {
  const stage = stageOnCommand();
  const live = underParent(hostMachine.provide({ actors: { stage: stage.actor } } as never));
  const actor = createActor(live);
  const send = (step: Step): void => {
    const { children } = actor.getSnapshot() as { children: Record<string, AnyActorRef | undefined> };
    children['host']?.send(step);
  };
  await play(actor, steps, stage.settle, send);
  return stage.begun;
}

const LOST: Step = { type: 'xstate.done', output: { mediaLost: true } };
const BOOTED = [DONE, { type: 'START' }, DONE, DONE, DONE];

test('a host whose BMC loses the medium gets it once more, with one more boot, and not a third time', async () => {
  const booted = ['insert-media', 'boot-once', 'await-agent', 'keep-media'];
  const once = await stagesOf([...BOOTED, LOST, DONE, DONE, DONE]);
  assert.deepEqual(once, ['check-bmc', ...booted, ...booted]);
  assert.deepEqual(await stagesOf([...BOOTED, LOST, DONE, DONE, LOST]), [
    'check-bmc',
    ...booted,
    ...booted.slice(0, 3),
  ]);
});

test('from the trigger on no host is booted once more, whatever its BMC loses', async () => {
  const stages: { stage: string; resolve(facts: Facts): void }[] = [];
  const stage = fromPromise<Facts, HostStageInput>(
    ({ input }) => new Promise((resolve) => stages.push({ stage: input.stage, resolve })),
  );
  const host = hostMachine.provide({ actors: { stage } });
  const actor = createActor(clusterMachine.provide({ actors: { stage, host } } as never), { input: CLUSTER });
  actor.start();
  const isAt = (name: string): boolean => stages.some((one) => one.stage === name);
  for (let i = 0; !isAt('install'); i++) {
    await setImmediate();
    if (!['keep-media', 'install'].includes(stages[i]?.stage ?? '')) stages[i]?.resolve({ existing: 'absent' });
  }
  const before = stages.length;
  stages.find((one) => one.stage === 'keep-media')?.resolve({ mediaLost: true });
  await setImmediate();
  actor.stop();
  const begun = stages.slice(before).map((one) => one.stage);
  assert.ok(!begun.includes('insert-media'), begun.join(', '));
});

test('restarts of an earlier life count', async () => {
  const pending = { type: 'xstate.done', output: { bootedIso: true } };
  const { reached } = pathsOf(hostMachine.provide({ actions: SILENT }), { ...HOST, restarts: 2 }, hostEvents);
  assert.ok(!reached.some((snapshot) => snapshot.matches({ working: 'recovering' })));
  assert.equal((await stagesOf([DONE, { type: 'ATTACH' }, DONE, DONE, pending])).at(-1), 'boot-disk');
});
