/** What each stage asks, refuses and does, one small step at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../src/assisted/types.ts';
import { createStageRunner } from '../../src/run/stage-runner.ts';
import { assignHosts } from '../../src/stages/assign-hosts.ts';
import { SnobootError } from '../../src/core/errors.ts';
import { awaitAgent } from '../../src/stages/await-agent.ts';
import { awaitInstalled } from '../../src/stages/await-installed.ts';
import { bootOnce } from '../../src/stages/boot-once.ts';
import { checkBmc } from '../../src/stages/check-bmc.ts';
import { checkService } from '../../src/stages/check-service.ts';
import { createCluster } from '../../src/stages/create-cluster.ts';
import { awaitReboot } from '../../src/stages/host-progress.ts';
import { insertMedia } from '../../src/stages/insert-media.ts';
import { install } from '../../src/stages/install.ts';
import { bootDisk, cleanup, ejectMedia } from '../../src/stages/release-media.ts';
import { saveCredentials } from '../../src/stages/save-credentials.ts';
import { cluster, clusterSpec, hostRecord, hostSpec, identity, MAC, scene } from './scene.ts';

const never = new AbortController().signal;
const MINUTE = 60_000;
const run = createStageRunner();

const found = (clusters: Cluster[]) => checkService.look(scene({ clusters }).context, never);

test('check-service says what the service holds under the name', async () => {
  const table: [Cluster[], string][] = [
    [[], 'absent'],
    [[cluster({ name: 'other' })], 'absent'],
    [[cluster({ status: 'pending-for-input' })], 'before-install'],
    [[cluster({ status: 'preparing-for-installation' })], 'installing'],
    [[cluster({ status: 'a-status-of-tomorrow' })], 'installing'],
    [[cluster({ status: 'installed', tags: 'lab, snoboot' })], 'installed'],
  ];
  for (const [clusters, existing] of table) {
    const look = await found(clusters);
    assert.equal(look.so && look.facts?.['existing'], existing);
  }
});

test('check-service refuses what snoboot did not make, two of a name, and what failed before', async () => {
  await assert.rejects(found([cluster({ tags: '' })]), { code: 'E-SVC-EXISTS', exitCode: 3 });
  await assert.rejects(found([cluster(), cluster({ id: 'c2' })]), { code: 'E-SVC-EXISTS' });
  await assert.rejects(found([cluster({ status: 'error' })]), { code: 'E-INSTALL', exitCode: 5 });
  await assert.rejects(found([cluster({ status: 'cancelled' })]), { code: 'E-INSTALL' });
});

test('check-service refuses a version that the service does not offer', async () => {
  const { context } = scene({}, { ...clusterSpec, openshiftVersion: '4.2' });
  await assert.rejects(checkService.look(context, never), { code: 'E-SVC-REFUSED', todo: /4\.20\.3, 4\.19\.8/ });
});

const checked = (spec: Partial<typeof hostSpec>, seen = identity) => {
  const { host, said } = scene({}, { ...clusterSpec, hosts: [{ ...hostSpec, ...spec }] }, seen);
  return checkBmc.look(host, never).then(() => said);
};

test('check-bmc takes the machine that the inventory names, in any spelling', async () => {
  assert.deepEqual(await checked({ identity: { serial: 'serial', uuid: null } }), []);
  assert.deepEqual(await checked({}), []);
});

test('check-bmc refuses a machine with another serial number, UUID or none of the MACs', async () => {
  await assert.rejects(checked({ identity: { serial: 'OTHER', uuid: null } }), { code: 'E-IDENT', exitCode: 3 });
  await assert.rejects(checked({ identity: { serial: null, uuid: 'OTHER' } }), { code: 'E-IDENT' });
  await assert.rejects(checked({ bootMACAddress: '52:54:00:00:00:99' }), { code: 'E-IDENT' });
});

test('check-bmc warns when there is nothing to compare', async () => {
  const said = await checked({}, { ...identity, macs: [] });
  assert.deepEqual(
    said.map(({ event }) => event.type),
    ['warning'],
  );
});

test('check-bmc does not mind a MAC that the BMC does not list when the serial number agrees', async () => {
  assert.deepEqual(
    await checked({ bootMACAddress: '52:54:00:00:00:99', identity: { serial: 'SERIAL', uuid: null } }),
    [],
  );
});

test('insert-media ejects what is there, inserts, and goes on when the ISO was read', async () => {
  const { host, world } = scene({
    read: 10,
    bmc: { power: 'On', image: 'http://old/x.iso', enabled: 'Disabled', target: null, did: [] },
  });
  const { bytesAtInsert } = await run(insertMedia, host, never);
  assert.deepEqual(world.bmc.did, ['eject', 'insert']);
  assert.equal(bytesAtInsert, 10);
});

test('insert-media inserts again even when the slot claims to hold the same URL', async () => {
  const { host, world } = scene({
    read: 10,
    bmc: { power: 'On', image: 'http://192.0.2.1:1/token/boot.iso', enabled: 'Disabled', target: null, did: [] },
  });
  await run(insertMedia, host, never);
  assert.deepEqual(world.bmc.did, ['eject', 'insert']);
});

test('insert-media goes on with a warning when nothing was read in 30 seconds', async () => {
  const { host, said, clock } = scene();
  const ended = run(insertMedia, host, never);
  await clock.advance(29_000);
  assert.ok(!said.some(({ event }) => event.type === 'warning'));
  await clock.advance(3000);
  await ended;
  assert.ok(said.some(({ event }) => event.type === 'warning'));
});

test('boot-once switches off, sets the override, reads it back and switches on, in that order', async () => {
  const { host, world } = scene({ bmc: { power: 'On', image: 'x', enabled: 'Disabled', target: null, did: [] } });
  await run(bootOnce, host, never);
  assert.deepEqual(world.bmc.did, ['off', 'override', 'on']);
});

test('boot-once sends no power-off to a machine that is off, and writes the override though it reads as set', async () => {
  const { host, world } = scene({ bmc: { power: 'Off', image: 'x', enabled: 'Once', target: 'Cd', did: [] } });
  await run(bootOnce, host, never);
  assert.deepEqual(world.bmc.did, ['override', 'on']);
});

test('await-agent knows the machine by its MAC', async () => {
  const { host } = scene({ clusters: [cluster({ hosts: [hostRecord()] })] });
  assert.deepEqual(await awaitAgent.look(host, never), { so: true, facts: { hostId: 'h1' } });
});

test('await-agent refuses a machine that is not in the inventory', async () => {
  const inventory = hostRecord({}, 'STRANGER').inventory?.replace(MAC, '52:54:00:00:00:99') ?? '';
  const { host } = scene({ clusters: [cluster({ hosts: [hostRecord({ inventory })] })] });
  await assert.rejects(awaitAgent.look(host, never), { code: 'E-HOST-EXTRA', exitCode: 3 });
});

test('await-agent tells a boot from something else from one that never came to booting', async () => {
  for (const [enabled, code] of [
    ['Disabled', 'E-BOOT-IGNORED'],
    ['Once', 'E-MEDIA-NOREAD'],
  ] as const) {
    const { host, clock } = scene({
      clusters: [cluster()],
      bmc: { power: 'On', image: 'x', enabled, target: 'Cd', did: [] },
    });
    const ended = assert.rejects(run(awaitAgent, host, never), { code });
    await clock.advance(11 * MINUTE);
    await ended;
  }
});

test('await-agent does not take the record of an earlier boot for this one', async () => {
  const earlier = hostRecord({ status: 'known', checked_in_at: '2026-01-01T10:00:00.000Z' });
  const { host, world } = scene({ clusters: [cluster({ status: 'ready', hosts: [earlier] })] });
  assert.equal((await awaitAgent.look(host, never)).so, false);
  world.clusters = [cluster({ hosts: [{ ...earlier, checked_in_at: '2026-01-01T10:09:00.000Z' }] })];
  assert.equal((await awaitAgent.look(host, never)).so, true);
});

test('await-agent lets a slow BMC read for hours, and gives up 30 minutes after the last byte', async () => {
  const { host, world, clock, said } = scene({ clusters: [cluster()] });
  const ended = assert.rejects(run(awaitAgent, host, never), { code: 'E-HOST-NOAGENT' });
  for (let minute = 0; minute < 90; minute++) {
    world.read += 10;
    await clock.advance(MINUTE);
  }
  assert.ok(said.some(({ event }) => 'percent' in event && event.percent === 90));
  await clock.advance(29 * MINUTE);
  assert.ok(!said.some(({ event }) => event.type === 'stage.failed'));
  await clock.advance(2 * MINUTE);
  await ended;
});

const assigned = (record: ReturnType<typeof hostRecord>, spec = clusterSpec) =>
  scene({ clusters: [cluster({ hosts: [record] })] }, spec);

test('assign-hosts sends name, role, disk and what must not be formatted in one PATCH', async () => {
  const { context, world } = assigned(
    hostRecord({ disks_to_be_formatted: '/dev/disk/by-id/wwn-sda,/dev/disk/by-id/wwn-sdb' }),
  );
  await assignHosts.act?.(context, 'host host-0', never);
  assert.deepEqual(world.patches, [
    {
      what: 'host',
      fields: {
        host_name: 'host-0',
        host_role: 'master',
        disks_selected_config: [{ id: '/dev/disk/by-id/wwn-sda', role: 'install' }],
        disks_skip_formatting: [{ disk_id: '/dev/disk/by-id/wwn-sdb', skip_formatting: true }],
      },
    },
  ]);
});

test('assign-hosts is over when the service holds all of it already', async () => {
  const { context } = assigned(
    hostRecord({ requested_hostname: 'host-0', role: 'master', installation_disk_id: '/dev/disk/by-id/wwn-sda' }),
  );
  assert.equal((await assignHosts.look(context, never)).so, true);
});

test('assign-hosts refuses an agent on a machine with another serial number', async () => {
  const { context } = assigned(hostRecord({}, 'STRANGER'));
  await assert.rejects(assignHosts.look(context, never), { code: 'E-IDENT', exitCode: 3 });
});

test('assign-hosts refuses an agent whose NICs are none of that machine', async () => {
  const stranger = hostRecord({ inventory: hostRecord({}, '').inventory?.replace(MAC, '52:54:00:00:00:99') ?? '' });
  await assert.rejects(assignHosts.look(assigned(stranger).context, never), {
    code: 'E-IDENT',
    message: /52:54:00:00:00:99/,
  });
});

test("Dell's service tag, which is its SKU, is a serial number of the machine", async () => {
  const dell = { ...identity, serial: 'CNBOARD', sku: 'TAG1234' };
  const clusters = [cluster({ hosts: [hostRecord({}, 'tag1234')] })];
  const look = await assignHosts.look(scene({ clusters }, clusterSpec, dell).context, never);
  assert.equal(look.so ? 'all is assigned' : look.seen, 'host-0: host_name is not set');
  assert.deepEqual(await checked({ identity: { serial: 'TAG1234', uuid: null } }, dell), []);
});

const nmstate = (...networks: string[]) => ({
  interfaces: networks.map((ip, index) => ({
    name: `eno${index}`,
    type: 'ethernet',
    ipv4: { enabled: true, address: [{ ip, 'prefix-length': 24 }] },
  })),
  routes: {
    config: networks.map((ip, index) => ({
      destination: '0.0.0.0/0',
      'next-hop-address': ip,
      'next-hop-interface': `eno${index}`,
    })),
  },
});

const withNetworks = (networkConfig: object | null, machineNetwork: string | null = null) => ({
  ...clusterSpec,
  machineNetwork,
  hosts: [{ ...hostSpec, networkConfig }],
});

test('the machine network is the given one, else the only one with the default route, else nothing is sent', async () => {
  const table: [ReturnType<typeof withNetworks>, string | undefined][] = [
    [withNetworks(nmstate('10.0.0.5', '10.0.1.5'), '10.0.1.0/24'), 'machine network 10.0.1.0/24 is not set'],
    [withNetworks(nmstate('10.0.0.5')), 'machine network 10.0.0.0/24 is not set'],
    [withNetworks(null), 'host-0: host_name is not set'],
  ];
  for (const [spec, seen] of table) {
    const look = await assignHosts.look(assigned(hostRecord(), spec).context, never);
    assert.equal(look.so ? undefined : look.seen, seen);
  }
});

test('several networks with a default route end with exit 3 at the barrier, with the list', async () => {
  const { context } = assigned(hostRecord(), withNetworks(nmstate('10.0.0.5', '10.0.1.5')));
  await assert.rejects(assignHosts.look(context, never), {
    code: 'E-NETWORK-AMBIGUOUS',
    exitCode: 3,
    message: /10\.0\.0\.0\/24, 10\.0\.1\.0\/24/,
  });
});

const settled = () =>
  hostRecord({ requested_hostname: 'host-0', role: 'master', installation_disk_id: '/dev/disk/by-id/wwn-sda' });
const readyScene = (record = settled()) =>
  scene({ clusters: [cluster({ status: 'ready', status_info: 'Cluster ready to be installed', hosts: [record] })] });

test('install triggers once, and fails when the service falls back from preparing', async () => {
  const { context, world, clock } = readyScene();
  const ended = assert.rejects(run(install, context, never), { code: 'E-PREPARE' });
  await clock.advance(MINUTE);
  await ended;
  assert.deepEqual(
    world.patches.map(({ what }) => what),
    ['install'],
  );
});

test('install keeps a disk that turned up after the barrier from being formatted before it triggers', async () => {
  const { context } = readyScene({ ...settled(), disks_to_be_formatted: '/dev/disk/by-id/wwn-sdb' });
  const look = await install.look(context, never);
  assert.equal(look.so ? undefined : look.due, 'host host-0');
});

test('install is not triggered any more when the run was interrupted', async () => {
  const { context, world } = readyScene();
  context.interrupted = true;
  await assert.rejects(run(install, context, never), { code: 'E-INTERRUPTED' });
  await assert.rejects(async () => install.act?.(context, 'install', never), { code: 'E-INTERRUPTED' });
  assert.deepEqual(world.patches, []);
});

test('install that is still being prepared at its deadline is stuck, not over: its hosts may begin to write', () => {
  const { context } = readyScene();
  assert.equal(install.expired(context, '').code, 'E-PREPARE');
  context.facts['preparing'] = true;
  assert.equal(install.expired(context, '').code, 'E-INSTALL-STUCK');
});

test('await-installed ends when the cluster falls back to before the installation', async () => {
  const { context } = scene({ clusters: [cluster({ status: 'ready', hosts: [settled()] })] });
  await assert.rejects(awaitInstalled.look(context, never), { code: 'E-PREPARE' });
});

test('a service that does not answer is waited for while it installs', async () => {
  const { context, host } = scene();
  const away = new SnobootError('E-SVC-UNREACH', 'no answer from the service', 'wait');
  context.run.watch.cluster = () => Promise.reject(away);
  context.facts['preparing'] = true;
  for (const look of [awaitInstalled.look(context, never), install.look(context, never), awaitReboot.look(host, never)])
    assert.equal((await look).so, false);
});

test('a host that writes its disk when the service gives up is neither ejected nor switched off, and that is said', async () => {
  const writing = { current_stage: 'Writing image to disk' };
  for (const [status_info, code] of [
    ['Host failed to install because its installation stage Writing image to disk took longer than expected', false],
    ['Failed - write error', true],
  ] as const) {
    const hosts = [hostRecord({ status: 'error', status_info, progress: writing })];
    const { context, host, world } = scene({
      clusters: [cluster({ status: 'error', hosts })],
      bmc: { power: 'On', image: 'x', enabled: 'Disabled', target: null, did: [] },
    });
    Object.assign(host.done, { media: true, power: true });
    await assert.rejects(awaitInstalled.look(context, never), { code: 'E-INSTALL' });
    host.facts['powerOff'] = true;
    const cleaned = await run(cleanup, host, never).then(
      () => true,
      (error: unknown) => (assert.equal((error as SnobootError).code, 'E-INSTALL-STUCK'), false),
    );
    assert.equal(cleaned, code);
    assert.deepEqual(world.bmc.did, code ? ['eject', 'off'] : []);
  }
});

test('an ISO that an earlier run inserted is owed by the run that watches the installation to its end', async () => {
  const { host, world } = scene({
    clusters: [cluster({ status: 'installing' })],
    bmc: { power: 'On', image: 'x', enabled: 'Disabled', target: null, did: [] },
  });
  await awaitReboot.look(host, never);
  await run(cleanup, host, never);
  assert.deepEqual(world.bmc.did, ['eject']);
});

test('eject-media leaves the power alone', async () => {
  const { host, world } = scene({ bmc: { power: 'On', image: 'x', enabled: 'Once', target: 'Cd', did: [] } });
  host.done.override = true;
  await run(ejectMedia, host, never);
  assert.deepEqual(world.bmc.did, ['eject', 'clear']);
});

test('cleanup touches nothing where nothing was done', async () => {
  const { host, world } = scene({
    bmc: { power: 'On', image: "somebody's.iso", enabled: 'Once', target: 'Pxe', did: [] },
  });
  host.facts['powerOff'] = true;
  await run(cleanup, host, never);
  assert.deepEqual(world.bmc.did, []);
});

test('cleanup gives back a machine whose power was not touched with its power as it was', async () => {
  const { host, world } = scene({ bmc: { power: 'On', image: 'x', enabled: 'Disabled', target: null, did: [] } });
  host.done.media = true;
  host.facts['powerOff'] = true;
  await run(cleanup, host, never);
  assert.deepEqual(world.bmc.did, ['eject']);
});

test('cleanup switches a machine off that was booted for nothing', async () => {
  const { host, world } = scene({ bmc: { power: 'On', image: 'x', enabled: 'Once', target: 'Cd', did: [] } });
  Object.assign(host.done, { media: true, override: true, power: true });
  host.facts['powerOff'] = true;
  await run(cleanup, host, never);
  assert.deepEqual(world.bmc.did, ['eject', 'clear', 'off']);
});

test('cleanup waits for an ISO that the BMC accepted and that shows in its slot late', async () => {
  const { host, world, clock } = scene({
    bmc: { power: 'On', image: null, enabled: 'Disabled', target: null, did: [] },
  });
  host.done.media = true;
  host.facts['insertedAt'] = clock.now();
  const cleaned = run(cleanup, host, never);
  await clock.advance(27_000);
  world.bmc.image = 'late';
  await clock.advance(MINUTE);
  await cleaned;
  assert.deepEqual([world.bmc.image, world.bmc.did], [null, ['eject']]);
});

test('cleanup does not take a machine for switched off that was told to go on a moment ago', async () => {
  const { host, world, clock } = scene({
    bmc: { power: 'Off', image: null, enabled: 'Disabled', target: null, did: [] },
  });
  Object.assign(host.done, { media: true, power: true });
  Object.assign(host.facts, { powerOff: true, poweredOnAt: clock.now() });
  const cleaned = run(cleanup, host, never);
  await clock.advance(20_000);
  world.bmc.power = 'On';
  await clock.advance(MINUTE);
  await cleaned;
  assert.deepEqual([world.bmc.power, world.bmc.did], ['Off', ['off']]);
});

test('insert-media gives a slot three minutes to read back, counted from when the BMC accepted the ISO', async () => {
  const { host, clock } = scene({ bmc: { power: 'Off', image: null, enabled: 'Disabled', target: null, did: [] } });
  const bmc = await host.bmc();
  bmc.insert = () => clock.sleep(2 * MINUTE);
  const ended = assert.rejects(run(insertMedia, host, never), {
    code: 'E-MEDIA-INSERT',
    message: /does not read back/,
  });
  await clock.advance(4 * MINUTE);
  assert.equal(host.facts['insertedAt'], 2 * MINUTE);
  await clock.advance(MINUTE + 5000);
  await ended;
});

test('a restart into the disk whose answer was lost is not sent again', async () => {
  const { host } = scene({ bmc: { power: 'On', image: null, enabled: 'Disabled', target: null, did: [] } });
  let restarts = 0;
  (await host.bmc()).power = () => {
    restarts += 1;
    return Promise.reject(new SnobootError('E-BMC-UNREACH', 'no answer', 'look'));
  };
  await run(bootDisk, host, never);
  assert.equal(restarts, 1);
});

test('create-cluster knows our tag among others, so that it creates nothing twice', async () => {
  const { context } = scene({ clusters: [cluster({ tags: 'lab, snoboot' })] });
  assert.equal((await createCluster.look(context, never)).so, true);
});

test('save-credentials waits while the service does not hand them out yet', async () => {
  const { context } = scene();
  const refused = new SnobootError('E-SVC-REFUSED', 'not yet', 'wait');
  context.run.assisted.credentialsFile = () => Promise.reject(refused);
  const look = await saveCredentials.look(context, never);
  assert.deepEqual(look, { so: false, seen: 'not yet' });
});
