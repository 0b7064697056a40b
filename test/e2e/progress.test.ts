/** --progress and status as programs use them: what is on stdout, what on stderr. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { createScene, DHCP, endLabs } from './scene.ts';
import { hasTerminals, onTerminal } from './terminal.ts';
import { onlyDhcp, until } from './traces.ts';

after(endLabs);

interface Status {
  state: string;
  clusters: { name: string; outcome: string | null; console: string | null; hosts: object[] }[];
  service?: { clusters: { name: string; status: string; networks: { machine: string[] } }[]; unknown: string[] };
}

test('--progress json is the journal on stdout, and status tells the run and the service as data', async () => {
  const scene = createScene();
  let during: Status | undefined;
  const deploy = ['deploy', 'lab.yaml', '--limit', 'sno-dhcp', '--progress', 'json'];
  const { code, stdout, stderr } = await scene.snoboot(deploy, async (running) => {
    await running.event(({ type, subject }) => type === 'media.read' && subject === DHCP);
    const asked = await scene.snoboot(['status', 'lab.yaml', '--live', '--output', 'json']);
    during = JSON.parse(asked.stdout) as Status;
  });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  const journal = scene.journal().map((event) => ({ ...event, sum: undefined }));
  assert.deepEqual(
    events.map((event) => ({ ...event, sum: undefined })),
    journal,
  );
  assert.equal(events.at(-1)?.type, 'run.ended');
  const password = readFileSync(join(scene.dir, '.snoboot/clusters/sno-dhcp/kubeadmin-password'), 'utf8');
  assert.ok(!stdout.includes(password));

  assert.deepEqual([during?.state, during?.clusters[0]?.outcome], ['running', null]);
  assert.equal(during?.service?.clusters[0]?.name, 'sno-dhcp');

  const quiet = await scene.snoboot(['deploy', 'lab.yaml', '--limit', 'sno-dhcp', '--progress', 'quiet']);
  assert.deepEqual([quiet.code, quiet.stderr], [0, '']);
  assert.match(quiet.stdout, /^sno-dhcp: installed already .*\n/);

  const yaml = await scene.snoboot(['status', 'lab.yaml', '-o', 'yaml']);
  assert.match(yaml.stdout, /^run: .*\n(.*\n)*clusters:\n {2}- name: sno-dhcp\n {4}outcome: unchanged\n/);
  const live = await scene.snoboot(['status', 'lab.yaml', '--live']);
  assert.match(
    live.stdout,
    /\nthe service http:\S+ \(version .*\) says:\n(.*\n)*sno-dhcp: installed.*\n {2}OpenShift 4\.20/,
  );
  assert.match(live.stdout, /\n {2}networks: machine 192\.168\.122\.0\/24; .*\n/);
});

test(
  'a terminal that takes nothing, stopped by Ctrl-S, stops no run; with Ctrl-Q it shows the end',
  { skip: !hasTerminals },
  async () => {
    const scene = createScene({ edit: onlyDhcp });
    const { ended, type } = onTerminal(scene, ['deploy', 'lab.yaml'], []);
    const is = (wanted: string): boolean => scene.journal().some((event) => event.type === wanted);
    await until(() => is('stage.started'));
    type('\x13');
    await until(() => is('run.ended'));
    type('\x11');
    const { code, screen } = await ended;
    assert.equal(code, 0, screen);
    assert.match(screen, /sno-dhcp: installed after .*1 cluster: 1 installed, changed=\d+\s*$/s);
  },
);

test('--progress tty without a terminal is refused before anything is begun', async () => {
  const scene = createScene();
  const { code, stderr, stdout } = await scene.snoboot(['deploy', 'lab.yaml', '--progress', 'tty']);
  assert.equal(code, 2);
  assert.match(stderr, /^E-USAGE: --progress tty: stderr is not a terminal\n/);
  assert.deepEqual([stdout, scene.journal()], ['', []]);
});

test(
  'NO_COLOR leaves the screen without colour, and moves the cursor all the same',
  { skip: !hasTerminals },
  async () => {
    const deploy = ['deploy', 'lab.yaml', '--stop-after-stage', 'check-bmc'];
    const [plain, coloured] = await Promise.all(
      [{ NO_COLOR: '1' }, { NO_COLOR: undefined }].map((env) => onTerminal(createScene(), deploy, [], env).ended),
    );
    const colour = /\u001b\[[0-9;]*m/;
    assert.doesNotMatch(plain!.screen, colour);
    assert.match(coloured!.screen, colour);
    assert.ok(plain!.screen.includes('\u001b['));
  },
);

test('plan is data with -o, for a part of the inventory, and leaves no run', async () => {
  const scene = createScene();
  const plan = ['plan', 'lab.yaml', '--limit', 'sno-dhcp', '--state-dir', 'elsewhere'];
  const { code, stdout, stderr } = await scene.snoboot([...plan, '-o', 'json']);
  assert.equal(code, 0, stderr);
  const { clusters, erases } = JSON.parse(stdout) as { clusters: { name: string }[]; erases: number };
  assert.deepEqual([clusters.map(({ name }) => name), erases], [['sno-dhcp'], 1]);
  assert.match((await scene.snoboot([...plan, '-o', 'yaml'])).stdout, /^erases: 1$/m);
  for (const folder of ['.snoboot/runs', 'elsewhere', 'state']) assert.ok(!existsSync(join(scene.dir, folder)), folder);
});

test('completion prints a script for the shell, and refuses a shell that it does not know', async () => {
  const scene = createScene();
  const { code, stdout } = await scene.snoboot(['completion', 'bash']);
  assert.deepEqual([code, /complete .*snoboot/.test(stdout)], [0, true]);
  const unknown = await scene.snoboot(['completion', 'csh']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /^E-USAGE: .*bash, zsh, fish/);
});
