/** A cluster's machine with the stages of a run, over a service and a BMC of plain values: lives that go on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SnobootError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';
import { runCluster } from '../../src/run/actors.ts';
import { createStageRunner } from '../../src/run/stage-runner.ts';
import { HOUR } from '../../src/stages/stage.ts';
import { kubeconfig } from '../kube/documents.ts';
import { cluster, goOn, hostRecord, ISO, type Life, scene, tried, within } from '../stages/scene.ts';
import { tempFolder } from '../temp-folder.ts';

const BOOT = ['insert-media/insert', 'boot-once/power-off', 'boot-once/override', 'boot-once/power-on'];
const away = () => Promise.reject(new SnobootError('E-SVC-UNREACH', 'no answer', 'wait'));

/** A life that goes on after one that triggered the installation and was killed while its host was at this stage. */
function installing(
  current_stage: string,
  parts: Partial<Parameters<typeof hostRecord>[0]> = {},
  trigger: 'done' | 'unknown' | 'lost' = 'done',
): Life {
  const record = hostRecord({ status: 'installing-in-progress', progress: { current_stage }, ...parts });
  const life = scene({
    read: 1000,
    clusters: [cluster({ status: 'installing', hosts: [record] })],
    bmc: { power: 'On', image: ISO, enabled: 'Disabled', target: null, did: [] },
  });
  for (const effect of BOOT) tried(life, effect);
  tried(life, 'install/install', trigger);
  const next = goOn(life);
  next.context.run.clustersDir = tempFolder();
  return next;
}

/** Runs the life to its end; `began` may stop it. */
async function end(
  life: Life,
  began: (run: ReturnType<typeof runCluster>) => void = () => undefined,
  verifies = false,
) {
  const run = runCluster(life.context, createStageRunner(), verifies);
  began(run);
  return within(life.clock, HOUR, run.output);
}

describe('a host that an earlier life of the run has begun to install', () => {
  const atStages = ['Starting installation', 'Writing image to disk'];

  test('keeps its ISO and its power when the service does not answer', async () => {
    for (const stage of atStages) {
      const life = installing(stage);
      life.context.run.assisted.version = away;
      const { outcome, error, leftovers } = await end(life);
      assert.deepEqual([outcome, error?.code, leftovers.length], ['failed', 'E-SVC-UNREACH', 1]);
      assert.deepEqual(life.world.bmc.did, []);
    }
  });

  test('keeps them when its BMC cannot be asked any more', async () => {
    for (const stage of atStages) {
      const life = installing(stage);
      const bmc = await life.host.bmc();
      let asked = 0;
      life.host.bmc = () =>
        asked++ === 0 ? Promise.reject(new SnobootError('E-BMC-UNREACH', 'no answer', 'look')) : Promise.resolve(bmc);
      const { error } = await end(life);
      assert.equal(error?.code, 'E-BMC-UNREACH');
      assert.deepEqual(life.world.bmc.did, []);
    }
  });

  test('keeps them when the run is interrupted as it begins', async () => {
    for (const stage of atStages) {
      const life = installing(stage);
      const { outcome } = await end(life, ({ cancel }) => cancel());
      assert.equal(outcome, 'left-installing');
      assert.deepEqual(life.world.bmc.did, []);
    }
  });

  test('keeps them though nobody knows that the trigger was taken', async () => {
    for (const trigger of ['unknown', 'lost'] as const) {
      const life = installing('Starting installation', {}, trigger);
      const { outcome } = await end(life, ({ cancel }) => cancel());
      assert.equal(outcome, 'left-installing', trigger);
      assert.deepEqual(life.world.bmc.did, [], trigger);
    }
  });

  test('is ejected as soon as it reboots, and left alone then', async () => {
    const life = installing('Rebooting');
    const { outcome, leftovers } = await end(life, ({ cancel }) => void life.clock.sleep(60_000).then(cancel));
    assert.deepEqual([outcome, leftovers], ['left-installing', []]);
    assert.deepEqual(life.world.bmc.did, ['eject']);
  });
});

test("a cluster that was installed while no process of its run lived is this run's: asked how it is, not called unchanged", async () => {
  const life = installing('Done', { status: 'installed' });
  const { world, context, said } = life;
  world.clusters = world.clusters.map((one) => ({ ...one, status: 'installed' }));
  context.run.assisted.credentialsFile = () => Promise.resolve(new Secret(JSON.stringify(kubeconfig())));
  context.run.assisted.consoleUrl = () => Promise.resolve('https://console.c.example.com');
  const nodes = [{ name: 'host-0', ready: true }];
  context.run.askCluster = () =>
    Promise.resolve({ version: '4.20.4', available: true, progressing: null, nodes, degraded: [], unavailable: [] });
  const { outcome } = await end(life, () => undefined, true);
  assert.deepEqual(world.bmc.did, ['eject']);
  assert.ok(said.some(({ event }) => event.type === 'stage.started' && event.stage === 'verify-cluster'));
  assert.equal(outcome, 'installed');
});

test('an ISO that another run inserted is owed where the installation that this run only watched stands still', async () => {
  const record = hostRecord({ status: 'installing-in-progress', progress: { current_stage: 'Writing image to disk' } });
  const bmc = { power: 'On' as const, image: ISO, enabled: 'Disabled', target: null, did: [] };
  const life = scene({ clusters: [cluster({ status: 'installing', hosts: [record] })], bmc });
  const { output } = runCluster(life.context, createStageRunner(), false);
  const { error, leftovers } = await within(life.clock, 5 * HOUR, output);
  assert.deepEqual([error?.code, life.world.bmc.did], ['E-INSTALL-STUCK', []]);
  assert.match(leftovers.join(), /^c\/host-0: the ISO is still inserted/);
});
