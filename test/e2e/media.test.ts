/** A host that lives on its ISO, and a media server or a run that is killed meanwhile: it reads on, and nothing is done to it twice. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { effects, ONCE } from './destructive.ts';
import { createScene, endLabs, type Running, type Scene, STATIC } from './scene.ts';
import { imagesOf, isosOf, isServed, lives, mediaPid, onlyStatic, until } from './traces.ts';
import { endState, installed, LEFT } from './verdict.ts';

const LAB_MINUTE_MS = 600;
const BACK_MS = 2000;

const createOne = (): Scene => createScene({ factor: 100, edit: onlyStatic });

/** Until the host has booted, and reads. */
const reads = (running: Running): Promise<void> =>
  running.event((event) => event.type === 'media.read' && event.total > event.size / 10);

/** Until the installer writes: the live system still pages from the ISO. */
const writes = (running: Running): Promise<void> =>
  running.event(
    (event) => event.type === 'stage.progressed' && event.stage === 'await-reboot' && (event.percent ?? 0) > 0,
  );

/** Installed, each destructive effect once, always read from the one URL, and nothing of it left on this machine. */
async function assertWell(scene: Scene, servers: number[]): Promise<void> {
  const history = scene.history();
  assert.deepEqual(effects(history, STATIC), ONCE[STATIC]);
  assert.deepEqual(installed(history, 'sno-ai-test'), { triggers: 1, status: 'installed' });
  assert.ok(LEFT.done(endState(history, STATIC)), 'the machine is left installed and clean');
  const urls = imagesOf(history, STATIC);
  assert.equal(urls.length, 1, 'one URL in all lives of run and server');
  assert.equal(await isServed(urls[0]!), false);
  await until(() => !servers.some(lives));
  assert.deepEqual(isosOf(scene), []);
}

after(endLabs);

describe('a live host', { concurrency: 3 }, () => {
  test('reads on when the media server is killed, while it boots and while it is installed', async () => {
    const scene = createOne();
    const servers: number[] = [];
    const killServer = async (): Promise<void> => {
      const [url = ''] = imagesOf(scene.history(), STATIC);
      servers.push(mediaPid(scene));
      process.kill(servers.at(-1)!, 'SIGKILL');
      const since = performance.now();
      await until(() => isServed(url));
      const ms = performance.now() - since;
      assert.ok(ms < BACK_MS, `the media server was back after ${Math.round(ms)} ms`);
    };
    const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml'], async (running) => {
      await reads(running);
      await killServer();
      await writes(running);
      await killServer();
      servers.push(mediaPid(scene));
    });
    assert.equal(code, 0, stderr);
    assert.equal(new Set(servers).size, 3);
    await assertWell(scene, servers);
  });

  test('reads on when the run is killed: its media server lives, and the run that goes on a minute later takes it over', async () => {
    const scene = createOne();
    const { down } = await scene.labUp();
    let server = 0;
    const first = await scene.snoboot(['deploy', 'lab.yaml'], async (running) => {
      await reads(running);
      server = mediaPid(scene);
      running.kill('SIGKILL');
    });
    assert.equal(first.code, null);
    await new Promise((wake) => setTimeout(wake, LAB_MINUTE_MS));
    const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml'], async (running) => {
      await writes(running);
      assert.equal(mediaPid(scene), server);
    });
    assert.equal(code, 0, stderr);
    await assertWell(scene, [server]);
    await down();
  });

  test('reads on when run and media server are killed: the run that goes on serves it at the same URL', async () => {
    const scene = createOne();
    const { down } = await scene.labUp();
    const servers: number[] = [];
    const first = await scene.snoboot(['deploy', 'lab.yaml'], async (running) => {
      await writes(running);
      servers.push(mediaPid(scene));
      running.kill('SIGKILL');
      process.kill(servers[0]!, 'SIGKILL');
    });
    assert.equal(first.code, null);
    const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml'], async () => {
      const [url = ''] = imagesOf(scene.history(), STATIC);
      await until(() => isServed(url));
      servers.push(mediaPid(scene));
    });
    assert.equal(code, 0, stderr);
    await assertWell(scene, servers);
    await down();
  });
});
