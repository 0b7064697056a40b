/** Journal, media desk, exit codes, gate and folders of a run. */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import { SnobootError } from '../../src/core/errors.ts';
import type { RunEvent } from '../../src/core/events.ts';
import { seededRandom } from '../../src/core/random.ts';
import { redact, Secret } from '../../src/core/secret.ts';
import { endedBy } from '../../src/run/ends.ts';
import { createFolders } from '../../src/run/folders.ts';
import { createGate } from '../../src/run/gate.ts';
import { createJournal } from '../../src/run/journal.ts';
import { createMediaDesk } from '../../src/run/media-desk.ts';
import type { HostContext } from '../../src/stages/context.ts';
import { clusterExit, createChangeCount, runExit } from '../../src/run/outcome.ts';
import { resolveSecrets } from '../../src/run/secrets.ts';
import type { Inventory } from '../../src/inventory/types.ts';
import { clusterSpec } from '../stages/scene.ts';

const header = { format: 1 as const, run: 'r', version: '0.1.0', clusters: { c: 'digest' } };
const fail = (why: string): never => {
  throw new Error(why);
};
const unheard = (): never => fail('nothing was to be said');
const linkOf = (fd: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
};
const EMPTY: Inventory = {
  file: 'x.yaml',
  dir: '/',
  service: { type: 'lab' },
  lab: null,
  media: { address: null, port: null },
  clusters: [],
  warnings: [],
};
const scratch = (): string => mkdtempSync(join(tmpdir(), 'snoboot-run-'));

test('the journal begins with its header and holds every event before a listener sees it', () => {
  const dir = scratch();
  const lines = (): unknown[] =>
    readFileSync(join(dir, 'events.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const seen: RunEvent[] = [];
  const held: unknown[] = [];
  const listener = (event: RunEvent): void => void (held.push(lines().at(-1)), seen.push(event));
  const journal = createJournal(dir, header, createVirtualClock(5000), [listener], unheard);
  journal.say('c/h', { type: 'warning', text: 'w' });
  journal.say('run', { type: 'run.ended', exitCode: 0 });
  journal.close();
  assert.deepEqual(lines()[0], header);
  assert.deepEqual(held, seen);
  assert.deepEqual(
    seen.map(({ seq, at, subject }) => [seq, at, subject]),
    [
      [1, '1970-01-01T00:00:05.000Z', 'c/h'],
      [2, '1970-01-01T00:00:05.000Z', 'run'],
    ],
  );
});

test('the journal is for its owner alone and shows no secret', () => {
  const dir = scratch();
  const secret = new Secret('hunter2-hunter2');
  const journal = createJournal(dir, header, createVirtualClock(), [], unheard);
  journal.say('c', { type: 'warning', text: `the BMC said ${secret.reveal()}` });
  journal.close();
  const file = join(dir, 'events.jsonl');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!readFileSync(file, 'utf8').includes('hunter2'));
});

test('a view that breaks is told nothing more, and the others go on', () => {
  const told: string[] = [];
  const broken = (): never => (told.push('broken'), fail('a defect of a view'));
  const journal = createJournal(scratch(), header, createVirtualClock(), [broken, () => told.push('sound')], unheard);
  for (const text of ['one', 'two']) journal.say('c', { type: 'warning', text });
  journal.close();
  assert.deepEqual(told, ['broken', 'sound', 'sound']);
});

test('a journal that cannot be written says so once, as E-STATE, and goes on telling the views', () => {
  const heard: string[] = [];
  let texts = 0;
  const clock = createVirtualClock();
  const journal = createJournal(scratch(), header, clock, [() => (texts += 1)], ({ code }) => heard.push(code));
  const [file] = readdirSync('/proc/self/fd').flatMap((fd) =>
    linkOf(fd).endsWith('events.jsonl') ? [Number(fd)] : [],
  );
  closeSync(file ?? -1);
  for (const text of ['one', 'two']) journal.say('c', { type: 'warning', text });
  assert.deepEqual([heard, texts], [['E-STATE'], 2]);
});

test('a run folder is 0700 and out of version control', () => {
  const dir = scratch();
  const { runDir } = createFolders(dir, 0, seededRandom('r'));
  assert.equal(statSync(runDir).mode & 0o777, 0o700);
  assert.equal(readFileSync(join(dir, '.snoboot/.gitignore'), 'utf8'), '*\n');
});

test('a run folder that cannot be made is E-STATE, exit 8', () => {
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  assert.throws(() => createFolders(file, 0, seededRandom('r')), { code: 'E-STATE', exitCode: 8 });
});

test('the exit code of a run follows from those of its clusters', () => {
  const table: [number[], number][] = [
    [[0], 0],
    [[5], 5],
    [[0, 0], 0],
    [[5, 5], 5],
    [[0, 5], 6],
    [[7, 4], 6],
    [[4, 5], 4],
    [[130, 3], 3],
    [[0, 7], 7],
    [[0, 130], 6],
  ];
  for (const [codes, code] of table) assert.equal(runExit(codes), code, JSON.stringify(codes));
});

test('the exit code of a cluster follows from its outcome', () => {
  const output = { error: null, leftovers: [] };
  const error = { code: 'E-SVC-EXISTS' as const, message: '', todo: '' };
  assert.equal(clusterExit({ ...output, outcome: 'installed' }, undefined), 0);
  assert.equal(clusterExit({ ...output, outcome: 'unchanged' }, undefined), 0);
  assert.equal(clusterExit({ ...output, outcome: 'installed', leftovers: ['media'] }, undefined), 7);
  assert.equal(clusterExit({ ...output, outcome: 'failed', error }, undefined), 3);
  assert.equal(clusterExit({ ...output, outcome: 'interrupted' }, 'SIGINT'), 130);
  assert.equal(clusterExit({ ...output, outcome: 'left-installing' }, 'SIGTERM'), 143);
  const unwritable = new SnobootError('E-STATE', 'no space', 'make room');
  assert.equal(clusterExit(endedBy({ ...output, outcome: 'interrupted' }, [], unwritable), undefined), 8);
  assert.equal(clusterExit(endedBy({ ...output, outcome: 'installed' }, [], unwritable), undefined), 0);
});

test('changes are counted by cluster, its hosts included', () => {
  const count = createChangeCount();
  const event = (subject: string, changed: boolean): RunEvent => ({
    seq: 1,
    at: '',
    subject,
    type: 'stage.succeeded',
    stage: 's',
    changed,
    elapsedMs: 0,
    facts: {},
  });
  for (const one of [event('a', true), event('a/h', true), event('a/h', false), event('b', true)]) count.listener(one);
  assert.deepEqual([count.of('a'), count.of('b'), count.of('c')], [2, 1, 0]);
});

test('a gate lets in so many and the others in their order', async () => {
  const gate = createGate(2);
  const order: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) =>
    gate(() => new Promise<void>((resolve) => (order.push(name), void ends.set(name, resolve))));
  const all = ['a', 'b', 'c', 'd'].map(work);
  await Promise.resolve();
  assert.deepEqual(order, ['a', 'b']);
  for (const name of ['b', 'a', 'c', 'd']) {
    ends.get(name)?.();
    await new Promise(setImmediate);
  }
  await Promise.all(all);
  assert.deepEqual(order, ['a', 'b', 'c', 'd']);
});

test('the gate is never wider than it says, also when somebody comes just as a place becomes free', async () => {
  const gate = createGate(1);
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, (inside += 1));
    await Promise.resolve();
    inside -= 1;
  };
  const first = gate(work);
  const second = gate(work);
  await Promise.all([first.then(() => gate(work)), second, gate(work)]);
  assert.equal(most, 1);
});

const iso = { path: '/nowhere', size: 100, lastModified: 'Mon, 01 Jan 2024 00:00:00 GMT' };
const deskAt = (address: string | null) =>
  createMediaDesk({ address, port: null, clock: createVirtualClock(), random: seededRandom('m'), say: unheard });
const hostAt = (bmcHost: string) => ({ subject: 'c/h', bmcHost }) as HostContext;

test('a medium that could not be published is published at the next try, and the desk closes all the same', async () => {
  const desk = deskAt(null);
  await assert.rejects(desk.publish(hostAt('no.such.host.invalid'), iso), { code: 'E-MEDIA-ADDRESS' });
  assert.match(await desk.publish(hostAt('127.0.0.1'), iso), /^http:\/\/127\.0\.0\.1:/);
  await desk.close();
  const nowhere = deskAt('192.0.2.1');
  await assert.rejects(nowhere.publish(hostAt('127.0.0.1'), iso), { code: 'E-MEDIA-ADDRESS' });
  await nowhere.close();
});

test('the URL of a medium is a secret to journal and errors', async () => {
  const desk = deskAt('127.0.0.1');
  const url = await desk.publish(hostAt('127.0.0.1'), iso);
  assert.match(redact(`cannot mount ${url}`), /^cannot mount http:\/\/127\.0\.0\.1:\d+\/\*\*\*\/boot\.iso$/);
  await desk.close();
});

test('a pull secret that is no pull secret is E-SECRET before anything is contacted, and is not shown', async () => {
  const pullSecret = { from: 'env' as const, name: 'PULL' };
  const inventory = { ...EMPTY, clusters: [{ ...clusterSpec, pullSecret }] };
  for (const PULL of ['not JSON at all', '{"auth": {}}', '[]'])
    await assert.rejects(resolveSecrets(inventory, { PULL }), {
      code: 'E-SECRET',
      message: /env:PULL is no JSON object/,
    });
});

test('what lies inside a pull secret is a secret of its own', async () => {
  const auth = Buffer.from('user:a-password-inside').toString('base64');
  const PULL = JSON.stringify({ auths: { 'quay.io': { auth }, other: null } });
  await resolveSecrets(
    { ...EMPTY, clusters: [{ ...clusterSpec, pullSecret: { from: 'env', name: 'PULL' } }] },
    { PULL },
  );
  assert.equal(redact(`the service said ${auth}`), 'the service said ***');
});
