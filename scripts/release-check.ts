/**
 * `npm run release-check`: the packed tarball in an empty folder, as a user of `npx` has it, on every Node that it is for. The
 * sample is installed, a run is killed and gone on with, and nothing stays behind but what is said to stay.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $, type ProcessPromise } from 'zx/core';
import { processesIn } from './processes.ts';

const NODES = ['20.20', '22', '24'];
/** Of the lab in which a run is killed. */
const TIME_FACTOR = 200;
const PATIENCE_MS = 120_000;

$.quiet = true;
const began = performance.now();
const failures: string[] = [];

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } catch (error) {
    failures.push(what);
    console.error(String(error instanceof Error ? error.message : error));
    throw error;
  } finally {
    const verdict = failures.at(-1) === what ? 'FAILED' : 'ok';
    console.log(`${verdict.padEnd(6)} ${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  }
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    assert.ok(performance.now() < end, `waited in vain for ${what}`);
    await sleep(50);
  }
}

/** Packs what is built; returns the tarball's path. */
async function pack(into: string): Promise<string> {
  const { stdout } = await $`npm pack --json --pack-destination ${into}`;
  const [packed] = JSON.parse(stdout) as { filename: string; size: number; files: { path: string }[] }[];
  assert.ok(packed, 'npm pack made nothing');
  const paths = packed.files.map(({ path }) => path);
  for (const entry of ['cli/main.js', 'lab/serve.js', 'media/serve.js'])
    assert.ok(paths.includes(`dist/src/${entry}`), `${entry} is not in the tarball`);
  assert.deepEqual(
    paths.filter((path) => /^dist\/(test|scripts)\/|\.snoboot/.test(path)),
    [],
  );
  console.log(`       ${packed.filename}: ${paths.length} files, ${Math.round(packed.size / 1024)} KiB`);
  return join(into, packed.filename);
}

/** A user's machine: the tarball in an empty folder, a home and a folder for temporary files that are watched, one Node. */
interface Place {
  dir: string;
  inventory: string;
  home: string;
  tmp: string;
  /** The program, and what it says of itself: v22.1.0. */
  node: string;
  version: string;
  env: NodeJS.ProcessEnv;
}

async function furnish(root: string, tarball: string, version: string): Promise<Place> {
  const place = { dir: join(root, `on ${version}`), home: join(root, 'home'), tmp: join(root, 'tmp') };
  for (const dir of Object.values(place)) await mkdir(dir, { recursive: true });
  const said = await $`npx --yes --package node@${version} node -p ${'process.execPath + " " + process.version'}`;
  const [, node = '', exact = ''] = /^(.*) (v[\d.]+)\n$/.exec(said.stdout) ?? [];
  assert.ok(exact.startsWith(`v${version}.`), `npx runs ${said.stdout}`);
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` };
  const cache = (await $`npm config get cache`).stdout.trim();
  const there = $({ cwd: place.dir, env });
  await there`npm init --yes`;
  await there`npm install --no-audit --no-fund --cache ${cache} ${tarball}`;
  await cp(join(place.dir, 'node_modules/snoboot/inventory'), join(place.dir, 'inventory'), { recursive: true });
  // What npm itself would leave in them is not looked at.
  const npm = { npm_config_cache: cache, NODE_DISABLE_COMPILE_CACHE: '1' };
  const own = { ...npm, HOME: place.home, TMPDIR: place.tmp, XDG_STATE_HOME: '' };
  return { ...place, inventory: 'inventory/lab.yaml', node, version: exact, env: { ...env, ...own } };
}

const npx = ({ dir, env }: Place, ...args: string[]): ProcessPromise =>
  $({ cwd: dir, env, nothrow: true })`npx snoboot ${args}`;

/** Without npx, so that a signal reaches it and nobody else. */
const direct = ({ dir, env, node }: Place, ...args: string[]): ProcessPromise =>
  $({ cwd: dir, env, nothrow: true })`${node} node_modules/snoboot/dist/src/cli/main.js ${args}`;

async function ends(running: ProcessPromise, exitCode: number, words: RegExp): Promise<void> {
  const { exitCode: code, stdout, stderr } = await running;
  assert.equal(code, exitCode, `exit code ${code}\n${stdout}${stderr}`);
  assert.match(stdout, words);
}

async function journalOf(place: Place): Promise<string> {
  const runs = join(place.dir, 'inventory/.snoboot/runs');
  const newest = (await readdir(runs).catch(() => [])).sort().at(-1);
  return newest === undefined ? '' : readFile(join(runs, newest, 'events.jsonl'), 'utf8').catch(() => '');
}

/** A run is killed while a host boots from its medium: the media server lives, and the next run takes it over. */
async function killAndGoOn(place: Place): Promise<void> {
  const lab = direct(place, 'lab', 'up', place.inventory, '--time-factor', String(TIME_FACTOR));
  try {
    await until('the lab', () => existsSync(join(place.dir, 'inventory/.snoboot/lab/up.json')));
    const killed = direct(place, 'deploy', place.inventory);
    await until('a live host', async () => (await journalOf(place)).includes('"stage":"await-agent"'));
    process.kill(killed.pid!, 'SIGKILL');
    await killed;
    const media = processesIn(await realpath(join(place.dir, 'inventory/.snoboot/runs')));
    assert.equal(media.length, 1, media.join('\n'));
    assert.match(media[0]!, /node_modules\/snoboot\/dist\/src\/media\/serve\.js$/);
    await ends(direct(place, 'deploy', place.inventory), 0, /goes on with the unfinished run .*\n[^]*2 installed/);
  } finally {
    process.kill(lab.pid!, 'SIGTERM');
    await lab;
  }
}

/** Nothing runs, nothing lies in the folder for temporary files, and the home holds the folder of the leases, which is empty. */
async function assertClean(place: Place): Promise<void> {
  await until('processes to end', async () => processesIn(await realpath(place.dir)).length === 0);
  const below = await readdir(place.home, { recursive: true, withFileTypes: true });
  assert.deepEqual(
    below.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
    [],
  );
  assert.deepEqual(await readdir(place.tmp), []);
  const isos = (await readdir(place.dir, { recursive: true })).filter((name) => name.includes('.iso'));
  assert.deepEqual(isos, []);
}

async function checkOn(version: string, tarball: string, root: string): Promise<void> {
  const place = await step(`Node ${version}: npm install in an empty folder`, () => furnish(root, tarball, version));
  const { inventory } = place;
  const on = `Node ${place.version}:`;
  await step(`${on} npx snoboot validate`, () => ends(npx(place, 'validate', inventory), 0, /2 clusters, 2 hosts/));
  await step(`${on} npx snoboot deploy, as in the README`, () =>
    ends(npx(place, 'deploy', inventory), 0, /2 installed/),
  );
  await step(`${on} npx snoboot status`, () => ends(npx(place, 'status', inventory), 0, /exit code 0/));
  await step(`${on} npx snoboot deploy again changes nothing`, () =>
    ends(npx(place, 'deploy', inventory), 0, /changed=0/),
  );
  await step(`${on} nothing is left`, () => assertClean(place));
  await rm(join(place.dir, 'inventory/.snoboot'), { recursive: true });
  await step(`${on} a run is killed and gone on with`, () => killAndGoOn(place));
  await step(`${on} nothing is left`, () => assertClean(place));
}

const root = await mkdtemp(join(tmpdir(), 'snoboot-release-'));
try {
  const tarball = await step('npm pack', () => pack(root));
  for (const version of NODES) await checkOn(version, tarball, join(root, version)).catch(() => undefined);
} finally {
  await rm(root, { recursive: true, force: true });
}
console.log(`${failures.length} failures in ${Math.round((performance.now() - began) / 1000)} s`);
process.exitCode = failures.length === 0 ? 0 : 1;
