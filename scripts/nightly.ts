/** `npm run nightly`: the nightly line, three nights in a row on the lab: one killed half-way, one with a failing host, one clean. Then it looks for what they left. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { $, type ProcessPromise } from 'zx/core';
import type { RunEvent } from '../src/core/events.ts';
import type { LabUp } from '../src/lab/start.ts';

const MAIN = resolve('dist/src/cli/main.js');
const FACTOR = 120;
const VERSION = '4.21';
const FAULT = 'write-error@sno-dhcp/host-0:once';

interface HistoryLine {
  kind: string;
  to: string;
  action?: string;
  enabled?: string;
}

const dir = await mkdtemp(join(tmpdir(), 'snoboot-nights-'));
const env = { ...process.env, XDG_STATE_HOME: join(dir, 'state') };
const there = $({ cwd: dir, env, nothrow: true, quiet: true, detached: false });
const findings: boolean[] = [];
const stop = new AbortController();
let running: ProcessPromise | undefined;

// Ctrl-C reaches the whole group: snoboot and the lab end by themselves.
process.once('SIGINT', () => stop.abort(new Error('SIGINT: no further night')));
process.once('SIGTERM', () => {
  stop.abort(new Error('SIGTERM: no further night'));
  void running?.kill('SIGTERM');
});

/** An hour from now as a time of day: what 05:30 is to a job that begins at half past four. */
const deadline = new Date(Date.now() + 3_600_000).toTimeString().slice(0, 5);
const line = `deploy lab.yaml --replace --yes --set openshiftVersion=${VERSION} --deadline ${deadline} --lock-wait 10m`;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function check(what: string, seen: unknown, wanted: unknown): void {
  const isSo = JSON.stringify(seen) === JSON.stringify(wanted);
  findings.push(isSo);
  say(`  ${isSo ? 'ok ' : 'NOT'} ${what}: ${JSON.stringify(seen)}${isSo ? '' : `, not ${JSON.stringify(wanted)}`}`);
}

async function linesOf<T>(file: string): Promise<T[]> {
  if (!existsSync(file)) return [];
  const text = await readFile(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return whole.filter((one) => one !== '').map((one) => JSON.parse(one) as T);
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).sort() : [];
}

/** The events of the latest run. */
async function journal(): Promise<RunEvent[]> {
  const run = (await namesIn(join(dir, '.snoboot/runs'))).at(-1) ?? 'none';
  return (await linesOf<RunEvent>(join(dir, '.snoboot/runs', run, 'events.jsonl'))).slice(1);
}

async function labUp(): Promise<{ lab: ProcessPromise; up: LabUp }> {
  const file = join(dir, 'lab.yaml');
  await cp('inventory', dir, { recursive: true, filter: (path) => !path.includes('.snoboot') });
  await writeFile(file, (await readFile(file, 'utf8')).replace(/timeFactor: \d+/, `timeFactor: ${FACTOR}`));
  const lab = there`node ${MAIN} lab up lab.yaml`;
  const text = await new Promise<string>((done, fail) => {
    lab.stdout.once('data', (chunk: Buffer) => done(chunk.toString()));
    lab.then(({ stderr }) => fail(new Error(`the lab does not come up: ${stderr}`)), fail);
  });
  return { lab, up: JSON.parse(text) as LabUp };
}

/** Runs the line; returns its exit code, null when it was killed. */
async function night(count: number, what: string, more: string, during?: () => Promise<void>): Promise<number | null> {
  say(`\nnight ${count}, ${what}\n$ snoboot ${line}${more}`);
  running = there`node ${MAIN} ${`${line}${more}`.split(' ')}`;
  const ended = running.then((output) => output);
  await Promise.race([during?.(), ended]);
  const { exitCode, signal, stdout } = await ended;
  const code = signal === 'SIGKILL' || exitCode === 137 ? null : exitCode;
  say(stdout === '' ? '  (no word)' : stdout.trimEnd().replaceAll(/^(?=.)/gm, '  '));
  say(`  exit ${code ?? 'killed'}`);
  stop.signal.throwIfAborted();
  return code;
}

/** SIGKILL for snoboot itself, when the first installation was triggered. */
async function killHalfWay(): Promise<void> {
  const isHalf = (event: RunEvent): boolean => event.type === 'result' && event.effect === 'install';
  let events: RunEvent[] = [];
  for (; !events.some(isHalf); events = await journal()) {
    if (stop.signal.aborted || events.at(-1)?.type === 'run.ended') return;
    await rest(20);
  }
  const started = events.find((event) => event.type === 'run.started');
  if (started) process.kill(started.pid, 'SIGKILL');
}

/** What the service holds, counted. */
async function held({ service }: LabUp): Promise<Record<string, unknown>> {
  const list = async (what: string): Promise<{ id: string; name: string; status: string }[]> =>
    (await fetch(`${service.url}/api/assisted-install/v2/${what}`)).json() as Promise<never>;
  const [clusters, infraEnvs] = [await list('clusters'), await list('infra-envs')];
  const hosts = await Promise.all(infraEnvs.map(({ id }) => list(`infra-envs/${id}/hosts`)));
  const names = clusters.map(({ name, status }) => `${name} ${status}`).sort();
  return { clusters: names, infraEnvs: infraEnvs.length, hosts: hosts.flat().length };
}

/** Processes that have files below the folder open: snoboot, media servers, the lab. */
async function processes(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const fds = await readdir(join('/proc', pid, 'fd')).catch(() => []);
    const files = await Promise.all(fds.map((fd) => readlink(join('/proc', pid, 'fd', fd)).catch(() => '')));
    if (!files.some((file) => file.startsWith(dir))) continue;
    const command = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
    found.push(command.split('\0').slice(2).join(' ').trim());
  }
  return found;
}

async function lookAround(up: LabUp): Promise<void> {
  const history = await linesOf<HistoryLine>(join(dir, '.snoboot/lab/history.jsonl'));
  const last = (host: string, kind: string, matches: RegExp): HistoryLine | undefined =>
    history.findLast((one) => one.to === host && one.kind === kind && matches.test(one.action ?? ''));
  const hosts = up.bmcs.map(({ host }) => host);
  const inserted = hosts.filter((host) => last(host, 'media', /ed$/)?.action === 'inserted');
  const armed = hosts.filter((host) => !['Disabled', undefined].includes(last(host, 'override', /^/)?.enabled));
  const wanted = { clusters: ['sno-ai-test installed', 'sno-dhcp installed'], infraEnvs: 2, hosts: 2 };
  check('at the service', await held(up), wanted);
  check('hosts with a medium inserted', inserted, []);
  check('hosts with a boot override', armed, []);
  check('leases', await namesIn(join(dir, 'state/snoboot/leases')), []);
  const runs = await namesIn(join(dir, '.snoboot/runs'));
  const files = (await Promise.all(runs.map((run) => namesIn(join(dir, '.snoboot/runs', run))))).flat();
  check('runs on the disk', runs.length, 2);
  check(
    'discovery ISOs on the disk',
    files.filter((name) => name.includes('.iso')),
    [],
  );
  check('processes', await processes(), ['lab up lab.yaml']);
}

async function threeNights(up: LabUp): Promise<void> {
  say(`a lab of its own in ${dir}, ${FACTOR} times faster; a night follows the other at once`);
  const killed = await night(1, 'killed half-way', '', killHalfWay);
  const failing = await night(2, 'with a host that cannot write its disk', ` --fault ${FAULT}`);
  const clean = await night(3, 'clean', '');
  say('\nafter the third night');
  check('exit codes', [killed, failing, clean], [null, 6, 0]);
  const versions = (await journal()).flatMap((event) => (event.type === 'cluster.ended' ? [event.version] : []));
  check(
    'versions asked for',
    versions.map(({ asked }) => asked),
    [VERSION, VERSION],
  );
  check(
    'versions installed, but for the patch',
    versions.map(({ installed }) => installed?.replace(/\.\d+$/, '')),
    [VERSION, VERSION],
  );
  await lookAround(up);
}

const { lab, up } = await labUp();
try {
  await threeNights(up);
} catch (error) {
  if (error !== stop.signal.reason) throw error;
  say(`\n${(error as Error).message}`);
  findings.push(false);
} finally {
  await lab.kill('SIGTERM').catch(() => undefined);
  await lab;
}
say('\nafter the lab');
check('processes', await processes(), []);
const isWell = findings.every(Boolean);
if (isWell) await rm(dir, { recursive: true });
else say(`\nsomething is not as it should be: ${dir} stays`);
process.exitCode = isWell ? 0 : 1;
