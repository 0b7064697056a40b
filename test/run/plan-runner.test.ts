/** The planning runner: what it takes from looks, what it foresees without them, and that it never acts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SnobootError } from '../../src/core/errors.ts';
import type { Event, Subject } from '../../src/core/events.ts';
import { createPlanner } from '../../src/run/plan-runner.ts';
import type { ClusterContext } from '../../src/stages/context.ts';
import type { Look, Stage } from '../../src/stages/stage.ts';

const HOST = 'c/h';
const never = new AbortController().signal;

function scene() {
  const said: { subject: Subject; event: Event }[] = [];
  const run = { say: (subject: Subject, event: Event) => void said.push({ subject, event }) };
  const cluster = { subject: 'c', run, hosts: [{ subject: HOST, facts: {} }] } as unknown as ClusterContext;
  const planner = createPlanner(cluster, {});
  /** Runs a stage of that name: `sees` is its look's answer, or what it throws; without one it must not look. */
  const pass = (name: string, subject: string, parts: Partial<Stage<never>>, sees?: Look | Error) => {
    const stage = {
      name,
      waitsFor: `${name} to be over`,
      look: () => {
        assert.ok(sees, `${name} was looked at`);
        return sees instanceof Error ? Promise.reject(sees) : Promise.resolve(sees);
      },
      ...(parts.effects ? { act: () => assert.fail(`${name} acted`) } : {}),
      ...parts,
    } as unknown as Stage<ClusterContext>;
    return planner.runStage(stage, { subject, run } as unknown as ClusterContext, never);
  };
  const told = (): string[] =>
    planner.steps.map(({ subject, stage, effect, says, when, onlyIf }) =>
      [when, subject, stage, effect ?? '-', says, ...(onlyIf === null ? [] : [`if ${onlyIf}`])].join(' | '),
    );
  return { planner, said, pass, told };
}

const acts = { effects: { make: 'make it' }, ifNeeded: { mend: 'mend it' }, isSo: 'it is made' };
const waits = {};
const due: Look = { so: false, seen: 'not yet', due: 'make' };

test('what a look finds done is told as already so, with its facts; the first that is not is the last that is looked at', async () => {
  const { pass, told } = scene();
  assert.deepEqual(await pass('create-cluster', 'c', acts, { so: true, facts: { clusterId: 'id' } }), {
    clusterId: 'id',
  });
  assert.deepEqual(await pass('create-infra-env', 'c', acts, due), {});
  assert.deepEqual(await pass('insert-media', HOST, acts), {});
  assert.deepEqual(told(), [
    'so | c | create-cluster | - | it is made',
    'will | c | create-infra-env | make | make it',
    'may | c | create-infra-env | mend | mend it',
    'will | c/h | insert-media | make | make it',
    'may | c/h | insert-media | mend | mend it',
  ]);
});

test('a look that lacks what only an act would have brought is as one that found nothing', async () => {
  const { pass, told } = scene();
  await pass('upload-manifests', 'c', acts, new TypeError('c: no fact clusterId'));
  assert.equal(told()[0], 'will | c | upload-manifests | make | make it');
});

test('a defect in a look is no plan', async () => {
  const { pass } = scene();
  await assert.rejects(pass('upload-manifests', 'c', acts, new TypeError('undefined is no function')), /no function/);
});

test('what stands in the way ends the planning: nothing after it is looked at or foreseen', async () => {
  const { planner, pass } = scene();
  const refused = new SnobootError('E-BMC-AUTH', 'refused', 'do');
  await assert.rejects(pass('create-cluster', 'c', acts, refused));
  assert.deepEqual(await pass('cleanup', HOST, acts), {});
  assert.deepEqual([planner.problem(), planner.steps], [refused, []]);
});

test('a machine is sent back once from where its BMC may lose the ISO, and what is done again is told apart', async () => {
  const { pass, told } = scene();
  await pass('insert-media', HOST, acts, due);
  assert.deepEqual(await pass('await-agent', HOST, waits), { mediaLost: true });
  await pass('insert-media', HOST, acts);
  assert.deepEqual(await pass('await-agent', HOST, waits), {});
  await pass('eject-media', HOST, acts);
  assert.deepEqual(told().slice(2), [
    'will | c/h | await-agent | - | wait for await-agent to be over',
    'may | c/h | insert-media | make | make it | if the BMC loses the ISO',
    'may | c/h | insert-media | mend | mend it | if the BMC loses the ISO',
    'will | c/h | eject-media | make | make it',
    'may | c/h | eject-media | mend | mend it',
  ]);
});

test('a machine that was found to have lost its ISO is not foreseen to lose it again, which would be once too often', async () => {
  const { pass, told } = scene();
  assert.deepEqual(await pass('await-agent', HOST, waits, { so: true, facts: { mediaLost: true } }), {
    mediaLost: true,
  });
  await pass('insert-media', HOST, acts, due);
  assert.deepEqual(await pass('await-agent', HOST, waits), {});
  assert.deepEqual(told(), [
    'will | c/h | insert-media | make | make it',
    'may | c/h | insert-media | mend | mend it',
    'will | c/h | await-agent | - | wait for await-agent to be over',
  ]);
});

test('the cluster is not over before its machine has come to its disk, by way of the restart that may be needed', async () => {
  const { pass, told } = scene();
  await pass('install', 'c', acts, due);
  let isOver = false;
  const over = pass('await-installed', 'c', waits).then(() => (isOver = true));
  assert.deepEqual(await pass('await-disk-boot', HOST, waits), { bootedIso: true });
  await pass('boot-disk', HOST, acts);
  assert.equal(isOver, false);
  await pass('await-disk-boot', HOST, waits);
  await over;
  assert.ok(told().includes('may | c/h | boot-disk | make | make it | if it boots the ISO again'));
});

test('each stage that was passed is said, so that later looks know its facts', async () => {
  const { pass, said } = scene();
  await pass('create-cluster', 'c', acts, { so: true, facts: { clusterId: 'id' } });
  const [{ subject, event }] = said as [(typeof said)[0]];
  assert.deepEqual(
    [subject, event.type, 'facts' in event && event.facts],
    ['c', 'stage.succeeded', { clusterId: 'id' }],
  );
});
