import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClock } from '../../src/core/clock.ts';
import type { SnobootError } from '../../src/core/errors.ts';
import { startLabChild } from '../../src/lab/child.ts';
import { startLab } from '../../src/lab/start.ts';
import type { World } from '../../src/lab/world.ts';
import { bootFromIso, createCluster, hostSpec, newFolder, PATHS, type Scene, startScene } from './lab-client.ts';

const clock = createClock();

async function until(scene: Scene, path: string, wanted: string, realMs = 60_000): Promise<Record<string, unknown>> {
  for (const end = clock.now() + realMs; ; await clock.sleep(50)) {
    const { json } = await scene.api('GET', path);
    if (json['status'] === wanted) return json;
    if (clock.now() > end) throw new Error(`${path} is ${String(json['status'])}: ${String(json['status_info'])}`);
  }
}

const worldOf = (scene: Scene): World => JSON.parse(readFileSync(join(scene.dir, 'world.json'), 'utf8')) as World;

test('a host that is told by its BMC to boot the discovery ISO ends as an installed cluster', async () => {
  const scene = await startScene({ hosts: [hostSpec('one/host-0')] });
  const { cluster, infraEnv, iso } = await createCluster(scene, 'one');
  assert.deepEqual(await bootFromIso(scene, iso), [204, 204, 204]);
  const registered = await scene.seen({ kind: 'agent', action: 'registered' });
  assert.equal(registered['to'], 'one/host-0');
  const id = worldOf(scene).hosts['one/host-0']!.uuid;
  await until(scene, `/infra-envs/${infraEnv}/hosts/${id}`, 'known');
  await scene.api('PATCH', `/infra-envs/${infraEnv}/hosts/${id}`, { host_name: 'one-0' });
  await until(scene, `/clusters/${cluster}`, 'ready');
  assert.equal((await scene.api('POST', `/clusters/${cluster}/actions/install`)).status, 202);
  await scene.seen({ kind: 'stage', stage: 'Rebooting' });
  await scene.bmc('POST', `${PATHS['dell-idrac9'].slot}/Actions/VirtualMedia.EjectMedia`, {});
  await until(scene, `/clusters/${cluster}`, 'installed');
  const stages = scene
    .history()
    .filter(({ kind }) => kind === 'stage')
    .map(({ stage }) => stage);
  await scene.seen({ kind: 'boot', device: 'disk' });
  await scene.end();
  assert.deepEqual([...new Set(stages)].slice(0, 7), [
    'Starting installation',
    'Installing',
    'Waiting for bootkube',
    'Writing image to disk',
    'Rebooting',
    'Joined',
    'Done',
  ]);
  const { content } = worldOf(scene).hosts['one/host-0']!.disks[0]!;
  assert.ok(content.kind === 'installed');
  assert.equal(content.files['/etc/crio/crio.conf.d/01-workload'], '[crio]');
  assert.equal(statSync(join(scene.dir, 'world.json')).mode & 0o777, 0o600);
});

/** Runs the client's part until `Rebooting`, eject included. */
async function installTo(scene: Scene, name: string, index: number, iso: string, cluster: string): Promise<void> {
  await bootFromIso(scene, iso, index);
  await until(scene, `/clusters/${cluster}`, 'ready');
  await scene.api('POST', `/clusters/${cluster}/actions/install`);
  const id = worldOf(scene).hosts[`${name}/host-0`]!.uuid;
  await scene.seen({ kind: 'stage', host: id, stage: 'Writing image to disk', info: '100%' });
}

const NAMES = ['kept', 'pulled', 'again', 'byte', 'other', 'mac', 'ignored', 'noagent'];
const MACS = Object.fromEntries(NAMES.map((name, i) => [name, `52:54:00:aa:00:0${i}`]));

test('hosts follow what is on the medium, in the drive and on the disk', async (t) => {
  const hosts = NAMES.map((name, i) =>
    hostSpec(`${name}/host-0`, {
      macs: [MACS[name]!],
      dhcp:
        name === 'mac' ? null : { address: `192.168.122.2${i}/24`, gateway: '192.168.122.1', dns: ['192.168.122.1'] },
    }),
  );
  const faults = [
    'early-eject@pulled',
    'boots-iso-again@again',
    'embed-byte@byte',
    'wrong-infra-env@other',
    'wrong-mac@mac',
    'override-ignored@ignored',
    'no-agent@noagent',
  ];
  const scene = await startScene({ hosts, faults, timeFactor: 300 });
  t.after(() => scene.end());
  const made = await Promise.all(
    NAMES.map((name) => createCluster(scene, name, name === 'mac' ? staticNetwork(MACS[name]!) : {})),
  );
  const of = (name: string) => made[NAMES.indexOf(name)]!;
  const install = (name: string): Promise<void> =>
    installTo(scene, name, NAMES.indexOf(name), of(name).iso, of(name).cluster);
  const start = (name: string) => bootFromIso(scene, of(name).iso, NAMES.indexOf(name));
  const reset = (name: string, type: string) =>
    scene.bmc(
      'POST',
      `${PATHS['dell-idrac9'].system}/Actions/ComputerSystem.Reset`,
      { ResetType: type },
      {},
      NAMES.indexOf(name),
    );
  const eject = (name: string) =>
    scene.bmc('POST', `${PATHS['dell-idrac9'].slot}/Actions/VirtualMedia.EjectMedia`, {}, {}, NAMES.indexOf(name));

  await t.test('a flipped byte of the embed area: the live system has no configuration', async () => {
    await start('byte');
    assert.match(
      String((await failure(scene, 'byte'))['failed']),
      /data|distance|check|code|header|length|block|symbol/,
    );
  });
  await t.test('another MAC in the map: the host has no network', async () => {
    await start('mac');
    await failure(scene, 'mac');
    await scene.seen({ kind: 'network', to: 'mac/host-0', how: 'none' });
  });
  await t.test('an agent that does not start: nothing registers', async () => {
    await start('noagent');
    await failure(scene, 'noagent');
  });
  await t.test('another infra-env in agent.service: the service refuses the agent', async () => {
    await start('other');
    await scene.seen({ kind: 'agent', to: 'other/host-0', action: 'refused', status: 404 });
  });
  await t.test('a firmware that ignores the override: an old system comes up', async () => {
    await start('ignored');
    await scene.seen({ kind: 'boot', to: 'ignored/host-0', device: 'old-system' });
  });
  await t.test(
    'a medium that is pulled while the image is written: the cluster fails, and the disk does not boot',
    async () => {
      await bootFromIso(scene, of('pulled').iso, NAMES.indexOf('pulled'));
      await until(scene, `/clusters/${of('pulled').cluster}`, 'ready');
      await scene.api('POST', `/clusters/${of('pulled').cluster}/actions/install`);
      const cluster = await until(scene, `/clusters/${of('pulled').cluster}`, 'error');
      assert.ok(cluster['id']);
      await scene.seen({ kind: 'media', to: 'pulled/host-0', action: 'ejected', by: 'lab' });
      await reset('pulled', 'ForceRestart');
      await scene.seen({ kind: 'boot', to: 'pulled/host-0', device: 'none' });
    },
  );
  await t.test(
    'a host that is in the ISO again waits for a user, and goes on from disk without the medium',
    async () => {
      await install('again');
      const [id, cluster] = [worldOf(scene).hosts['again/host-0']!.uuid, of('again').cluster];
      await until(scene, `/infra-envs/${of('again').infraEnv}/hosts/${id}`, 'installing-pending-user-action');
      await eject('again');
      await reset('again', 'ForceRestart');
      await until(scene, `/clusters/${cluster}`, 'installed');
    },
  );
  await t.test('a node whose power was cut before it joined joins when it is on again', async () => {
    await install('kept');
    await scene.seen({ kind: 'boot', to: 'kept/host-0', device: 'disk' });
    await reset('kept', 'ForceOff');
    await scene.seen({ kind: 'power', to: 'kept/host-0', state: 'Off' });
    await clock.sleep(300);
    assert.equal((await scene.api('GET', `/clusters/${of('kept').cluster}`)).json['status'], 'installing');
    await eject('kept');
    await reset('kept', 'On');
    await until(scene, `/clusters/${of('kept').cluster}`, 'installed');
  });
});

async function failure(scene: Scene, name: string): Promise<Record<string, unknown>> {
  for (let i = 0; i < 500; i++, await clock.sleep(20)) {
    const found = scene.history().find((line) => line['to'] === `${name}/host-0` && 'failed' in line);
    if (found) return found;
  }
  throw new Error(`${name} never failed`);
}

function staticNetwork(mac: string): Record<string, unknown> {
  const interfaces = [
    {
      name: 'eno1',
      type: 'ethernet',
      state: 'up',
      ipv4: { enabled: true, address: [{ ip: '192.168.122.77', 'prefix-length': 24 }] },
    },
  ];
  const map = [{ mac_address: mac, logical_nic_name: 'eno1' }];
  return { static_network_config: [{ network_yaml: JSON.stringify({ interfaces }), mac_interface_map: map }] };
}

test('a lab that comes up again has its clusters and disks, powers lost, certificates and clock kept', async () => {
  const hosts = [hostSpec('one/host-0'), hostSpec('two/host-0', { macs: ['52:54:00:aa:bb:02'] })];
  const first = await startScene({ hosts });
  const { cluster } = await createCluster(first, 'one');
  await first.bmc('POST', `${PATHS['dell-idrac9'].system}/Actions/ComputerSystem.Reset`, { ResetType: 'On' });
  await first.seen({ kind: 'boot', to: 'one/host-0', device: 'none' });
  await first.end();
  const before = worldOf(first);
  await clock.sleep(200);
  const changed = hostSpec('three/host-0', { macs: ['52:54:00:aa:bb:03'] });
  const second = await startScene({ hosts: [hosts[0]!, changed] }, first.dir);
  const elapsed = Date.parse(String(second.history().find(({ by }) => by === 'lab')?.['at'])) - before.now;
  assert.ok(elapsed >= 0 && elapsed < 100_000, `${elapsed} ms of lab time went by`);
  assert.equal((await second.api('GET', `/clusters/${cluster}`)).json['name'], 'one');
  assert.equal(second.up.bmcs[0]?.fingerprint, first.up.bmcs[0]?.fingerprint);
  const { json } = await second.bmc('GET', PATHS['dell-idrac9'].system);
  assert.equal(json['PowerState'], 'Off');
  await second.end();
  assert.deepEqual(Object.keys(worldOf(second).hosts), ['one/host-0', 'three/host-0']);
});

test('a folder has one lab: the second is refused with the pid of the first, a dead one is taken over', async () => {
  const spec = { timeFactor: 60, faults: [], hosts: [], apiNames: [] };
  const scene = await startScene(spec);
  await assert.rejects(startLab(spec, scene.dir), (error: SnobootError) => {
    assert.equal(error.code, 'E-LAB-BUSY');
    return error.message.includes(String(process.pid));
  });
  await scene.end();
  writeFileSync(join(scene.dir, 'lab.pid'), '4194303');
  await (await startLab(spec, scene.dir)).stop();
});

test('the lab as a child process serves, keeps our environment out, and ends when it is told to', async () => {
  const dir = newFolder();
  const spec = { timeFactor: 60, faults: [], hosts: [hostSpec('one/host-0')], apiNames: ['api.one.lab.example.com'] };
  const lab = await startLabChild(spec, dir);
  assert.deepEqual(Object.keys(lab.up), ['service', 'bmcs', 'connectTo', 'journalFull']);
  assert.deepEqual(Object.keys(lab.up.connectTo), ['api.one.lab.example.com:6443']);
  assert.deepEqual(Object.keys(lab.up.bmcs[0]!), ['host', 'url', 'username', 'password', 'fingerprint']);
  const pid = readFileSync(join(dir, 'lab.pid'), 'utf8');
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .filter((v) => v);
  assert.deepEqual(
    environment.map((v) => v.split('=')[0]).filter((name) => !name?.startsWith('NODE_CHANNEL')),
    ['PATH'],
  );
  process.kill(Number(pid), 'SIGINT');
  await clock.sleep(100);
  assert.equal((await fetch(`${lab.up.service.url}/lab`)).status, 200);
  await lab.stop();
  await assert.rejects(fetch(`${lab.up.service.url}/lab`));
  assert.equal(existsSync(join(dir, 'lab.pid')), false);
});

test('what keeps a child lab from coming up reaches the parent with its code', async () => {
  const spec = { timeFactor: 60, faults: ['gremlin@one'], hosts: [hostSpec('one/host-0')], apiNames: [] };
  await assert.rejects(startLabChild(spec, newFolder()), (error: SnobootError) => error.code === 'E-INVENTORY');
});

/** Fault → the host's validation that does not succeed because of it. */
const BLOCKED: [fault: string, validation: string][] = [
  ['no-dns-reply', 'dns-wildcard-not-configured'],
  ['wildcard-dns', 'dns-wildcard-not-configured'],
  ['clock-behind', 'time-synced-between-host-and-service'],
  ['no-inventory', 'has-inventory'],
  ['hostname-localhost', 'hostname-valid'],
  ['no-address', 'belongs-to-machine-cidr'],
  ['other-subnet', 'belongs-to-machine-cidr'],
  ['no-default-route', 'has-default-route'],
  ['few-cpus', 'has-min-cpu-cores'],
  ['little-memory', 'has-min-memory'],
  ['small-disk', 'has-min-valid-disks'],
  ['ntp-unsynced', 'ntp-synced'],
];

test('each blocking fault of a host shows in the one validation that computes with it', async (t) => {
  const hosts = BLOCKED.map(([fault], i) => hostSpec(`${fault}/host-0`, { macs: [`52:54:00:bb:00:${10 + i}`] }));
  const scene = await startScene({ hosts, faults: BLOCKED.map(([fault]) => `${fault}@${fault}`), timeFactor: 200 });
  t.after(() => scene.end());
  const subnet = { machine_networks: [{ cidr: '192.168.122.0/24' }] };
  const made = await Promise.all(
    BLOCKED.map(async ([fault], i) => {
      const ids = await createCluster(scene, fault);
      if (fault === 'other-subnet')
        assert.equal((await scene.api('PATCH', `/clusters/${ids.cluster}`, subnet)).status, 201);
      await bootFromIso(scene, ids.iso, i);
      return ids;
    }),
  );
  for (const [i, [fault, id]] of BLOCKED.entries())
    await t.test(`${fault} → ${id}`, async () => {
      await scene.seen({ kind: 'agent', to: `${fault}/host-0`, action: 'registered' });
      await scene.seen({ kind: 'fault', name: fault });
      const path = `/infra-envs/${made[i]!.infraEnv}/hosts/${worldOf(scene).hosts[`${fault}/host-0`]!.uuid}`;
      const settled = fault === 'ntp-unsynced' ? 'known' : /insufficient|pending-for-input|discovering/;
      let [status, bad] = await judged(scene, path);
      for (let n = 0; n < 60 && !(bad.length === 1 && status.match(settled)); n++, await clock.sleep(20))
        [status, bad] = await judged(scene, path);
      assert.ok(bad.includes(id) && status.match(settled), `${status}: ${bad.join()}`);
    });
});

/** The host's status and the ids of its validations that do not succeed. */
async function judged(scene: Scene, path: string): Promise<[status: string, bad: string[]]> {
  const { json } = await scene.api('GET', path);
  const groups = JSON.parse(String(json['validations_info'])) as Record<string, { id: string; status: string }[]>;
  const bad = Object.values(groups)
    .flat()
    .filter(({ status }) => status !== 'success');
  return [String(json['status']), bad.map((validation) => validation.id)];
}

/** Fault → the words of the host or cluster once the install was asked for. */
const REFUSED: [fault: string, words: RegExp][] = [
  ['image-pull', /container images|pull/i],
  ['disk-speed-exit', /disk speed/],
  ['install-exit', /installation command failed/],
];

test('each fault of the installation stops it in its own words', async (t) => {
  const hosts = REFUSED.map(([fault], i) => hostSpec(`${fault}/host-0`, { macs: [`52:54:00:cc:00:1${i}`] }));
  const scene = await startScene({ hosts, faults: REFUSED.map(([fault]) => `${fault}@${fault}`) });
  t.after(() => scene.end());
  for (const [i, [fault, words]] of REFUSED.entries())
    await t.test(fault, async () => {
      const { cluster, iso } = await createCluster(scene, fault);
      await bootFromIso(scene, iso, i);
      await until(scene, `/clusters/${cluster}`, 'ready');
      await scene.api('POST', `/clusters/${cluster}/actions/install`);
      await scene.seen({ kind: 'fault', name: fault });
      const said = (): boolean =>
        scene
          .history()
          .some(
            (line) => line['kind'] === 'status' && line['cluster'] === fault && words.test(String(line['statusInfo'])),
          );
      for (let round = 0; round < 200 && !said(); round++) await clock.sleep(20);
      assert.ok(
        said(),
        JSON.stringify(
          scene
            .history()
            .filter(({ kind }) => kind === 'status')
            .slice(-5),
        ),
      );
    });
});
