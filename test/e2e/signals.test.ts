/** SIGINT, SIGTERM, SIGHUP and a closed terminal at each moment of a run: what becomes of the machine, and that the next deploy finishes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ownProcess } from '../../src/core/process-id.ts';
import { addressOf, putLeases } from '../../src/run/lease-file.ts';
import { privateFolder } from '../../src/run/state-home.ts';
import { processesIn } from '../../scripts/processes.ts';
import { createScene, type Ended, endLabs, MAIN, type Scene, STATIC } from './scene.ts';
import { imagesOf, isosOf, isServed, leasesOf, onlyStatic, runFolders, until } from './traces.ts';
import { endState, installed, LEFT } from './verdict.ts';

const EXIT = { SIGINT: 130, SIGTERM: 143, SIGHUP: 130 } as const;
const ECHO_MS = 600;
const DEPLOY = ['deploy', 'lab.yaml'];
const CLUSTER = 'sno-ai-test';

/** The record right after which the signal comes. */
type Moment = readonly [keyof typeof EXIT, string];

/** Runs until the moment, and ends in good order after it: nothing of it stays on this machine. */
async function endsAfter(scene: Scene, [signal, record]: Moment, args = DEPLOY): Promise<Ended> {
  const env = { SIGNAL_AT: `${signal} ${record}` };
  const ended = await scene.snoboot(args, undefined, { preload: 'signal-at.js', env });
  const journal = scene.journal();
  const said = journal.filter(({ type }) => type === 'interrupted');
  assert.equal(said.length, 1, `${record}: ${ended.stdout}\n${ended.stderr}`);
  assert.equal(journal.at(-1)?.type, 'run.ended', record);
  assert.deepEqual({ leases: leasesOf(scene), isos: isosOf(scene) }, { leases: [], isos: [] }, record);
  assert.deepEqual(await processesLeft(scene), [], record);
  return ended;
}

async function interrupted(scene: Scene, moment: Moment, args = DEPLOY): Promise<void> {
  const { code, stdout, stderr } = await endsAfter(scene, moment, args);
  assert.equal(code, EXIT[moment[0]], `${moment[1]}: ${stdout}\n${stderr}`);
}

/** A media server that is told to end needs a moment for it. */
async function processesLeft({ dir }: Scene): Promise<string[]> {
  const end = performance.now() + 2000;
  await until(() => processesIn(join(dir, '.snoboot/runs')).length === 0 || performance.now() > end);
  return processesIn(join(dir, '.snoboot/runs'));
}

/** Installed in the end: by one trigger and one write, nobody cancelled anything or made a second cluster. */
async function finish(scene: Scene): Promise<void> {
  const { code, stdout, stderr } = await scene.snoboot(DEPLOY);
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  const history = scene.history();
  assert.deepEqual(installed(history, CLUSTER), { triggers: 1, status: 'installed' });
  assert.ok(LEFT.done(endState(history, STATIC)), JSON.stringify(endState(history, STATIC)));
  const posted = (path: RegExp): number =>
    history.filter(
      (line) => line['method'] === 'POST' && path.test(String(line['path'])) && Number(line['status']) < 300,
    ).length;
  assert.deepEqual(
    { created: posted(/\/v2\/clusters$/), cancelled: posted(/\/actions\/cancel$/) },
    { created: 1, cancelled: 0 },
  );
}

const hasTerminals = /util-linux/.test(String(spawnSync('script', ['--version']).stdout));

after(endLabs);

describe('a signal', { concurrency: 2 }, () => {
  test('before the boot puts the machine back as it was', async () => {
    const scene = createScene({ edit: (text) => onlyStatic(text).replace('lab://dell-idrac9', 'lab://generic') });
    const { down } = await scene.labUp();
    const moments: Moment[] = [
      ['SIGINT', '"type":"run.started"'],
      ['SIGTERM', '"type":"intent","stage":"create-cluster"'],
      ['SIGHUP', '"type":"stage.progressed","stage":"download-iso"'],
      ['SIGTERM', '"type":"stage.started","stage":"insert-media"'],
      ['SIGINT', '"type":"intent","stage":"insert-media"'],
      ['SIGHUP', '"type":"result","stage":"boot-once","effect":"override"'],
    ];
    for (const moment of moments) {
      await interrupted(scene, moment);
      assert.ok(LEFT.putBack(endState(scene.history(), STATIC)), moment[1]);
    }
    await finish(scene);
    await down();
  });

  test('while the host is live before the trigger takes the ISO out and switches it off', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp({ holds: true });
    const moments: Moment[] = [
      ['SIGINT', '"type":"intent","stage":"boot-once","effect":"power-on"'],
      ['SIGTERM', '"type":"stage.progressed","stage":"await-agent".*"percent"'],
      ['SIGHUP', '"type":"stage.started","stage":"await-ready"'],
    ];
    for (const moment of moments) {
      await interrupted(scene, moment);
      assert.ok(LEFT.safelyOff(endState(scene.history(), STATIC)), moment[1]);
    }
    await finish(scene);
    await down();
  });

  test('from the trigger on cancels nothing: the ISO is served until the reboot, then goes, and the run with it', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp({ holds: true });
    await interrupted(scene, ['SIGINT', '"type":"intent","stage":"install","effect":"install"']);
    const history = scene.history();
    const rebooting = history.findIndex(({ stage }) => stage === 'Rebooting');
    const ejected = history.findIndex(({ kind, action }) => kind === 'media' && action === 'ejected');
    assert.ok(rebooting > 0 && ejected > rebooting, `rebooting in line ${rebooting}, ejected in line ${ejected}`);
    assert.notEqual(installed(history, CLUSTER).status, 'installed', 'the run did not wait for the end');
    await endsAfter(scene, ['SIGTERM', '"type":"stage.started","stage":"verify-cluster"']);
    assert.ok(!scene.journal().some((event) => event.type === 'stage.succeeded' && event.stage === 'verify-cluster'));
    await finish(scene);
    await down();
  });

  test('after the reboot ends the run at once, and during the removal of --replace where it can be gone on with', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down, time } = await scene.labUp({ holds: true });
    await interrupted(scene, ['SIGHUP', '"type":"stage.started","stage":"await-disk-boot"']);
    assert.notEqual(installed(scene.history(), CLUSTER).status, 'installed');
    await time('go-on');
    await until(() => installed(scene.history(), CLUSTER).status === 'installed');
    await finish(scene);
    const replace = [...DEPLOY, '--replace', '--yes'];
    const moments: Moment[] = [
      ['SIGINT', '"type":"intent","stage":"take-down","effect":"power-off"'],
      ['SIGTERM', '"type":"result","stage":"delete-cluster","effect":"forget"'],
      ['SIGHUP', '"type":"result","stage":"delete-cluster","effect":"delete-cluster"'],
    ];
    for (const moment of moments) {
      await interrupted(scene, moment, replace);
      assert.ok(LEFT.safelyOff(endState(scene.history(), STATIC)), moment[1]);
    }
    const { code, stdout, stderr } = await scene.snoboot(replace);
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    assert.equal(installed(scene.history(), CLUSTER).triggers, 2);
    assert.equal(endState(scene.history(), STATIC).writes, 2);
    await down();
  });

  test('that comes again while the host writes its disk ends at once and lists what is left; the ISO is served on', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down, time } = await scene.labUp({ holds: true });
    const { code, stdout, stderr } = await scene.snoboot(DEPLOY, async (running) => {
      await running.event((event) => event.type === 'stage.progressed' && event.seen === 'Writing image to disk');
      running.kill('SIGINT');
      // As npx hands it on from a terminal: the same one.
      running.kill('SIGINT');
      await running.event(({ type }) => type === 'interrupted');
      await new Promise((wake) => setTimeout(wake, ECHO_MS));
      running.kill('SIGINT');
    });
    const [url = ''] = imagesOf(scene.history(), STATIC);
    assert.equal(await isServed(url), true);
    assert.equal(code, EXIT.SIGINT);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /\nSIGINT again: ended at once\n {2}left: sno-ai-test\/host-0: the ISO may be inserted, .*\(BMC 127\.0\.0\.1\)\n$/,
    );
    await time('go-on');
    await until(() => installed(scene.history(), CLUSTER).status === 'installed');
    assert.equal(endState(scene.history(), STATIC).inserted, true);
    await finish(scene);
    assert.equal(scene.journal().filter(({ type }) => type === 'run.started').length, 2, 'the same run in two lives');
    assert.equal(await isServed(url), false);
    await down();
  });

  test('while it waits for a machine of another process ends the wait: nothing was asked of anybody', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { up, down } = await scene.labUp();
    const holder = {
      process: ownProcess(),
      user: 'somebody',
      command: 'snoboot deploy other.yaml',
      inventory: 'other.yaml',
      run: null,
      since: new Date().toISOString(),
    };
    const folder = join(scene.dir, 'state/snoboot/leases');
    privateFolder(folder);
    putLeases(folder, 'claim', [addressOf(up.bmcs[0]!.url)], holder);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const { code, stderr } = await scene.snoboot([...DEPLOY, '--lock-wait', '10m'], async (running) => {
        await running.says(/waiting for another snoboot: "snoboot deploy other.yaml"/);
        running.kill(signal);
      });
      assert.equal(code, EXIT[signal], stderr);
      assert.match(stderr, /\nE-INTERRUPTED: interrupted before the run began: nothing was touched\n/);
    }
    assert.equal(leasesOf(scene).length, 1);
    assert.deepEqual(runFolders(scene), []);
    assert.deepEqual(scene.history(), []);
    await down();
  });

  test(
    'of a terminal that closes ends the run in good order, whatever cannot be printed any more',
    { skip: !hasTerminals },
    async () => {
      const scene = createScene({ edit: onlyStatic });
      const { down } = await scene.labUp();
      // The shell leads the session, so that it is told of the end of the terminal, and hands it on.
      const snoboot = `'${process.execPath}' '${MAIN}' deploy lab.yaml`;
      const command = `trap 'kill -HUP $!' HUP; ${snoboot} & wait $!; wait $!; echo $? >code`;
      const env = { ...process.env, XDG_STATE_HOME: join(scene.dir, 'state') };
      const terminal = spawn('script', ['-qec', command, '/dev/null'], { cwd: scene.dir, env, stdio: 'ignore' });
      await until(() =>
        scene.journal().some((event) => event.type === 'stage.started' && event.stage === 'await-agent'),
      );
      terminal.kill('SIGKILL');
      await until(() => existsSync(join(scene.dir, 'code')));
      await until(() => readFileSync(join(scene.dir, 'code'), 'utf8').endsWith('\n'));
      assert.equal(readFileSync(join(scene.dir, 'code'), 'utf8'), `${EXIT.SIGHUP}\n`);
      await down();
    },
  );
});
