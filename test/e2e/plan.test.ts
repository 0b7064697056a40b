/** `plan` on the real command line: what it says of a BMC in trouble, and of a run that was killed. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Plan } from '../../src/view/plan.ts';
import { createScene, endLabs, type Scene } from './scene.ts';

after(endLabs);

const planOf = async (scene: Scene, code: number): Promise<Plan> => {
  const ended = await scene.snoboot(['plan', 'lab.yaml', '-o', 'json']);
  assert.equal(ended.code, code, ended.stderr);
  return JSON.parse(ended.stdout) as Plan;
};

test('a BMC that refuses is in the plan and in the exit code, and the other cluster is planned all the same', async () => {
  const scene = createScene({ faults: ['bmc-401@sno-dhcp/host-0'] });
  const { clusters, erases } = await planOf(scene, 6);
  const seen = clusters.map(({ name, outcome, steps, problem, hosts: [host] }) => {
    return [name, outcome, steps.length > 0, problem?.code, host?.problem?.code, host?.identity !== null];
  });
  assert.deepEqual(seen, [
    ['sno-ai-test', 'installed', true, undefined, undefined, true],
    ['sno-dhcp', 'failed', false, 'E-BMC-AUTH', 'E-BMC-AUTH', false],
  ]);
  assert.equal(erases, 1);
  const { stdout } = await scene.snoboot(['plan', 'lab.yaml']);
  assert.match(stdout, /^sno-dhcp: absent at the service, cannot be begun\n {2}E-BMC-AUTH: /m);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80 || !line.trim().includes(' '), line);
});

test('the plan goes on from where a killed run stands: what it did is already so, and what is owed is left', async () => {
  const scene = createScene();
  const { down } = await scene.labUp();
  const { code } = await scene.snoboot(['deploy', 'lab.yaml'], async (running) => {
    await running.event((event) => event.type === 'stage.succeeded' && event.stage === 'boot-once');
    running.kill('SIGKILL');
  });
  assert.equal(code, null);
  const plan = await planOf(scene, 0);
  assert.match(plan.notes.join(), /the run \S+ is not finished: deploy goes on with it/);
  for (const { name, steps } of plan.clusters) {
    const so = steps.filter(({ when }) => when === 'so').map(({ stage }) => stage);
    assert.deepEqual(so.slice(0, 4), ['create-cluster', 'upload-manifests', 'create-infra-env', 'download-iso'], name);
    const will = steps.filter(({ when, effect }) => when === 'will' && effect !== null).map(({ stage }) => stage);
    assert.ok(will.includes('install') && will.includes('eject-media') && !will.includes('create-cluster'), name);
  }
  assert.equal((await scene.snoboot(['deploy', 'lab.yaml'])).code, 0);
  await down();
});
