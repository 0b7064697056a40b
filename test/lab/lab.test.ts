import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClock } from '../../src/core/clock.ts';
import type { World } from '../../src/lab/world.ts';
import { bootFromIso, createCluster, hostSpec, PATHS, type Scene, startScene } from './lab-client.ts';

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
  const stages = scene.history().filter(({ kind }) => kind === 'stage').map(({ stage }) => stage);
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
  assert.equal(content.kind, 'installed');
  assert.equal(content.kind === 'installed' && content.files['/etc/crio/crio.conf.d/01-workload'], '[crio]');
  assert.equal(statSync(join(scene.dir, 'world.json')).mode & 0o777, 0o600);
});
