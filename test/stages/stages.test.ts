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
import { cleanup } from '../../src/stages/cleanup.ts';
import { notNeeded } from '../../src/stages/clean-host.ts';
import { createCluster } from '../../src/stages/create-cluster.ts';
import { deleteCluster } from '../../src/stages/delete-cluster.ts';
import { awaitReboot } from '../../src/stages/host-progress.ts';
import { keepMedia } from '../../src/stages/keep-media.ts';
import { insertMedia } from '../../src/stages/insert-media.ts';
import { writeInstalled } from '../../src/stages/installed-record.ts';
import { install } from '../../src/stages/install.ts';
import { bootDisk, ejectMedia } from '../../src/stages/release-media.ts';
import {
  cluster,
  clusterSpec,
  goOn,
  hostRecord,
  hostSpec,
  identity,
  ISO,
  MAC,
  scene,
  tried,
  within,
  type World,
} from './scene.ts';
import { tempFolder } from '../temp-folder.ts';

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

test('check-service hinders neither cleanup nor removal by an installation that failed before', async () => {
  for (const parts of [{ goal: 'cleanup' }, { removes: true }, { goal: 'destroy', removes: true }] as const) {
    const { context } = scene({ clusters: [cluster({ status: 'error' })] });
    const look = await checkService.look(Object.assign(context, parts), never);
    assert.equal(look.so && look.facts?.['existing'], 'ended-badly', JSON.stringify(parts));
  }
});

test('check-service asks whether there is time before anything is begun, and not for what is begun or done already', async () => {
  for (const [status, refused] of [
    [undefined, true],
    ['ready', true],
    ['installing', false],
    ['installed', false],
  ] as const) {
    const { context } = scene({ clusters: status ? [cluster({ status })] : [] });
    context.mayBegin = () => {
      throw new SnobootError('E-DEADLINE', 'too late', 'later');
    };
    const looked = checkService.look(context, never);
    if (refused) await assert.rejects(looked, { code: 'E-DEADLINE' });
    else await looked;
  }
});

test('check-service refuses a version that the service does not offer', async () => {
  const { context } = scene({}, { ...clusterSpec, openshiftVersion: '4.2' });
  await assert.rejects(checkService.look(context, never), { code: 'E-SVC-REFUSED', todo: /4\.20\.3, 4\.19\.8/ });
});

const checked = (spec: Partial<typeof hostSpec>, seen = identity) => {
  const { host, said } = scene({}, { ...clusterSpec, hosts: [{ ...hostSpec, ...spec }] }, seen);
  return checkBmc.look(host, never).then(() => said.map(({ event }) => event));
};

/** What is kept of the machine of the scene. */
const PINNED = {
  type: 'pinned',
  bmc: '192.0.2.9',
  fingerprint: null,
  serial: 'SERIAL',
  uuid: 'UUID',
  how: 'inventory',
};

test('check-bmc takes the machine that the inventory names, in any spelling, and pins it', async () => {
  assert.deepEqual(await checked({ identity: { serial: 'serial', uuid: null } }), [PINNED]);
  assert.deepEqual(await checked({}), [PINNED]);
});

test('check-bmc refuses a machine with another serial number, UUID or none of the MACs', async () => {
  await assert.rejects(checked({ identity: { serial: 'OTHER', uuid: null } }), { code: 'E-IDENT', exitCode: 3 });
  await assert.rejects(checked({ identity: { serial: null, uuid: 'OTHER' } }), { code: 'E-IDENT' });
  await assert.rejects(checked({ bootMACAddress: '52:54:00:00:00:99' }), { code: 'E-IDENT' });
});

test('check-bmc refuses a machine of which the inventory says nothing that it shows, where nobody vouches', async () => {
  const looked = checked({}, { ...identity, macs: [] });
  await assert.rejects(looked, { code: 'E-IDENT-NEW', exitCode: 3, todo: /serialNumber: SERIAL .*--accept-new/ });
});

test('check-bmc does not mind a MAC that the BMC does not list when the serial number agrees', async () => {
  assert.deepEqual(await checked({ bootMACAddress: '52:54:00:00:00:99', identity: { serial: 'SERIAL', uuid: null } }), [
    PINNED,
  ]);
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

test('insert-media believes a slot that holds the URL, which only this run knows, when it was read', async () => {
  const bmc = { power: 'On' as const, image: ISO, enabled: 'Disabled', target: null, did: [] };
  const { host, world } = scene({ read: 10, bmc });
  await run(insertMedia, host, never);
  assert.deepEqual(world.bmc.did, []);
});

test('insert-media of a run that goes on leaves a live host its ISO, though the BMC shows only a file name', async () => {
  const bmc = { power: 'On' as const, image: ISO, enabled: 'Disabled', target: null, did: [] };
  const life = scene({ read: 1000, bmc });
  tried(life, 'insert-media/insert');
  life.context.run.say('c/host-0', {
    type: 'stage.succeeded',
    stage: 'insert-media',
    changed: true,
    elapsedMs: 0,
    facts: { bytesAtInsert: 10 },
  });
  const { host, world } = goOn(life);
  const image = (): string => (world.bmc.did.includes('insert') ? ISO : 'boot.iso');
  (await host.bmc()).readMedia = () => Promise.resolve({ inserted: world.bmc.image !== null, image: image() });
  await within(life.clock, 5 * MINUTE, run(insertMedia, host, never));
  assert.deepEqual(world.bmc.did, []);
});

test('insert-media inserts an ISO that the BMC lost once more, however often it was inserted before', async () => {
  const life = scene({ read: 10 });
  tried(life, 'insert-media/insert');
  life.context.run.say('c/host-0', {
    type: 'stage.succeeded',
    stage: 'keep-media',
    changed: false,
    elapsedMs: 0,
    facts: { mediaLost: true },
  });
  await within(life.clock, 5 * MINUTE, run(insertMedia, life.host, never));
  assert.deepEqual(life.world.bmc.did, ['insert']);
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

test('boot-once believes a power-on that was refused, and ends with what the BMC said', async () => {
  const { host, clock } = scene();
  (await host.bmc()).power = () => Promise.reject(new SnobootError('E-BMC-REFUSED', 'no', 'look'));
  await assert.rejects(within(clock, 11 * MINUTE, run(bootOnce, host, never)), { code: 'E-BMC-REFUSED' });
});

test('keep-media believes that the medium is gone when two readings half a minute apart say so, and no silence', async () => {
  const { host, world, clock, said } = scene({
    bmc: { power: 'On', image: ISO, enabled: 'Disabled', target: null, did: [] },
  });
  const bmc = await host.bmc();
  const { readMedia } = bmc;
  const kept = run(keepMedia, host, never);
  const told = (): boolean => said.some(({ event }) => event.type === 'recovered');
  await clock.advance(MINUTE);
  bmc.readMedia = () => Promise.reject(new SnobootError('E-BMC-UNREACH', 'no answer', 'look'));
  await clock.advance(5 * MINUTE);
  bmc.readMedia = readMedia;
  world.bmc.image = null;
  await clock.advance(30_000);
  world.bmc.image = ISO;
  await clock.advance(30_000);
  assert.equal(told(), false);
  world.bmc.image = null;
  await clock.advance(MINUTE);
  assert.equal((await kept)['mediaLost'], true);
  assert.ok(told());
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

/** A host that was discovered, and waited for an hour until its BMC lost the medium: it has just been booted once more. */
async function bootedAgain() {
  const record = (minute: string) => hostRecord({ checked_in_at: `2026-01-01T10:${minute}:00.000Z` });
  const life = scene({
    clusters: [cluster()],
    bmc: { power: 'On', image: ISO, enabled: 'Once', target: 'Cd', did: [] },
  });
  const { host, world, clock } = life;
  const discovered = run(awaitAgent, host, never);
  await clock.advance(MINUTE);
  world.read = 1000;
  await clock.advance(MINUTE);
  world.clusters = [cluster({ hosts: [record('05')] })];
  await clock.advance(MINUTE);
  await discovered;
  world.clusters = [cluster({ hosts: [record('59')] })];
  await clock.advance(60 * MINUTE);
  life.context.run.say('c/host-0', {
    type: 'stage.succeeded',
    stage: 'keep-media',
    changed: false,
    elapsedMs: 0,
    facts: { mediaLost: true },
  });
  await within(clock, MINUTE, run(bootOnce, host, never));
  return life;
}

test('await-agent does not take the record of the boot before the BMC lost the medium for this one', async () => {
  const { host } = await bootedAgain();
  assert.equal((await awaitAgent.look(host, never)).so, false);
});

test('await-agent gives a host that boots once more as long as one that boots for the first time', async () => {
  const { host, world, clock, said } = await bootedAgain();
  world.clusters = [cluster()];
  const ended = run(awaitAgent, host, never).catch(() => undefined);
  await clock.advance(5 * MINUTE);
  world.clusters = [cluster({ hosts: [hostRecord({ checked_in_at: '2026-01-01T11:30:00.000Z' })] })];
  await clock.advance(MINUTE);
  await ended;
  assert.ok(!said.some(({ event }) => event.type === 'stage.failed'));
  assert.equal(host.facts['hostId'], 'h1');
});

test('await-agent lets a slow BMC read for hours, and gives up 30 minutes after the last byte', async () => {
  const bmc = { power: 'On' as const, image: ISO, enabled: 'Once', target: 'Cd', did: [] };
  const { host, world, clock, said } = scene({ clusters: [cluster()], bmc });
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

test('assign-hosts sends name, role and disk in one PATCH', async () => {
  const { context, world } = assigned(hostRecord());
  await assignHosts.act?.(context, 'host host-0', never);
  assert.deepEqual(world.patches, [
    {
      what: 'host',
      fields: {
        host_name: 'host-0',
        host_role: 'master',
        disks_selected_config: [{ id: '/dev/disk/by-id/wwn-sda', role: 'install' }],
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
  const pinned = { ...PINNED, serial: 'CNBOARD' };
  assert.deepEqual(await checked({ identity: { serial: 'TAG1234', uuid: null } }, dell), [pinned]);
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
  assert.equal(look.so ? undefined : look.due, 'disks host-0');
});

test('install is not triggered any more when the run was interrupted', async () => {
  const { context, world } = readyScene();
  context.interrupted = true;
  await assert.rejects(run(install, context, never), { code: 'E-INTERRUPTED' });
  await assert.rejects(async () => install.act?.(context, 'install', never), { code: 'E-INTERRUPTED' });
  assert.deepEqual(world.patches, []);
});

test('install of a run that is interrupted looks what came of a trigger of an earlier life before it gives up', async () => {
  const life = readyScene();
  tried(life, 'install/install', 'unknown');
  const { context, clock, world } = goOn(life);
  context.interrupted = true;
  assert.equal((await install.look(context, never)).so, false);
  await clock.advance(MINUTE);
  await assert.rejects(install.look(context, never), { code: 'E-INTERRUPTED' });
  world.clusters = world.clusters.map((one) => ({ ...one, status: 'installing' }));
  assert.equal((await install.look(context, never)).so, true);
});

test('install that is still being prepared at its deadline is stuck, not over: its hosts may begin to write', () => {
  const { context } = readyScene();
  assert.equal(install.expired(context, '').code, 'E-PREPARE');
  context.notes['preparing'] = true;
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
  context.notes['preparing'] = true;
  for (const look of [awaitInstalled.look(context, never), install.look(context, never), awaitReboot.look(host, never)])
    assert.equal((await look).so, false);
});

test('a host that may still write its disk when the service gives up is ejected, but not switched off, and that is said', async () => {
  const writing = { current_stage: 'Writing image to disk' };
  for (const [status_info, did] of [
    [
      'Host failed to install because its installation stage Writing image to disk took longer than expected',
      ['eject'],
    ],
    ['Failed - write error', ['eject', 'off']],
  ] as const) {
    const hosts = [hostRecord({ status: 'error', status_info, progress: writing })];
    const life = scene({
      clusters: [cluster({ status: 'error', hosts })],
      bmc: { power: 'On', image: 'x', enabled: 'Disabled', target: null, did: [] },
    });
    const { context, host, world, said, clock } = life;
    for (const effect of ['insert-media/insert', 'boot-once/power-off', 'install/install']) tried(life, effect);
    await assert.rejects(awaitInstalled.look(context, never), { code: 'E-INSTALL' });
    host.notes['powerOff'] = true;
    Object.assign(host.facts, { bytesAtInsert: 10 });
    await within(clock, MINUTE, run(cleanup, host, never));
    assert.deepEqual(world.bmc.did, did);
    const warned = said.some(({ event }) => event.type === 'warning' && event.text.startsWith('left on, because'));
    assert.equal(warned, did.length === 1);
  }
});

test('a host is not switched off while the service, which was triggered, cannot say what it does', async () => {
  const life = scene({ bmc: { power: 'On', image: 'x', enabled: 'Disabled', target: null, did: [] } });
  for (const effect of ['insert-media/insert', 'boot-once/power-on', 'install/install']) tried(life, effect);
  const { context, host, world } = life;
  context.run.watch.cluster = () => Promise.reject(new SnobootError('E-SVC-UNREACH', 'no answer', 'wait'));
  host.notes['powerOff'] = true;
  Object.assign(host.facts, { bytesAtInsert: 10 });
  await within(life.clock, MINUTE, run(cleanup, host, never));
  assert.deepEqual(world.bmc.did, ['eject']);
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
  const life = scene({ bmc: { power: 'On', image: 'x', enabled: 'Once', target: 'Cd', did: [] } });
  for (const effect of ['insert-media/insert', 'boot-once/override']) tried(life, effect);
  await run(ejectMedia, life.host, never);
  assert.deepEqual(life.world.bmc.did, ['eject', 'clear']);
});

/** What cleanup does to a machine that must end switched off, after these effects of a boot that is over. */
async function cleaned(bmc: Omit<World['bmc'], 'did'>, effects: string[]): Promise<string[]> {
  const life = scene({ bmc: { ...bmc, did: [] } });
  for (const effect of effects) tried(life, effect);
  life.host.notes['powerOff'] = true;
  Object.assign(life.host.facts, { bytesAtInsert: 10 });
  await within(life.clock, MINUTE, run(cleanup, life.host, never));
  return life.world.bmc.did;
}

test('cleanup touches nothing where nothing was done', async () => {
  assert.deepEqual(await cleaned({ power: 'On', image: "somebody's.iso", enabled: 'Once', target: 'Pxe' }, []), []);
});

test('cleanup gives back a machine whose power was not touched with its power as it was', async () => {
  const bmc = { power: 'On' as const, image: 'x', enabled: 'Disabled', target: null };
  assert.deepEqual(await cleaned(bmc, ['insert-media/insert']), ['eject']);
});

test('cleanup switches a machine off that was booted for nothing', async () => {
  const effects = ['insert-media/insert', 'boot-once/power-off', 'boot-once/override', 'boot-once/power-on'];
  const bmc = { power: 'On' as const, image: 'x', enabled: 'Once', target: 'Cd' };
  assert.deepEqual(await cleaned(bmc, effects), ['eject', 'clear', 'off']);
});

test("cleanup on a person's word leaves a medium that is not ours where it is, also where an override is cleared", async () => {
  const { host, world, said, clock } = scene({
    clusters: [cluster()],
    bmc: { power: 'On', image: 'http://elsewhere/rescue.iso', enabled: 'Once', target: 'Cd', did: [] },
  });
  await notNeeded(host);
  await within(clock, MINUTE, run(cleanup, host, never));
  assert.ok(said.some(({ event }) => event.type === 'warning' && event.text.includes('was left there')));
  assert.deepEqual([world.bmc.image, world.bmc.did], ['http://elsewhere/rescue.iso', ['clear']]);
});

test('cleanup waits for an ISO that the BMC accepted and that shows in its slot late', async () => {
  const life = scene({ bmc: { power: 'On', image: null, enabled: 'Disabled', target: null, did: [] } });
  const { host, world, clock } = life;
  tried(life, 'insert-media/insert');
  const cleaned = run(cleanup, host, never);
  await clock.advance(27_000);
  world.bmc.image = 'late';
  await clock.advance(MINUTE);
  await cleaned;
  assert.deepEqual([world.bmc.image, world.bmc.did], [null, ['eject']]);
});

test('cleanup does not take a machine for switched off that was told to go on a moment ago', async () => {
  const life = scene({ bmc: { power: 'Off', image: null, enabled: 'Disabled', target: null, did: [] } });
  const { host, world, clock } = life;
  tried(life, 'boot-once/power-on');
  host.notes['powerOff'] = true;
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
  assert.equal(host.deeds.last('insert-media', 'insert')?.at, 2 * MINUTE);
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

test('a restart into the disk that an earlier life may have sent is not sent again', async () => {
  const life = scene({ bmc: { power: 'On', image: null, enabled: 'Disabled', target: null, did: [] } });
  tried(life, 'boot-disk/restart', 'unknown');
  const { host, world, clock } = goOn(life);
  await clock.advance(10 * MINUTE);
  await within(clock, MINUTE, run(bootDisk, host, never));
  assert.deepEqual([world.bmc.did, host.facts['restarts']], [[], 1]);
});

test('a restart into the disk that was refused ends with what the BMC said', async () => {
  const { host, clock } = scene({ bmc: { power: 'On', image: null, enabled: 'Disabled', target: null, did: [] } });
  (await host.bmc()).power = () => Promise.reject(new SnobootError('E-BMC-REFUSED', 'no', 'look'));
  await assert.rejects(within(clock, 6 * MINUTE, run(bootDisk, host, never)), { code: 'E-BMC-REFUSED' });
});

test('create-cluster knows our tag among others, so that it creates nothing twice', async () => {
  const { context } = scene({ clusters: [cluster({ tags: 'lab, snoboot' })] });
  assert.equal((await createCluster.look(context, never)).so, true);
});

test('delete-cluster forgets what is kept of an installation, also of one that came after it was last forgotten', async () => {
  const life = scene();
  const { context } = life;
  context.run.clustersDir = tempFolder();
  for (const type of ['intent', 'result'] as const)
    context.run.say('c', { type, stage: 'delete-cluster', effect: 'forget', try: 1 });
  const facts = { removed: true, clusterId: 'c1' };
  context.run.say('c', { type: 'stage.succeeded', stage: 'delete-cluster', changed: true, elapsedMs: 0, facts });
  await writeInstalled(context);
  context.run.assisted.getCluster = () => Promise.resolve(cluster());
  const look = await deleteCluster.look(context, never);
  assert.equal(!look.so && look.due, 'forget');
});
