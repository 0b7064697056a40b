/** Roll-outs through the real command line: batches, --limit, failed.retry, --forks, --stop-after-stage, --state-dir. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { createScene, DHCP, type Scene, STATIC } from './scene.ts';
import { endState, installed, LEFT } from './verdict.ts';

type Of<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;
const all = <Type extends RunEvent['type']>(events: RunEvent[], type: Type) =>
  events.filter((event): event is Of<Type> => event.type === type);
const clusterOf = ({ subject }: RunEvent): string => subject.split('/')[0] ?? '';
const ends = (events: RunEvent[]): Record<string, string> =>
  Object.fromEntries(all(events, 'cluster.ended').map(({ subject, outcome }) => [subject, outcome]));
const begun = (events: RunEvent[]): string[] => [...new Set(all(events, 'stage.started').map(clusterOf))].toSorted();
const retryOf = ({ dir }: Scene): string[] | null => {
  const file = join(dir, '.snoboot/failed.retry');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(1) : null;
};

function assertInstalled(scene: Scene, clusters: string[]): void {
  const history = scene.history();
  for (const name of clusters) {
    assert.deepEqual(installed(history, name), { triggers: 1, status: 'installed' }, name);
    assert.ok(LEFT.done(endState(history, `${name}/host-0`)), name);
  }
}

/** Seventeen machines at once on two cores. */
const SLOWER = 100;

test('batch.yaml: a canary, a tenth, the rest; two fail, the rest is installed, and --limit @failed.retry finishes', async () => {
  const scene = createScene();
  const file = join(scene.dir, 'batch.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/timeFactor: \d+/, `timeFactor: ${SLOWER}`));
  const first = await scene.snoboot(['deploy', 'batch.yaml']);
  assert.equal(first.code, 6, first.stderr);
  const events = scene.journal();
  const batches = all(events, 'batch.started');
  assert.deepEqual(
    batches.map(({ batch, of, clusters }) => [batch, of, clusters.length]),
    [
      [1, 3, 1],
      [2, 3, 2],
      [3, 3, 17],
    ],
  );
  for (const { clusters, seq } of batches) {
    const early = events.filter((event) => event.seq < seq && clusters.includes(clusterOf(event)));
    assert.deepEqual(early, [], 'nothing is asked of a cluster before its batch');
    const before = batches.filter((other) => other.seq < seq).flatMap((other) => other.clusters);
    const open = before.filter(
      (name) => !events.some((e) => e.type === 'cluster.ended' && e.subject === name && e.seq < seq),
    );
    assert.deepEqual(open, [], 'the batch before has ended');
  }
  const outcomes = Object.values(ends(events));
  assert.deepEqual([outcomes.length, outcomes.filter((one) => one === 'installed').length], [20, 18]);
  const retried = ['edge-07', 'edge-15'];
  assert.deepEqual(retryOf(scene), retried);
  const names = batches.flatMap(({ clusters }) => clusters);
  assertInstalled(
    scene,
    names.filter((name) => !retried.includes(name)),
  );
  assert.match(first.stdout, /\n20 clusters: 18 installed, 2 failed, changed=\d+\n$/);
  const retry = /^retry: snoboot (deploy batch\.yaml --limit @\.snoboot\/failed\.retry)$/m.exec(first.stdout)?.[1];
  assert.ok(retry, first.stdout);

  const second = await scene.snoboot([...retry.split(' '), '--set', 'lab.faults=[]']);
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(ends(scene.journal()), { 'edge-07': 'installed', 'edge-15': 'installed' });
  assert.equal(retryOf(scene), null);
  assertInstalled(scene, retried);
});

describe('roll-outs', { concurrency: 2 }, () => {
  test('a canary that fails holds the rest, of which nothing is even asked', async () => {
    const scene = createScene({ faults: [`bmc-401@${STATIC}`] });
    const { code, stdout } = await scene.snoboot(['deploy', 'lab.yaml', '--set', 'serial=[1]']);
    assert.equal(code, 4);
    assert.deepEqual(ends(scene.journal()), { 'sno-ai-test': 'failed', 'sno-dhcp': 'skipped' });
    assert.deepEqual(begun(scene.journal()), ['sno-ai-test']);
    assert.match(stdout, /E-MAX-FAIL: .*not begun: 1 of 1 hosts of batch 1 of 2 failed/);
    assert.deepEqual(retryOf(scene), ['sno-ai-test', 'sno-dhcp']);
  });

  test('an interrupt in the first batch ends the second one unbegun, and both are to be tried again', async () => {
    const scene = createScene();
    const args = ['deploy', 'lab.yaml', '--set', 'serial=[1]'];
    const { code, stderr } = await scene.snoboot(args, async (running) => {
      await running.event((event) => event.type === 'intent' && event.stage === 'insert-media');
      running.kill('SIGINT');
    });
    assert.equal(code, 130, stderr);
    assert.deepEqual(ends(scene.journal()), { 'sno-ai-test': 'interrupted', 'sno-dhcp': 'interrupted' });
    assert.deepEqual(begun(scene.journal()), ['sno-ai-test']);
    assert.deepEqual(retryOf(scene), ['sno-ai-test', 'sno-dhcp']);
  });

  test('--limit and --stop-after-stage: one machine as far as it can be tried without wiping, clean again; --forks 1: one after the other', async () => {
    const scene = createScene();
    const trial = await scene.snoboot(['deploy', 'lab.yaml', '--limit', 'sno-d*', '--stop-after-stage', 'await-agent']);
    assert.equal(trial.code, 0, trial.stderr);
    assert.deepEqual(ends(scene.journal()), { 'sno-dhcp': 'stopped' });
    assert.deepEqual(begun(scene.journal()), ['sno-dhcp']);
    assert.equal(all(scene.journal(), 'run.started')[0]?.stopAfter, 'await-agent');
    assert.match(trial.stdout, /sno-dhcp: stopped as asked.*\n(.*\n)* {2}its machines are left clean/);
    assert.equal(installed(scene.history(), 'sno-dhcp').triggers, 0);
    assert.ok(LEFT.safelyOff(endState(scene.history(), DHCP)), JSON.stringify(endState(scene.history(), DHCP)));
    assert.equal(retryOf(scene), null);

    const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml', '--forks', '1']);
    assert.equal(code, 0, stderr);
    const events = scene.journal();
    const second = events.findIndex((event) => clusterOf(event) === 'sno-dhcp');
    const firstEnd = events.findIndex((event) => event.type === 'cluster.ended' && event.subject === 'sno-ai-test');
    assert.ok(firstEnd >= 0 && firstEnd < second, `${firstEnd} ${second}`);
    for (const name of ['sno-ai-test', 'sno-dhcp'])
      assert.deepEqual(installed(scene.history(), name), { triggers: 1, status: 'installed' });
  });

  test('--stop-after-stage stands in what is to be typed after a run that did not get there', async () => {
    const scene = createScene({ faults: ['bmc-401@sno-dhcp/host-0'] });
    const args = ['--limit', 'sno-dhcp', '--stop-after-stage', 'await-agent'];
    const { code, stdout } = await scene.snoboot(['deploy', 'lab.yaml', ...args]);
    assert.notEqual(code, 0);
    const [next, retry] = [/^ {2}next: (.*)$/m, /^retry: (.*)$/m].map((line) => line.exec(stdout)?.[1]);
    assert.equal(next, `snoboot deploy lab.yaml ${args.join(' ')}`);
    assert.match(retry ?? '', /^snoboot deploy lab.yaml --limit @\S+ --stop-after-stage await-agent$/);
    assert.match((await scene.snoboot(['status', 'lab.yaml'])).stdout, new RegExp(`next: ${next}\\n`));
    assert.match(
      (await scene.snoboot(['why', 'lab.yaml'])).stdout,
      /next {5}snoboot deploy .* --stop-after-stage await-agent/,
    );
  });

  for (const verb of ['deploy', 'destroy', 'cleanup'])
    test(`${verb} keeps its leases where --state-dir says`, async () => {
      const scene = createScene();
      const args = [verb, 'lab.yaml', '--limit', 'sno-dhcp', '--state-dir', 'elsewhere'];
      await scene.snoboot(args, async (running) => {
        await running.event(({ type }) => type === 'stage.started');
        assert.ok(readdirSync(join(scene.dir, 'elsewhere'), { recursive: true }).length > 0);
        running.kill('SIGINT');
      });
      assert.equal(existsSync(join(scene.dir, 'state')), false);
    });
});

describe('what cannot be meant is refused before anything is contacted', { concurrency: 2 }, () => {
  const scene = createScene();
  for (const verb of ['deploy', 'destroy', 'cleanup', 'validate', 'plan', 'probe'])
    test(`${verb} --limit with a typo`, async () => {
      const { code, stderr } = await scene.snoboot([verb, 'lab.yaml', '--limit', 'sno-dhpc']);
      assert.equal(code, 2);
      assert.match(stderr, /E-USAGE: --limit "sno-dhpc" is no cluster, host or group .*, did you mean "sno-dhcp"\?/);
      assert.deepEqual(scene.history(), []);
    });
  for (const [args, message] of [
    [['--limit', '@gone'], /E-USAGE: --limit @gone: the file does not exist/],
    [['--forks', '0'], /E-USAGE: --forks "0" is no whole number from 1 on/],
    [['--forks', 'many'], /E-USAGE: --forks "many"/],
    [['--stop-after-stage', 'boot'], /E-USAGE: --stop-after-stage "boot" is no stage .*\n.*one of: .*boot-once/],
  ] as const)
    test(`deploy ${args.join(' ')}`, async () => {
      const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.deepEqual(scene.history(), []);
    });

  test('validate --limit counts what is left', async () => {
    const { code, stdout } = await scene.snoboot(['validate', 'batch.yaml', '--limit', 'rack-a,!edge-0[1-3]']);
    assert.deepEqual([code, /7 clusters, 7 hosts/.test(stdout)], [0, true], stdout);
  });
});
