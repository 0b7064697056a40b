/** `--stop-after-stage`, over both machines with stages that succeed at once. */
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { SnobootError } from '../../src/core/errors.ts';
import type { Facts } from '../../src/core/events.ts';
import { runCluster } from '../../src/run/actors.ts';
import type { RunStage } from '../../src/run/stage-runner.ts';
import { type StageName, stopAfter, stopStage } from '../../src/run/stop-after.ts';
import { clusterSpec, hostSpec, scene } from '../stages/scene.ts';

/** These only end when their machine leaves them. */
const ENDLESS = ['keep-media'];

/** A cluster of two hosts; `existing` is what the service says of it. */
async function run(last: StageName | null, existing: string, slow = '') {
  const { context } = scene({}, { ...clusterSpec, hosts: ['h0', 'h1'].map((name) => ({ ...hostSpec, name })) });
  const done: string[] = [];
  const stages: RunStage = async (stage, { subject }, signal): Promise<Facts> => {
    if (ENDLESS.includes(stage.name)) return new Promise((_, reject) => (signal.onabort = () => reject(new Error())));
    if (stage.name === 'install' && context.interrupted) throw new SnobootError('E-INTERRUPTED', 'told to end', 'wait');
    const turns = stage.name === 'await-installed' ? 20 : subject === slow ? 5 : 1;
    for (let i = 0; i < turns; i += 1) await setImmediate();
    signal.throwIfAborted();
    done.push(`${subject.replace('c/', '')} ${stage.name}`);
    return stage.name === 'check-service' ? { existing } : {};
  };
  const stopping = last === null ? null : stopAfter(last, context, stages, () => cluster.cancel());
  const cluster = runCluster(context, stopping?.runStage ?? stages, true);
  const { outcome, error, leftovers } = await cluster.output;
  assert.deepEqual([error, leftovers], [null, []]);
  const what = done.filter((line) => !line.endsWith(' cleanup'));
  return { outcome, hasStopped: stopping?.hasStopped() ?? false, what, cleaned: done.length - what.length };
}

/** What was done, in its order, up to where the last of `subjects` had done `stage`. */
const upTo = (all: string[], last: string): string[] =>
  all.slice(0, all.findLastIndex((line) => line.endsWith(` ${last}`)) + 1);

describe('a cluster that is stopped after a stage', () => {
  const before = ['check-service', 'check-bmc', 'create-cluster', 'create-infra-env', 'download-iso', 'insert-media'];
  for (const last of [...before, 'boot-once', 'await-agent', 'assign-hosts', 'await-ready'] as StageName[])
    test(`${last} is let go before anything further is looked at, and its machines are cleaned`, async () => {
      const { what: all } = await run(null, 'absent');
      const { outcome, hasStopped, what, cleaned } = await run(last, 'absent');
      assert.deepEqual([outcome, hasStopped, cleaned], ['interrupted', true, 2]);
      const both = ['check-service', 'check-bmc'].includes(last) ? ['check-service', 'check-bmc'] : [last];
      const longest = both.map((name) => upTo(all, name)).reduce((a, b) => (a.length > b.length ? a : b));
      assert.deepEqual(what.toSorted(), longest.toSorted());
    });

  test('and is not let go before it is over for every host', async () => {
    const { what } = await run('boot-once', 'absent', 'c/h1');
    assert.deepEqual(what.filter((line) => line.endsWith('boot-once')).toSorted(), ['h0 boot-once', 'h1 boot-once']);
  });

  for (const last of ['install', 'await-reboot'] as const)
    test(`${last} is left only when its ISO is out: the service goes on by itself`, async () => {
      const { outcome, hasStopped, what } = await run(last, 'absent');
      assert.deepEqual([outcome, hasStopped], ['left-installing', true]);
      assert.ok(what.includes('h0 eject-media') && what.includes('h1 eject-media'), what.join('\n'));
      assert.ok(!what.includes('c save-credentials'));
    });

  test('that it never comes to ends as always', async () => {
    const { outcome, hasStopped, what } = await run('check-service', 'installed');
    assert.deepEqual([outcome, hasStopped], ['unchanged', false]);
    assert.ok(what.includes('c save-credentials'));
    const attached = await run('download-iso', 'installing');
    assert.deepEqual([attached.outcome, attached.hasStopped], ['installed', false]);
  });
});

test('only a stage after which something can be stopped is taken', () => {
  assert.equal(stopStage('download-iso'), 'download-iso');
  const refused = (text: string, message: RegExp, todo = /one of: check-service, .*insert-media/): void =>
    assert.throws(
      () => stopStage(text),
      (error: { code: string; message: string; todo: string }) => {
        assert.equal(error.code, 'E-USAGE');
        assert.match(error.message, message);
        assert.match(error.todo, todo);
        return true;
      },
    );
  refused('insert-medium', /"insert-medium" is no stage .*, did you mean "insert-media"\?/);
  refused('cleanup', /"cleanup" is no stage after which a cluster can be stopped/);
  refused('toString', /"toString" is no stage/);
});
