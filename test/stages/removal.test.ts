/** How a cluster is removed: in which order, what is waited for, and what is left alone. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import type { Host } from '../../src/assisted/types.ts';
import { SnobootError } from '../../src/core/errors.ts';
import { cancelInstall } from '../../src/stages/cancel-install.ts';
import { deleteCluster } from '../../src/stages/delete-cluster.ts';
import { MINUTE, SECOND } from '../../src/stages/stage.ts';
import { takeDown } from '../../src/stages/take-down.ts';
import { drive, type Kill, life, OUR_ISO, removal, removalScene, type Scene } from './removal-scene.ts';

const TAKEN_DOWN = ['off', 'eject', 'clear-override'];
const DELETED = ['delete-host h1', 'delete-infra-env i1', 'delete-cluster'];

const scenes: Scene[] = [];
afterEach(async () => {
  for (const { clustersDir } of scenes.splice(0)) await rm(clustersDir, { recursive: true, force: true });
});

async function sceneOf(parts: Parameters<typeof removalScene>[0] = {}): Promise<Scene> {
  const scene = await removalScene(parts);
  scenes.push(scene);
  return scene;
}

/** A cluster under installation, its host at this stage. */
function installing(stage: string, info = '', status = 'installing-in-progress') {
  const record: Host = {
    id: 'h1',
    status,
    status_info: stage,
    status_updated_at: '2025-12-31T23:00:00.000Z',
    progress: { current_stage: stage, progress_info: info },
  };
  const cluster = { id: 'c1', name: 'c', status: 'installing', status_info: '', tags: 'snoboot', hosts: [] };
  return { record, cluster };
}

/** The host's stage at the service from now on. */
function enter({ world }: Scene, stage: string, info = ''): void {
  if (world.record?.status === 'installing-in-progress')
    world.record.progress = { current_stage: stage, progress_info: info };
}

describe('the removal of a cluster', () => {
  it('takes the machine down before it deletes host, infra-env and cluster', async () => {
    const scene = await sceneOf();
    await removal(scene);
    assert.deepEqual(scene.did, [...TAKEN_DOWN, ...DELETED]);
    const { removed, clusterId } = scene.kept.cluster.facts;
    assert.deepEqual([removed, clusterId], [true, null]);
  });

  it('cancels an installation first', async () => {
    const scene = await sceneOf(installing('Waiting for bootkube'));
    await removal(scene);
    assert.deepEqual(scene.did, ['cancel', ...TAKEN_DOWN, ...DELETED]);
  });

  it('has nothing to do where nothing is', async () => {
    const bmc = { power: 'Off' as const, image: null, enabled: 'Disabled', target: null };
    const scene = await sceneOf({ cluster: null, record: null, infraEnvs: [], bmc });
    scene.kept.cluster.facts['clusterId'] = null;
    await removal(scene);
    assert.deepEqual(scene.did, []);
  });

  it('is content when somebody deleted the cluster meanwhile, and takes the infra-env that it left', async () => {
    const scene = await sceneOf();
    scene.meanwhile = () => scene.did.includes('eject') && Object.assign(scene.world, { cluster: null, record: null });
    await removal(scene);
    assert.deepEqual(scene.did, [...TAKEN_DOWN, 'delete-infra-env i1']);
  });

  const kills = [0, 1, 2, 3, 4, 5, 6].flatMap((at): Kill[] => [
    { at, when: 'before' },
    { at, when: 'after' },
  ]);
  for (const kill of kills)
    it(`comes to the same end when it is killed right ${kill.when} effect ${kill.at + 1}`, async () => {
      const scene = await sceneOf(installing('Waiting for bootkube'));
      scene.kill = kill;
      await removal(scene);
      assert.deepEqual(scene.did, ['cancel', ...TAKEN_DOWN, ...DELETED]);
      assert.equal(scene.lives, 2);
    });

  const strangers = { 'without our tag': { tags: 'snoboot2' }, 'of another name': { name: 'd' } };
  for (const [what, change] of Object.entries(strangers))
    it(`refuses a cluster ${what} at every stage`, async () => {
      const scene = await sceneOf();
      Object.assign(scene.world.cluster!, change);
      const { cluster, host } = life(scene);
      const refused = { code: 'E-SVC-EXISTS', exitCode: 3 };
      await assert.rejects(drive(cancelInstall, cluster), refused);
      await assert.rejects(drive(takeDown, host), refused);
      await assert.rejects(drive(deleteCluster, cluster), refused);
      assert.deepEqual(scene.did, []);
    });
});

describe('a host that writes its disk', () => {
  it('is waited for until it reboots', async () => {
    const scene = await sceneOf(installing('Writing image to disk', '40%'));
    const stages: string[] = [];
    scene.meanwhile = (minutes) => {
      if (minutes >= 12) enter(scene, 'Rebooting');
      if (scene.did.length > 0) stages.push(scene.world.record?.progress?.current_stage ?? 'gone');
    };
    await removal(scene);
    assert.deepEqual(scene.did, ['cancel', ...TAKEN_DOWN, ...DELETED]);
    assert.ok(!stages.includes('Writing image to disk'));
  });

  it('is left alone after 30 minutes: E-INSTALLING, exit 3', async () => {
    const scene = await sceneOf(installing('Writing image to disk', '70%'));
    const started = scene.clock.now();
    await assert.rejects(removal(scene), { code: 'E-INSTALLING', exitCode: 3, message: /c\/host-0.*70%/ });
    assert.equal(scene.clock.now() - started, 30 * MINUTE);
    assert.deepEqual(scene.did, []);
  });

  it('is not cancelled when it begins between the look and the call', async () => {
    const scene = await sceneOf(installing('Waiting for bootkube'));
    let readings = 0;
    scene.meanwhile = (minutes) => {
      if (++readings === 2) enter(scene, 'Writing image to disk', '0%');
      if (minutes >= 5) enter(scene, 'Rebooting');
      if (scene.did.length === 1) assert.equal(scene.world.record?.progress?.current_stage, 'Rebooting');
    };
    await removal(scene);
    assert.equal(scene.did[0], 'cancel');
  });

  it('is not switched off when it begins between the look and the call', async () => {
    const scene = await sceneOf(installing('Waiting for bootkube'));
    let readings = 0;
    scene.meanwhile = () => {
      if (++readings === 2) enter(scene, 'Writing image to disk', '0%');
    };
    await assert.rejects(drive(takeDown, life(scene).host), { code: 'E-INSTALLING' });
    assert.deepEqual(scene.did, []);
  });

  it('is waited for by the machine that is to be taken down, too', async () => {
    const scene = await sceneOf(installing('Writing image to disk', '90%'));
    scene.meanwhile = (minutes) => {
      if (minutes >= 2) enter(scene, 'Rebooting');
    };
    const { host } = life(scene);
    await drive(takeDown, host);
    assert.equal(host.deeds.last('take-down', 'power-off')?.at, scene.clock.now());
    assert.deepEqual(scene.did, TAKEN_DOWN);
  });

  for (const status of ['error', 'cancelled'])
    it(`may still do so when the service gave it up (${status}): only its power says otherwise`, async () => {
      const parts = installing('Writing image to disk', '70%', status);
      parts.cluster.status = status;
      const scene = await sceneOf(parts);
      await assert.rejects(removal(scene), { code: 'E-INSTALLING', message: /gave it up/ });
      assert.deepEqual(scene.did, []);
      scene.world.bmc.power = 'Off';
      await removal(scene);
      assert.deepEqual(scene.did, ['eject', 'clear-override', ...DELETED]);
    });

  it('does so no more when its installer said that it failed', async () => {
    const parts = installing('Writing image to disk', '70%', 'error');
    Object.assign(parts.cluster, { status: 'error' });
    Object.assign(parts.record, { status_info: 'Failed - cannot write' });
    const scene = await sceneOf(parts);
    await removal(scene);
    assert.deepEqual(scene.did, [...TAKEN_DOWN, ...DELETED]);
  });
});

describe('a host whose installation was cancelled before it wrote', () => {
  it('is switched off only after its agent was told to stop', async () => {
    const scene = await sceneOf(installing('Waiting for bootkube'));
    await scene.clock.advance(10 * SECOND);
    const cancelled = scene.clock.now();
    const { cluster, host } = life(scene);
    await drive(cancelInstall, cluster);
    const waited = scene.clock.now() - cancelled;
    assert.ok(waited >= 50 * SECOND + 30 * SECOND && waited < 2 * MINUTE, `${waited}`);
    await drive(takeDown, host);
    assert.deepEqual(scene.did, ['cancel', ...TAKEN_DOWN]);
  });

  it('is not waited for longer than five minutes when nothing is heard of it', async () => {
    const parts = installing('Installing', '', 'cancelled');
    Object.assign(parts.cluster, { status: 'cancelled' });
    parts.record.status_updated_at = '2027-01-01T00:00:00.000Z';
    const scene = await sceneOf(parts);
    const started = scene.clock.now();
    await drive(cancelInstall, life(scene).cluster);
    assert.equal(scene.clock.now() - started, 5 * MINUTE);
  });
});

describe('the machine that is taken down', () => {
  const kept: [string, string][] = [
    ['another URL', 'http://files.example.com/rhel/boot.iso'],
    ['a file name that others use too', 'boot.iso'],
  ];
  for (const [what, image] of kept)
    it(`keeps a medium that is not known to be ours: ${what}`, async () => {
      const scene = await sceneOf({ bmc: { power: 'On', image, enabled: 'Disabled', target: null } });
      await drive(takeDown, life(scene).host);
      assert.deepEqual([scene.did, scene.world.bmc.image], [['off'], image]);
      assert.equal(scene.said.filter(({ type }) => type === 'warning').length, 1);
    });

  it('lets go of a medium of which the BMC shows only the name, when this run inserted it', async () => {
    const scene = await sceneOf({ bmc: { power: 'Off', image: 'boot.iso', enabled: 'Disabled', target: null } });
    scene.kept.host.deeds.intend('insert-media', 'insert', 1, 0);
    await drive(takeDown, life(scene).host);
    assert.deepEqual(scene.did, ['eject']);
  });

  it('keeps an override that is for no CD', async () => {
    const bmc = { power: 'Off' as const, image: null, enabled: 'Continuous', target: 'Hdd' };
    const scene = await sceneOf({ bmc });
    await drive(takeDown, life(scene).host);
    assert.deepEqual(scene.did, []);
  });

  it('clears an override once where the BMC goes on showing it', async () => {
    const bmc = { power: 'Off' as const, image: null, enabled: 'Continuous', target: 'Cd' };
    const scene = await sceneOf({ bmc });
    scene.shows = { enabled: 'Continuous', target: 'Cd', mode: null };
    await drive(takeDown, life(scene).host);
    assert.deepEqual(scene.did, ['clear-override']);
  });

  const late = {
    'E-POWER': { power: 'changing' as const, image: OUR_ISO, enabled: 'Disabled', target: null },
    'E-MEDIA-EJECT': { power: 'Off' as const, image: OUR_ISO, enabled: 'Disabled', target: null },
  };
  for (const [code, bmc] of Object.entries(late))
    it(`ends with ${code} when that is what is missing after ten minutes`, async () => {
      const scene = await sceneOf({ bmc });
      const { host } = life(scene);
      await assert.rejects(drive({ ...takeDown, act: () => Promise.resolve() }, host), { code });
    });
});

describe('what is deleted at the service', () => {
  it('includes hosts of the infra-env that no cluster has', async () => {
    const scene = await sceneOf({ others: [{ id: 'h2', status: 'known-unbound', status_info: '' }] });
    await drive(deleteCluster, life(scene).cluster);
    assert.deepEqual(scene.did, ['delete-host h1', 'delete-host h2', 'delete-infra-env i1', 'delete-cluster']);
  });

  it('never includes a host that another cluster has: the infra-env is then refused', async () => {
    const scene = await sceneOf({ others: [{ id: 'h2', cluster_id: 'c2', status: 'installing', status_info: '' }] });
    await assert.rejects(drive(deleteCluster, life(scene).cluster), { code: 'E-SVC-REFUSED' });
    assert.deepEqual(scene.did, ['delete-host h1']);
  });

  it('comes after what is known of the cluster here', async () => {
    const scene = await sceneOf();
    scene.kill = { at: 0, when: 'before' };
    await assert.rejects(drive(deleteCluster, life(scene).cluster));
    assert.equal(existsSync(join(scene.clustersDir, 'c', 'kubeconfig')), false);
  });

  it('counts as deleted when somebody else was faster', async () => {
    const scene = await sceneOf();
    const { cluster } = life(scene);
    cluster.run.assisted.deleteHost = () => {
      scene.world.record = null;
      return Promise.reject(new SnobootError('E-SVC-GONE', 'record not found', ''));
    };
    await drive(deleteCluster, cluster);
    assert.equal(cluster.deeds.last('delete-cluster', 'delete-host h1')?.outcome, 'done');
  });

  it('is nothing while the cluster is being installed', async () => {
    const scene = await sceneOf(installing('Installing'));
    await assert.rejects(drive(deleteCluster, life(scene).cluster), { code: 'E-INSTALLING' });
    assert.deepEqual(scene.did, []);
  });
});
