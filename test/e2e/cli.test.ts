/** The command line where it goes wrong: bad arguments, folders that cannot be used, signals before there is a run. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { takeFolder } from '../../src/lab/lock.ts';
import { createScene, type Running, type Scene } from './scene.ts';

const inLab = (scene: Scene, name = ''): string => join(scene.dir, '.snoboot/lab', name);

/** Signals as soon as the lab's folder is taken, which is before the lab is up. */
const onLabStart =
  (scene: Scene, ...signals: NodeJS.Signals[]) =>
  async (running: Running): Promise<void> => {
    while (!existsSync(inLab(scene, 'lab.log'))) await new Promise((wake) => setTimeout(wake, 5));
    for (const signal of signals) running.kill(signal);
  };

describe('command line', { concurrency: 2 }, () => {
  for (const args of [['depoly'], ['deploy'], ['deploy', 'a', 'b'], ['validate', '--yes', 'a'], ['lab', 'upp']])
    test(`"${args.join(' ')}" is refused with a code and what to do`, async () => {
      const { code, stderr, stdout } = await createScene().snoboot(args);
      assert.equal(code, 2);
      assert.match(stderr, /^E-USAGE: .*\n(\(Did you mean .*\)\n)?\(snoboot --help/);
      assert.equal(stdout, '');
    });

  for (const verb of [['deploy'], ['lab', 'up']])
    test(`${verb.join(' ')} where .snoboot is a file ends with E-STATE`, async () => {
      const scene = createScene();
      writeFileSync(join(scene.dir, '.snoboot'), '');
      const { code, stderr } = await scene.snoboot([...verb, 'lab.yaml']);
      assert.equal(code, 8, stderr);
      assert.match(stderr, /^E-STATE: cannot use the lab's folder .*\n {2}what to do: make room, or correct/);
    });

  test('lab up ends, and its lab with it, when up.json cannot be written', async () => {
    const scene = createScene();
    mkdirSync(inLab(scene, 'up.json'), { recursive: true });
    const { code, stdout, stderr } = await scene.snoboot(['lab', 'up', 'lab.yaml']);
    assert.equal(code, 8, stderr);
    assert.match(stderr, /^E-STATE: cannot write .*up\.json: EISDIR/);
    assert.equal(stdout, '');
    assert.equal(existsSync(inLab(scene, 'lab.pid')), false);
  });

  test('up.json is for its owner alone, whatever a killed lab left there', async () => {
    const scene = createScene();
    mkdirSync(inLab(scene), { recursive: true });
    writeFileSync(inLab(scene, 'up.json'), '{', { mode: 0o666 });
    let mode = 0;
    const { code } = await scene.snoboot(['lab', 'up', 'lab.yaml'], async (running) => {
      while (readFileSync(inLab(scene, 'up.json'), 'utf8') === '{') await new Promise((wake) => setTimeout(wake, 10));
      mode = statSync(inLab(scene, 'up.json')).mode & 0o777;
      running.kill('SIGTERM');
    });
    assert.deepEqual({ code, mode }, { code: 0, mode: 0o600 });
  });

  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 130],
  ] as const)
    test(`${signal} while the lab comes up ends with ${exitCode}, without a lab and without a run`, async () => {
      const scene = createScene();
      const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml'], onLabStart(scene, signal));
      assert.equal(code, exitCode, stderr);
      assert.match(stderr, /^E-INTERRUPTED: interrupted before the run began: nothing was touched\n/);
      assert.deepEqual(scene.journal(), []);
      assert.equal(existsSync(inLab(scene, 'lab.pid')), false);
    });

  test('a terminal that closes and says so twice is one interrupt', async () => {
    const scene = createScene();
    const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml'], async (running) => {
      await running.event(({ type }) => type === 'run.started');
      running.kill('SIGHUP');
      await running.event(({ type }) => type === 'interrupted');
      running.kill('SIGHUP');
    });
    assert.equal(code, 130, stderr);
    assert.doesNotMatch(stderr, /again: ended at once/);
    assert.ok(scene.journal().some(({ type }) => type === 'run.ended'));
  });

  test('a lab folder that a process of our own number held is free: in a container numbers come again', () => {
    const { dir } = createScene();
    writeFileSync(join(dir, 'lab.pid'), String(process.pid));
    takeFolder(dir)();
    assert.equal(existsSync(join(dir, 'lab.pid')), false);
  });

  test('what a killed lab up left in up.json goes when a deploy brings its own lab', async () => {
    const scene = createScene();
    mkdirSync(inLab(scene), { recursive: true });
    writeFileSync(inLab(scene, 'up.json'), '{"service":{"url":"http://127.0.0.1:1"},"bmcs":[]}');
    await scene.snoboot(['deploy', 'lab.yaml'], async (running) => {
      await running.event(({ type }) => type === 'run.started');
      running.kill('SIGINT');
    });
    assert.equal(existsSync(inLab(scene, 'up.json')), false);
  });
});
