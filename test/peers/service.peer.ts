/** Others' programs against the lab's service: service-check with agents of its own, and aicli; run by `npm run peers` alone. */
import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import type { LabUp } from '../../src/lab/start.ts';
import { createScene, MAIN, type Scene } from '../e2e/scene.ts';
import { tempFolder } from '../temp-folder.ts';

const run = promisify(execFile);
const CHECK = join(process.cwd(), '../shared/tools/service-check/service-check');
const ALLOW = join(process.cwd(), 'test/peers/service-check.allow');
const FACTOR = 60;

const noPython = spawnSync('python3', ['--version']).error ? 'python3 is not here' : false;
const noCheck = noPython || (existsSync(CHECK) ? false : '../shared is not here');

let scene: Scene;
let lab: ChildProcess | undefined;
let up: LabUp;

before(async () => {
  if (noPython) return;
  scene = createScene({ factor: FACTOR });
  const child = spawn(process.execPath, [MAIN, 'lab', 'up', 'lab.yaml'], {
    cwd: scene.dir,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  lab = child;
  up = await new Promise<LabUp>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(JSON.parse(text.toString()) as LabUp)),
  );
});

after(() => void lab?.kill());

test(
  'service-check finds nothing but the listed differences, and its own agents get a cluster installed',
  { skip: noCheck },
  async () => {
    const args = [
      '--base',
      up.service.url,
      '--monitor-interval',
      '10',
      '--time-factor',
      String(FACTOR),
      '--allow',
      ALLOW,
      'sno-dhcp',
      'image',
    ];
    const { stdout } = await run(CHECK, args, { maxBuffer: 2 ** 26 }).catch(
      (error: unknown) => error as { stdout: string; stderr: string },
    );
    process.stdout.write(stdout);
    assert.match(stdout, /\b0 failed\b/);
    assert.doesNotMatch(stdout, /unused allow line/, 'every allowed difference is still there');
    assert.doesNotMatch(stdout, /^allowed .*status code/m, 'a status code is never allowed to differ');
  },
);

test('aicli lists and describes what snoboot installed', { skip: noPython }, async () => {
  const deployed = await scene.snoboot(['deploy', 'lab.yaml']);
  assert.equal(deployed.code, 0, deployed.stderr);
  const aicli = await installAicli();
  const env = { PATH: process.env['PATH'], HOME: scene.dir, AI_URL: up.service.url };
  const list = await run(aicli, ['list', 'cluster'], { env });
  for (const name of ['sno-ai-test', 'sno-dhcp']) assert.match(list.stdout, new RegExp(`${name}.*installed`));
  const info = await run(aicli, ['info', 'cluster', 'sno-ai-test'], { env });
  assert.match(info.stdout, /status: installed/);
  assert.match(info.stdout, /base_dns_domain: cloud\.lab\.eng\.bos\.redhat\.com/);
});

/** The virtual environment, kept where SNOBOOT_PEERS_DIR names a folder. */
async function installAicli(): Promise<string> {
  const venv = join(process.env['SNOBOOT_PEERS_DIR'] ?? tempFolder(), 'aicli');
  const program = join(venv, 'bin', 'aicli');
  if (existsSync(program)) return program;
  await run('python3', ['-m', 'venv', venv]);
  await run(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', 'aicli']);
  return program;
}
