/** Runs over what is there already: joined labs, clusters of others, failed and interrupted installations. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createScene, DHCP, endLabs, type Scene, STATIC } from './scene.ts';
import { endState, installed, LEFT } from './verdict.ts';

/** The error with which a cluster of the latest run ended. */
function errorOf(scene: Scene, cluster: string) {
  const ended = scene.journal().find((event) => event.type === 'cluster.ended' && event.subject === cluster);
  assert.ok(ended?.type === 'cluster.ended');
  return { code: ended.error?.code, exit: ended.exitCode, message: ended.error?.message ?? '' };
}

const setFaults = (scene: Scene, faults: string[]): void => {
  const file = join(scene.dir, 'lab.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^ {2}faults: .*$/m, `  faults: ${JSON.stringify(faults)}`));
};

after(endLabs);

describe('again', { concurrency: 2 }, () => {
  test('lab up prints one JSON object, keeps it in up.json for its owner, and deploy joins it and leaves it running', async () => {
    const scene = createScene();
    const { up, down } = await scene.labUp();
    assert.deepEqual(Object.keys(up), ['service', 'bmcs', 'connectTo', 'journalFull']);
    assert.deepEqual(Object.keys(up.bmcs[0] ?? {}), ['host', 'url', 'username', 'password', 'fingerprint']);
    const file = join(scene.dir, '.snoboot/lab/up.json');
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), up);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml']);
    assert.equal(code, 0, stderr);
    const clusters = (await (await fetch(`${up.service.url}/api/assisted-install/v2/clusters`)).json()) as {
      status: string;
    }[];
    assert.deepEqual(
      clusters.map(({ status }) => status),
      ['installed', 'installed'],
    );
    assert.equal(await down(), 0);
  });

  test('a second lab on the same folder is refused', async () => {
    const scene = createScene();
    const { down } = await scene.labUp();
    const { code, stderr } = await scene.snoboot(['lab', 'up', 'lab.yaml']);
    assert.equal(code, 3);
    assert.match(stderr, /E-LAB-BUSY/);
    await down();
  });

  test('a cluster of that name without our tag is refused with exit 3, and nothing is written for it', async () => {
    const scene = createScene();
    const { up, down } = await scene.labUp();
    const pull_secret = readFileSync(join(scene.dir, 'secrets/pull-secret.json'), 'utf8').trim();
    const body = JSON.stringify({ name: 'sno-dhcp', openshift_version: '4.20', pull_secret, control_plane_count: 1 });
    const headers = { 'content-type': 'application/json' };
    const made = await fetch(`${up.service.url}/api/assisted-install/v2/clusters`, { method: 'POST', headers, body });
    assert.equal(made.status, 201);
    const { code } = await scene.snoboot(['deploy', 'lab.yaml']);
    assert.equal(code, 6);
    const { code: error, exit } = errorOf(scene, 'sno-dhcp');
    assert.deepEqual([error, exit], ['E-SVC-EXISTS', 3]);
    assert.ok(LEFT.untouched(endState(scene.history(), DHCP)));
    assert.equal(installed(scene.history(), 'sno-ai-test').status, 'installed');
    await down();
  });

  test('a cluster that did not come to its installation is used as it is by the next run', async () => {
    const scene = createScene({ faults: [`no-agent@${STATIC}`] });
    assert.equal((await scene.snoboot(['deploy', 'lab.yaml'])).code, 6);
    setFaults(scene, []);
    const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml']);
    assert.equal(code, 0, stderr);
    const created = scene
      .history()
      .filter(({ method, path }) => method === 'POST' && String(path).endsWith('/v2/clusters'));
    assert.equal(created.length, 2);
    assert.deepEqual(installed(scene.history(), 'sno-ai-test'), { triggers: 1, status: 'installed' });
  });

  test('a cluster whose installation failed is not touched by the next run: exit 5', async () => {
    const scene = createScene({ faults: [`install-exit@${STATIC}`] });
    assert.equal((await scene.snoboot(['deploy', 'lab.yaml'])).code, 6);
    const logs = join(
      scene.dir,
      '.snoboot/runs',
      readdirSync(join(scene.dir, '.snoboot/runs'))[0] ?? '',
      'logs/sno-ai-test',
    );
    assert.ok(
      readdirSync(logs).some((name) => name.endsWith('.json')),
      'the logs of the service are in the run folder',
    );
    const before = scene.history().length;
    assert.equal((await scene.snoboot(['deploy', 'lab.yaml'])).code, 6);
    const { code, exit, message } = errorOf(scene, 'sno-ai-test');
    assert.deepEqual([code, exit], ['E-INSTALL', 5]);
    assert.match(message, /since an earlier run/);
    assert.ok(LEFT.untouched(endState(scene.history().slice(before), STATIC)));
  });
});
