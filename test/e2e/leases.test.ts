/** Two processes of snoboot that want one BMC: the second is refused or waits, whatever the first one is: alive, killed, stopped. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { effects, ONCE } from './destructive.ts';
import { createScene, type Ended, endLabs, type HistoryLine, type Running, type Scene, STATIC } from './scene.ts';
import { hasTerminals, type OnTerminal, onTerminal } from './terminal.ts';
import { isosOf, leasesOf, onlyStatic, runFolders, until } from './traces.ts';
import { endState, installed, LEFT } from './verdict.ts';

const DEPLOY = ['deploy', 'lab.yaml'];
/** In which another process comes to where it has to wait. */
const STARTED_MS = 1500;
const TAKE = ['cleanup', 'lab.yaml', '--take-lease'];

const awaitsAgent = (running: Running): Promise<void> =>
  running.event((event) => event.type === 'stage.started' && event.stage === 'await-agent');

function assertInstalledOnce(scene: Scene): void {
  assert.deepEqual(effects(scene.history(), STATIC), ONCE[STATIC]);
  assert.deepEqual(installed(scene.history(), 'sno-ai-test'), { triggers: 1, status: 'installed' });
  assert.ok(LEFT.done(endState(scene.history(), STATIC)));
  assert.deepEqual(leasesOf(scene), []);
}

/** Only what another process of snoboot could have asked for: not the calls of agents. */
const writesOf = (history: HistoryLine[]): HistoryLine[] =>
  history.filter(
    ({ kind, method, path }) =>
      kind === 'request' &&
      !['GET', 'HEAD'].includes(String(method)) &&
      !/\/hosts(\/[^/]+\/(instructions|progress|logs))?$/.test(String(path)),
  );

type Taking = Pick<OnTerminal, 'ended' | 'goOn'>;

const take = (scene: Scene): Taking =>
  hasTerminals ? onTerminal(scene, TAKE, ['yes']) : { ended: unasked(scene), goOn: () => undefined };

async function unasked(scene: Scene) {
  const { code, stdout, stderr } = await scene.snoboot([...TAKE, '--yes']);
  return { code, screen: `${stdout}\n${stderr}` };
}

/** A stopped process that is not continued would never end: it is killed where the work fails. */
async function whileStopped(running: Running, work: () => Promise<void>): Promise<void> {
  running.kill('SIGSTOP');
  await work().catch((error: unknown) => {
    running.kill('SIGKILL');
    throw error;
  });
  running.kill('SIGCONT');
}

/** Nobody gets the machines of a process that is stopped, but by a person's word. */
async function assertKept(scene: Scene, holder: Running): Promise<void> {
  const others = [DEPLOY, [...DEPLOY, '--lock-wait', '1s'], ['cleanup', 'lab.yaml']];
  for (const { code, stderr } of await Promise.all(others.map((args) => scene.snoboot(args)))) {
    assert.equal(code, 3);
    assert.match(stderr, new RegExp(`^E-LOCKED: .*pid ${holder.pid} .*stopped, not ended`, 'm'));
  }
  const nobody = await scene.snoboot(TAKE);
  assert.equal(nobody.code, 2);
  assert.match(nobody.stderr, new RegExp(`^E-CONFIRM: .*pid ${holder.pid} `));
  if (hasTerminals) {
    const denied = await onTerminal(scene, TAKE, ['no']).ended;
    assert.equal(denied.code, 2, denied.screen);
    assert.match(denied.screen, new RegExp(`pid ${holder.pid} [^]*Take these machines from it\\?[^]*E-CONFIRM`));
  }
  assert.deepEqual(holders(scene), [holder.pid]);
}

/** Processes that hold leases; one that is only drafting its own is none yet. */
const holders = (scene: Scene): number[] =>
  leasesOf(scene).flatMap((name) => Number(/~(\d+)-/.exec(name)?.[1] ?? Number.NaN) || []);

/** Neither medium nor override nor power of ours, whatever the run had come to. */
const CLEANED = { inserts: 1, inserted: false, armed: false, isOn: false };

after(endLabs);

describe('two processes on one BMC', { concurrency: 2 }, () => {
  test('the second one is refused with the name of the first, or waits for it and finds all installed', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp();
    let waiting: Promise<Ended> | undefined;
    const first = await scene.snoboot(DEPLOY, async (running) => {
      await awaitsAgent(running);
      const refused = await scene.snoboot(DEPLOY);
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, new RegExp(`^E-LOCKED: .*"snoboot deploy lab.yaml" .*pid ${running.pid} .*running`));
      assert.equal(runFolders(scene).length, 1);
      waiting = scene.snoboot([...DEPLOY, '--lock-wait', '10m']);
    });
    assert.equal(first.code, 0, first.stderr);
    const second = await waiting!;
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /^waiting for another snoboot: /);
    assert.match(second.stdout, /^sno-ai-test: installed already .*changed=0/);
    assert.equal(runFolders(scene).length, 2);
    assertInstalledOnce(scene);
    await down();
  });

  test('one that waits takes over from a first one that is killed, without a person, and goes on with its run', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp();
    let waiting: Promise<Ended> | undefined;
    await scene.snoboot(DEPLOY, async (running) => {
      await awaitsAgent(running);
      waiting = scene.snoboot([...DEPLOY, '--lock-wait', '10m'], async () => {
        await new Promise((wake) => setTimeout(wake, STARTED_MS));
        running.kill('SIGKILL');
      });
    });
    const { code, stderr } = await waiting!;
    assert.equal(code, 0, stderr);
    assert.equal(runFolders(scene).length, 1);
    assertInstalledOnce(scene);
    await down();
  });

  test('a stopped one keeps its machines until a person takes them; continued, it writes nothing and says who has them', async () => {
    const scene = createScene({ edit: onlyStatic, factor: 60 });
    const { down } = await scene.labUp();
    let taking: Taking | undefined;
    let taker = 0;
    let before: HistoryLine[] = [];
    const stopped = await scene.snoboot(DEPLOY, async (running) => {
      await running.event((event) => event.type === 'stage.started' && event.stage === 'boot-once');
      await whileStopped(running, async () => {
        await assertKept(scene, running);
        taking = take(scene);
        await until(() => holders(scene).every((pid) => pid !== running.pid));
        [taker = 0] = holders(scene);
        assert.ok(taker > 0, 'the cleanup was over too soon');
        process.kill(taker, 'SIGSTOP');
        before = writesOf(scene.history());
      });
    });
    const after = writesOf(scene.history());
    process.kill(taker, 'SIGCONT');
    taking!.goOn();
    const { code, screen } = await taking!.ended;
    assert.deepEqual(after, before, 'with its machines taken it wrote something');
    assert.equal(stopped.code, 3, stopped.stdout);
    assert.match(stopped.stdout, new RegExp(`E-LEASE-LOST: .*now with "snoboot cleanup lab.yaml.*pid ${taker} on `));
    assert.equal(code, 0, screen);
    const { inserts, inserted, armed, power } = endState(scene.history(), STATIC);
    assert.deepEqual({ inserts, inserted, armed, isOn: power === 'On' }, CLEANED);
    assert.deepEqual([...leasesOf(scene), ...isosOf(scene)], []);
    await down();
  });
});
