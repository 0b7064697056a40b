/** --progress and status as programs use them: what is on stdout, what on stderr. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { createScene, DHCP, endLabs } from './scene.ts';

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

test('--progress tty without a terminal is refused before anything is begun', async () => {
  const scene = createScene();
  const { code, stderr, stdout } = await scene.snoboot(['deploy', 'lab.yaml', '--progress', 'tty']);
  assert.equal(code, 2);
  assert.match(stderr, /^E-USAGE: --progress tty: stderr is not a terminal\n/);
  assert.deepEqual([stdout, scene.journal()], ['', []]);
});
