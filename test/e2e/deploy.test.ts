/** The main job, a second run of it, interrupts, and what a hurried user gets wrong: through the real command line. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createScene, DHCP, type HistoryLine, STATIC } from './scene.ts';
import { endState, installed, LEFT } from './verdict.ts';

const writesOf = (history: HistoryLine[]): HistoryLine[] =>
  history.filter(
    ({ kind, method, path }) =>
      kind === 'request' &&
      !['GET', 'HEAD'].includes(String(method)) &&
      !/\/(instructions|progress)|\/hosts$/.test(String(path)),
  );

test('deploy takes both clusters of the sample from nothing to installed, and a second run changes nothing', async () => {
  const scene = createScene();
  const first = await scene.snoboot(['deploy', 'lab.yaml']);
  assert.equal(first.code, 0, first.stderr);
  for (const host of [STATIC, DHCP]) {
    const [cluster = ''] = host.split('/');
    assert.deepEqual(installed(scene.history(), cluster), { triggers: 1, status: 'installed' });
    assert.ok(LEFT.done(endState(scene.history(), host)), JSON.stringify(endState(scene.history(), host)));
    for (const file of ['kubeconfig', 'kubeadmin-password']) {
      const path = join(scene.dir, '.snoboot/clusters', cluster, file);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      assert.ok(readFileSync(path, 'utf8').length > 10);
    }
  }
  const before = scene.history().length;
  const second = await scene.snoboot(['deploy', 'lab.yaml']);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /changed=0/);
  assert.deepEqual(writesOf(scene.history().slice(before)), []);
});

test('the written disk holds the files of the MachineConfigs among the manifests', async () => {
  const scene = createScene({ edit: (text) => text.slice(0, text.indexOf('  # The plainest one')) });
  const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml']);
  assert.equal(code, 0, stderr);
  const world = JSON.parse(readFileSync(join(scene.dir, '.snoboot/lab/world.json'), 'utf8')) as {
    hosts: Record<string, { disks: { content: { files?: Record<string, string> } }[] }>;
  };
  const files = world.hosts[STATIC]?.disks[0]?.content.files ?? {};
  assert.match(
    files['/etc/crio/crio.conf.d/01-workload-partitioning'] ?? '',
    /\[crio\.runtime\.workloads\.management\]/,
  );
});

test("the procedure's document as it stands is warned of, and keeps its host insufficient for that reason", async () => {
  const scene = createScene({
    edit: (text) => text.replace(/ +# Not in the procedure's[\s\S]*?next-hop-interface: eno1\n/, ''),
  });
  const checked = await scene.snoboot(['validate', 'lab.yaml']);
  assert.equal(checked.code, 0);
  assert.match(checked.stderr, /lab\.yaml:\d+:\d+: warning: .*has-default-route/s);
  const { code } = await scene.snoboot(['deploy', 'lab.yaml']);
  assert.equal(code, 6);
  const ended = scene.journal().find((event) => event.type === 'cluster.ended' && event.subject === 'sno-ai-test');
  assert.ok(ended?.type === 'cluster.ended');
  assert.match(ended.error?.message ?? '', /has-default-route/);
});

test('a run writes its secrets nowhere', async () => {
  const scene = createScene();
  const { stdout, stderr } = await scene.snoboot(['deploy', 'lab.yaml']);
  const secret =
    /"auth": *"([^"]+)"/.exec(readFileSync(join(scene.dir, 'secrets/pull-secret.json'), 'utf8'))?.[1] ?? 'none';
  const runs = join(scene.dir, '.snoboot/runs');
  const journal = readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'events.jsonl'), 'utf8');
  for (const text of [stdout, stderr, journal]) assert.ok(!text.includes(secret));
});

test('deploy on real machines wants --yes, and contacts nothing without it', async () => {
  const scene = createScene();
  const { code, stderr } = await scene.snoboot(['deploy', 'example.yaml']);
  assert.equal(code, 2);
  assert.match(stderr, /E-CONFIRM: deploy erases \d+ machines/);
});

test('what a hurried user types wrong is one clear line and exit 2', async () => {
  const scene = createScene();
  for (const [args, words] of [
    [['deploy', 'nowhere.yaml'], /nowhere\.yaml/],
    [['depoly', 'lab.yaml'], /unknown command 'depoly'/],
    [['deploy'], /missing required argument 'inventory'/],
    [['lab', 'up', 'lab.yaml', '--time-factor', 'fast'], /--time-factor fast/],
  ] as const) {
    const { code, stderr } = await scene.snoboot([...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

test('a whole installation takes 20 to 30 minutes of lab time', async () => {
  const scene = createScene({ factor: 100, edit: (text) => text.slice(0, text.indexOf('  # The plainest one')) });
  await scene.snoboot(['deploy', 'lab.yaml']);
  const history = scene.history();
  const minutes = (Date.parse(history.at(-1)?.at ?? '') - Date.parse(history[0]?.at ?? '')) / 60_000;
  assert.ok(minutes >= 20 && minutes <= 30, `${minutes} minutes`);
});
