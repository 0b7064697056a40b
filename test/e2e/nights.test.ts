/** The nightly line and its parts: three nights in a row, `--replace` and `destroy` in their order, `--deadline`, `--keep`. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import type { LabUp } from '../../src/lab/start.ts';
import { ENDED, header, journalOf, started } from '../run/journals.ts';
import { effects } from './destructive.ts';
import { processesIn } from '../../scripts/processes.ts';
import { createScene, DHCP, type Ended, endLabs, type HistoryLine, type Scene, STATIC } from './scene.ts';
import { isosOf, leasesOf, lives, mediaPid, onlyDhcp, onlyStatic, runFolders, until } from './traces.ts';
import { assertInstalled, endState, LEFT } from './verdict.ts';

const DEPLOY = ['deploy', 'lab.yaml'];
const REPLACE = [...DEPLOY, '--replace', '--yes'];
const DESTROY = ['destroy', 'lab.yaml', '--yes'];
const NOTHING_HERE = { leases: [], isos: [] };

/** A time of day, as cron jobs give it, that does not come before the test is over. */
function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toTimeString().slice(0, 5);
}

/** All that the service holds, by what it is. */
async function heldBy({ service }: LabUp) {
  const list = async (what: string): Promise<Record<string, unknown>[]> =>
    (await fetch(`${service.url}/api/assisted-install/v2/${what}`)).json() as Promise<Record<string, unknown>[]>;
  const [clusters, infraEnvs] = [await list('clusters'), await list('infra-envs')];
  const hosts = await Promise.all(infraEnvs.map(({ id }) => list(`infra-envs/${String(id)}/hosts`)));
  return {
    clusters: clusters.map(({ name, status }) => `${String(name)} ${String(status)}`).sort(),
    infraEnvs: infraEnvs.length,
    hosts: hosts.flat().length,
  };
}

const hereOf = (scene: Scene) => ({ leases: leasesOf(scene), isos: isosOf(scene) });

const assertEndedWith = ({ code, stdout, stderr }: Ended, wanted: number | null): void =>
  assert.equal(code, wanted, `${stdout}\n${stderr}`);

/** What takes a cluster away, in the words of the issue, and when the host itself said that it reboots. */
function removalIn(history: HistoryLine[]): string[] {
  return history.flatMap((line) => {
    const { kind, effect, stage, by, state, action } = line;
    if (kind === 'lab' && typeof effect === 'string') return [effect];
    if (kind === 'stage') return stage === 'Rebooting' ? ['(rebooting)'] : [];
    if (by !== 'bmc') return [];
    if (kind === 'power' && state === 'Off') return ['off'];
    return kind === 'media' && action === 'ejected' ? ['media out'] : [];
  });
}

const DELETED = ['off', 'media out', 'delete-host', 'delete-infra-env', 'delete-cluster'];

/** Deploys with --replace until the old cluster is gone, and stops there; returns what the lab saw of it. */
async function replaced(scene: Scene): Promise<string[]> {
  const before = scene.history().length;
  let removal: string[] = [];
  const ended = await scene.snoboot(REPLACE, async (running) => {
    await running.event((event) => event.type === 'stage.succeeded' && event.stage === 'delete-cluster');
    removal = removalIn(scene.history().slice(before));
    running.kill('SIGINT');
  });
  assertEndedWith(ended, 130);
  return removal.slice(0, removal.indexOf('delete-cluster') + 1);
}

const WRITES = '"stage.progressed","stage":"await-reboot","seen":"Writing image to disk","percent":';

after(endLabs);

describe('nights', { concurrency: 2 }, () => {
  test('three in a row, one killed half-way, one with a failing host, one clean: nothing too many is left anywhere', async () => {
    const scene = createScene();
    const { up, down } = await scene.labUp();
    const line = [...REPLACE, '--set', 'openshiftVersion=4.21', '--deadline', inAnHour(), '--lock-wait', '10m'];

    const half = '"subject":"sno-ai-test","type":"intent","stage":"install"';
    assertEndedWith(await scene.killed(line, `/${half}/`), null);
    assert.equal(leasesOf(scene).length, 2);

    const second = await scene.snoboot([...line, '--fault', `write-error@${DHCP}:once`]);
    assertEndedWith(second, 6);
    assert.match(second.stderr, /goes on with the unfinished run/);
    assert.match(second.stdout, /^sno-ai-test: installed .*\n {2}OpenShift 4\.21\.21 \(asked for 4\.21\)$/m);
    assert.match(second.stdout, /^sno-dhcp: failed .*\n {2}asked for OpenShift 4\.21\n {2}E-INSTALL: /m);
    assert.equal(runFolders(scene).length, 1);
    assert.deepEqual(effects(scene.history(), STATIC), { inserts: 1, ejects: 1, writes: 1, powers: ['On'] });

    const before = scene.history().length;
    const third = await scene.snoboot(line);
    assertEndedWith(third, 0);
    assert.equal([...third.stdout.matchAll(/^ {2}OpenShift 4\.21\.21 \(asked for 4\.21\)$/gm)].length, 2);
    assert.equal(runFolders(scene).length, 2);
    for (const host of [STATIC, DHCP]) assertInstalled(scene.history().slice(before), host);
    assert.deepEqual(await heldBy(up), {
      clusters: ['sno-ai-test installed', 'sno-dhcp installed'],
      infraEnvs: 2,
      hosts: 2,
    });
    assert.deepEqual(hereOf(scene), NOTHING_HERE);
    assert.match(processesIn(scene.dir).join('\n'), /^\S+ \S+ lab up lab\.yaml$/);
    await down();
    assert.deepEqual(processesIn(scene.dir), []);
  });

  test('destroy deletes in its order, again it changes nothing, and --keep 2 keeps two runs', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { up, down } = await scene.labUp();
    assertEndedWith(await scene.snoboot(DEPLOY), 0);
    const credentials = join(scene.dir, '.snoboot/clusters/sno-ai-test/kubeconfig');
    assert.ok(existsSync(credentials));
    const before = scene.history().length;
    assertEndedWith(await scene.snoboot(DESTROY), 0);
    const since = scene.history().slice(before);
    // The medium went out at `Rebooting` already.
    assert.deepEqual(removalIn(since), ['off', 'delete-host', 'delete-infra-env', 'delete-cluster']);
    assert.deepEqual(await heldBy(up), { clusters: [], infraEnvs: 0, hosts: 0 });
    assert.equal(existsSync(credentials), false);

    const again = await scene.snoboot([...DESTROY, '--keep', '2']);
    assertEndedWith(again, 0);
    assert.match(again.stdout, /changed=0\n$/);
    assert.equal(runFolders(scene).length, 2);
    assert.deepEqual(removalIn(scene.history().slice(before + since.length)), []);
    assert.deepEqual(hereOf(scene), NOTHING_HERE);
    await down();
  });

  test('--replace cancels an installation that does not write yet, then: off, media out, hosts, infra-env, cluster', async () => {
    const scene = createScene({ edit: onlyStatic, factor: 100 });
    const { down } = await scene.labUp();
    assertEndedWith(await scene.killed(DEPLOY, '/"stage.started","stage":"await-installed"/'), null);
    assert.deepEqual(await replaced(scene), ['cancel', ...DELETED]);
    assert.equal(runFolders(scene).length, 2, 'the killed run was begun without --replace: it is given up');
    assert.ok(LEFT.safelyOff(endState(scene.history(), STATIC)));
    await down();
  });

  test('--replace waits for a host that writes its disk until it reboots', async () => {
    const scene = createScene({ edit: onlyDhcp, factor: 100 });
    const { down } = await scene.labUp();
    assertEndedWith(await scene.killed(DEPLOY, `/${WRITES}/`), null);
    assert.deepEqual(await replaced(scene), ['(rebooting)', 'cancel', ...DELETED]);
    await down();
  });

  test('--replace of a write that stands still: after 30 minutes exit 3, and the machine is not touched', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp();
    assertEndedWith(await scene.killed([...DEPLOY, '--fault', `write-stuck@${STATIC}`], `/${WRITES}50/`), null);
    const before = scene.history().length;
    const refused = await scene.snoboot(REPLACE);
    assertEndedWith(refused, 3);
    assert.match(refused.stdout, /E-INSTALLING: .*, after 30 minutes of waiting/);
    const since = scene.history().slice(before);
    assert.deepEqual(removalIn(since), []);
    assert.equal(endState(scene.history(), STATIC).power, 'On');
    await down();
  });

  test('--replace, killed at each step of the removal, deletes everything once and goes on', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { up, down } = await scene.labUp();
    assertEndedWith(await scene.snoboot(DEPLOY), 0);
    const before = scene.history().length;
    for (const record of [
      '"intent","stage":"take-down","effect":"power-off"',
      '"result","stage":"delete-cluster","effect":"forget"',
      '"intent","stage":"delete-cluster","effect":"delete-host',
      '"result","stage":"delete-cluster","effect":"delete-infra-env',
      '"intent","stage":"delete-cluster","effect":"delete-cluster"',
      '"result","stage":"create-cluster"',
    ])
      assertEndedWith(await scene.killed(REPLACE, `/${record}/`), null);
    const deletions = ['off', 'delete-host', 'delete-infra-env', 'delete-cluster'];
    assert.deepEqual(removalIn(scene.history().slice(before)), [...deletions, 'create-cluster']);
    assert.equal(runFolders(scene).length, 2);
    assert.equal((await heldBy(up)).clusters.length, 1);
    await down();
  });

  test('destroy after a deploy that was killed leaves nothing of that run here either', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { up, down } = await scene.labUp();
    assertEndedWith(await scene.killed(DEPLOY, '/"stage.started","stage":"await-agent"/'), null);
    const server = mediaPid(scene);
    assertEndedWith(await scene.snoboot(DESTROY), 0);
    assert.ok(LEFT.safelyOff(endState(scene.history(), STATIC)));
    assert.deepEqual(await heldBy(up), { clusters: [], infraEnvs: 0, hosts: 0 });
    assert.deepEqual(hereOf(scene), NOTHING_HERE);
    await until(() => !lives(server));
    await down();
  });

  test('a night that was killed with its host live, whose media server ended meanwhile: the host is booted once more', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp();
    assertEndedWith(await scene.killed(REPLACE, '/"stage.started","stage":"await-ready"/'), null);
    process.kill(mediaPid(scene), 'SIGKILL');
    await until(() => scene.history().some(({ host, status }) => host !== undefined && status === 'disconnected'));
    const { code, stdout, stderr } = await scene.snoboot(REPLACE);
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    assert.match(stderr, /the host lost its ISO while nobody served it/);
    assert.equal(effects(scene.history(), STATIC).writes, 1);
    await down();
  });

  test('a cluster of that name without our tag: --replace and destroy end with 3 and touch nothing', async () => {
    const scene = createScene({ edit: onlyDhcp });
    const { up, down } = await scene.labUp();
    const pull_secret = readFileSync(join(scene.dir, 'secrets/pull-secret.json'), 'utf8').trim();
    const body = JSON.stringify({ name: 'sno-dhcp', openshift_version: '4.20', pull_secret, control_plane_count: 1 });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${up.service.url}/api/assisted-install/v2/clusters`, { method: 'POST', headers, body });
    for (const args of [REPLACE, DESTROY]) {
      const refused = await scene.snoboot(args);
      assertEndedWith(refused, 3);
      assert.match(refused.stdout, /E-SVC-EXISTS: /);
    }
    assert.ok(LEFT.untouched(endState(scene.history(), DHCP)));
    assert.deepEqual(removalIn(scene.history()), ['create-cluster']);
    await down();
  });

  test('a cluster that the service forgot: deploy changes nothing and says why, --replace takes its machine down', async () => {
    const scene = createScene({ edit: onlyDhcp });
    const { up, down } = await scene.labUp();
    assertEndedWith(await scene.snoboot(DEPLOY), 0);
    const before = scene.history().length;
    const unchanged = await scene.snoboot([...DEPLOY, '--fault', `service-forgets@${DHCP}`]);
    assertEndedWith(unchanged, 0);
    assert.match(unchanged.stdout, /the service does not know sno-dhcp [^]*its own API answers[^]*nothing is changed/);
    assert.match(unchanged.stdout, /changed=0\n$/);
    assert.ok(LEFT.untouched(endState(scene.history().slice(before), DHCP)));
    assert.deepEqual(await heldBy(up), { clusters: [], infraEnvs: 0, hosts: 0 });
    const replacing = await scene.killed(REPLACE, '/"result","stage":"create-cluster"/');
    assertEndedWith(replacing, null);
    assert.equal(endState(scene.history(), DHCP).power, 'Off');
    await down();
  });

  test('--deadline that is too short: nothing is touched', async () => {
    const scene = createScene();
    const { code, stdout } = await scene.snoboot([...DEPLOY, '--deadline', '30m']);
    assert.equal(code, 130, stdout);
    for (const cluster of ['sno-ai-test', 'sno-dhcp'])
      assert.match(stdout, new RegExp(`E-DEADLINE: .*to deploy ${cluster} usually takes 60`));
    for (const host of [STATIC, DHCP]) assert.ok(LEFT.untouched(endState(scene.history(), host)));
    assert.deepEqual(removalIn(scene.history()), []);
  });

  test('--deadline that comes while the host boots: the machine is left clean and off', async () => {
    const scene = createScene({ edit: onlyStatic, factor: 60 });
    writeQuickRun(scene);
    const ended = await scene.snoboot([...DEPLOY, '--deadline', '5m']);
    assertEndedWith(ended, 130);
    assert.match(ended.stdout, /E-DEADLINE: .*the time of --deadline has come/);
    assert.ok(LEFT.safelyOff(endState(scene.history(), STATIC)), JSON.stringify(endState(scene.history(), STATIC)));
    assert.equal(effects(scene.history(), STATIC).inserts, 1);
    assert.deepEqual(hereOf(scene), NOTHING_HERE);
    assert.deepEqual(processesIn(scene.dir), []);
  });

  test('--deadline that comes during the installation: it goes on, its medium is out, and the next deploy sees its end', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp();
    writeQuickRun(scene);
    const ended = await scene.snoboot([...DEPLOY, '--deadline', '15m']);
    assertEndedWith(ended, 130);
    assert.match(ended.stdout, /E-DEADLINE: /);
    const { inserted, armed, writes } = endState(scene.history(), STATIC);
    assert.deepEqual({ inserted, armed, writes }, { inserted: false, armed: false, writes: 1 });
    assert.deepEqual(hereOf(scene), NOTHING_HERE);
    assertEndedWith(await scene.snoboot(DEPLOY), 0);
    assertInstalled(scene.history(), STATIC);
    await down();
  });
});

/** An earlier run that installed the first cluster in three minutes, so that more than that is thought to be enough. */
function writeQuickRun({ dir }: Scene): void {
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const subject = 'sno-ai-test';
  const version = { asked: '4.20', installed: '4.20.33' };
  const events: RunEvent[] = [
    { seq: 1, at: at(0), subject: 'run', ...started() },
    { seq: 2, at: at(0), subject, type: 'stage.started', stage: 'check-service', waitsFor: '' },
    { seq: 3, at: at(1), subject, type: 'intent', stage: 'install', effect: 'install', try: 1 },
    {
      seq: 4,
      at: at(3),
      subject,
      type: 'cluster.ended',
      outcome: 'installed',
      exitCode: 0,
      leftovers: [],
      changed: 9,
      version,
    },
    { seq: 5, at: at(3), subject: 'run', ...ENDED },
  ];
  const run = '20260101T000000Z-a';
  const folder = join(dir, '.snoboot/runs', run);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'events.jsonl'), journalOf([header({ run }), ...events]));
}
