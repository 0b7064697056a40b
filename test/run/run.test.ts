/** Journal, exit codes, gate, folders and secrets of a run. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import { SnobootError } from '../../src/core/errors.ts';
import type { Event, RunEvent } from '../../src/core/events.ts';
import { seededRandom } from '../../src/core/random.ts';
import { redact, Secret } from '../../src/core/secret.ts';
import { type Disk, realDisk } from '../../src/run/disk.ts';
import { endedBy } from '../../src/run/ends.ts';
import { createFolders } from '../../src/run/folders.ts';
import { createGate } from '../../src/run/gate.ts';
import { type JournalOptions, openJournal } from '../../src/run/journal.ts';
import { JOURNAL, readJournal } from '../../src/run/journal-file.ts';
import { clusterExit, createChangeCount, runExit } from '../../src/run/outcome.ts';
import { resolveSecrets } from '../../src/run/secrets.ts';
import { clusterSpec } from '../stages/scene.ts';
import { inventoryIn } from './inventories.ts';
import { header, scratch } from './journals.ts';

const fail = (why: string): never => {
  throw new Error(why);
};
const EMPTY = inventoryIn('/');

function journalIn(dir: string, parts: Partial<JournalOptions> = {}) {
  const onBroken = (): never => fail('nothing was to be said');
  const clock = createVirtualClock(5000);
  return openJournal({
    file: join(dir, JOURNAL),
    start: { header: header() },
    clock,
    disk: realDisk,
    onBroken,
    ...parts,
  });
}
const warning = (text: string): Event => ({ type: 'warning', text });

test('the journal begins with its header and holds every event before a listener sees it', () => {
  const dir = scratch();
  const held = () => readJournal(join(dir, JOURNAL));
  const [seen, there]: [RunEvent[], unknown[]] = [[], []];
  const journal = journalIn(dir);
  assert.deepEqual([held()?.header, held()?.events], [header(), []]);
  journal.listen((event) => (there.push(held()?.events.at(-1)), seen.push(event)));
  journal.say('c/h', warning('w'));
  journal.say('run', { type: 'run.ended', exitCode: 0 });
  journal.close();
  assert.deepEqual(there, seen);
  assert.deepEqual(
    seen.map(({ seq, at, subject }) => [seq, at, subject]),
    [
      [1, '1970-01-01T00:00:05.000Z', 'c/h'],
      [2, '1970-01-01T00:00:05.000Z', 'run'],
    ],
  );
});

test('an intent, its result and the end of a stage are synced before the run goes on, what only moves is not', () => {
  const table: [Event, boolean][] = [
    [{ type: 'stage.started', stage: 's', waitsFor: '' }, false],
    [{ type: 'stage.progressed', stage: 's', seen: '' }, false],
    [{ type: 'intent', stage: 's', effect: 'e', try: 1 }, true],
    [{ type: 'result', stage: 's', effect: 'e', try: 1 }, true],
    [{ type: 'stage.succeeded', stage: 's', changed: true, elapsedMs: 0, facts: {} }, true],
    [{ type: 'run.ended', exitCode: 0 }, true],
  ];
  const order: string[] = [];
  const disk: Disk = { append: () => void order.push('append'), sync: () => void order.push('sync') };
  const journal = journalIn(scratch(), { disk });
  journal.listen(() => void order.push('told'));
  for (const [event, isDurable] of table) {
    order.length = 0;
    journal.say('c/h', event);
    assert.deepEqual(order, isDurable ? ['append', 'sync', 'told'] : ['append', 'told'], event.type);
  }
});

test('the journal is for its owner alone and shows no secret, whatever the mask', () => {
  const dir = scratch();
  const secret = new Secret('hunter2-hunter2');
  const mask = process.umask(0);
  const journal = journalIn(dir);
  process.umask(mask);
  journal.say('c', warning(`the BMC said ${secret.reveal()}`));
  journal.close();
  const file = join(dir, JOURNAL);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!readFileSync(file, 'utf8').includes('hunter2'));
});

test('the journal can be read back though a password is a year, or a word of the journal itself', () => {
  for (const value of ['1970', 'insert', 'stage.started', 'subject']) new Secret(value);
  const dir = scratch();
  const journal = journalIn(dir);
  const said: Event = { type: 'stage.started', stage: 'insert-media', waitsFor: 'nothing' };
  journal.say('c/h', said);
  journal.close();
  const [event] = readJournal(join(dir, JOURNAL))?.events ?? [];
  assert.deepEqual(event, { seq: 1, at: '1970-01-01T00:00:05.000Z', subject: 'c/h', ...said });
});

test('a view that breaks is told nothing more, and the others go on', () => {
  const told: string[] = [];
  const journal = journalIn(scratch());
  journal.listen((): never => (told.push('broken'), fail('a defect of a view')));
  journal.listen(() => void told.push('sound'));
  for (const text of ['one', 'two']) journal.say('c', warning(text));
  journal.close();
  assert.deepEqual(told, ['broken', 'sound', 'sound']);
});

test('a journal that cannot be written says so once, as E-STATE, and goes on telling the views', () => {
  const heard: string[] = [];
  let texts = 0;
  let isFull = false;
  const append: Disk['append'] = (file, text) => (isFull ? fail('no space left') : realDisk.append(file, text));
  const onBroken: JournalOptions['onBroken'] = ({ code }) => heard.push(code);
  const journal = journalIn(scratch(), { disk: { ...realDisk, append }, onBroken });
  journal.listen(() => (texts += 1));
  isFull = true;
  for (const text of ['one', 'two']) journal.say('c', warning(text));
  journal.close();
  assert.deepEqual([heard, texts], [['E-STATE'], 2]);
});

test('a journal whose header cannot be written is E-STATE before anything is done', () => {
  const sync = (): never => fail('no space left');
  assert.throws(() => journalIn(scratch(), { disk: { ...realDisk, sync } }), { code: 'E-STATE', exitCode: 8 });
  assert.throws(() => journalIn(join(scratch(), 'nowhere')), { code: 'E-STATE', exitCode: 8 });
});

test('a run folder is 0700 and out of version control', () => {
  const dir = scratch();
  const { runDir } = createFolders(dir, 0, seededRandom('r'));
  assert.equal(statSync(runDir).mode & 0o777, 0o700);
  assert.equal(readFileSync(join(dir, '.gitignore'), 'utf8'), '*\n');
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
  for (const outcome of ['unchanged', 'destroyed', 'clean'] as const) {
    assert.equal(clusterExit({ ...output, outcome }, undefined), 0);
    assert.equal(clusterExit({ ...output, outcome, leftovers: ['media'] }, 'SIGINT'), 7);
  }
  assert.equal(clusterExit({ ...output, outcome: 'installed', leftovers: ['media'] }, undefined), 7);
  assert.equal(clusterExit({ ...output, outcome: 'failed', error }, undefined), 3);
  assert.equal(clusterExit({ ...output, outcome: 'interrupted' }, 'SIGINT'), 130);
  assert.equal(clusterExit({ ...output, outcome: 'left-installing' }, 'SIGTERM'), 143);
  for (const outcome of ['stopped', 'left-installing'] as const) {
    assert.equal(clusterExit({ ...output, outcome }, undefined, true), 0, outcome);
    assert.equal(clusterExit({ ...output, outcome, leftovers: ['media'] }, undefined, true), 7, outcome);
  }
  const held = { code: 'E-MAX-FAIL' as const, message: '', todo: '' };
  assert.equal(clusterExit({ ...output, outcome: 'skipped', error: held }, undefined), 5);
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
