/** Which run a command begins or goes on with, and what it refuses; judged by what lies on the disk afterwards. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import type { Event, JournalHeader, Verb } from '../../src/core/events.ts';
import { seededRandom } from '../../src/core/random.ts';
import type { Inventory } from '../../src/inventory/types.ts';
import { realDisk } from '../../src/run/disk.ts';
import { openJournal } from '../../src/run/journal.ts';
import { JOURNAL, readJournal } from '../../src/run/journal-file.ts';
import { openRun, type OpenedRun } from '../../src/run/open-run.ts';
import { sourceOf } from '../../src/run/source.ts';
import { inventoryIn } from './inventories.ts';
import { ENDED, scratch, started, writeRun } from './journals.ts';

const NAME = '20261122T120000Z-a';
const WALL = Date.UTC(2026, 10, 23);
const ONE = { sno1: { version: '4.20' } };
const intent = (stage: string, effect: string): Event => ({ type: 'intent', stage, effect, try: 1 });
const done = (stage: string, effect: string): Event => ({ type: 'result', stage, effect, try: 1 });
const BOOTING = [intent('insert-media', 'insert'), done('insert-media', 'insert'), intent('boot-once', 'power-on')];

function open(inventory: Inventory, verb: Verb = 'deploy', replace = false): OpenedRun {
  return openRun({ verb, replace, inventory, version: '0.2.0', wallMs: WALL, random: seededRandom('r') });
}

/** The folder of an inventory with `clusters`, of which a run was killed after `events`. */
function killed(events: Event[], parts: Partial<JournalHeader> = {}, clusters: Record<string, unknown> = ONE) {
  const dir = scratch();
  const source = sourceOf(inventoryIn(dir, clusters));
  const runDir = writeRun(dir, NAME, [started(), ...events], { source, ...parts });
  return { dir, file: join(runDir, JOURNAL), inventory: inventoryIn(dir, clusters) };
}

const runsIn = (dir: string): string[] => readdirSync(join(dir, '.snoboot/runs')).sort();

/** What the journal reads like after a life that says this one thing. */
function say({ file, start }: OpenedRun, event: Event) {
  const onBroken = (): never => assert.fail('cannot be written');
  const journal = openJournal({ file, start, clock: createVirtualClock(WALL), disk: realDisk, onBroken });
  journal.say('run', event);
  journal.close();
  return readJournal(file);
}

test('where no run is unfinished a new one begins, its journal headed by what it is about', () => {
  const dir = scratch();
  writeRun(dir, NAME, [started(), ...BOOTING, ENDED]);
  const inventory = inventoryIn(dir, ONE);
  const run = open(inventory, 'deploy', true);
  assert.deepEqual([run.life, run.past, run.newSource, run.memory.of('sno1/host-0').deeds.owes.size], [1, [], null, 0]);
  assert.equal(existsSync(run.file), false);
  const header = { format: 2, run: run.folders.run, version: '0.2.0', verb: 'deploy', replace: true };
  const journal = say(run, started());
  assert.deepEqual(journal?.header, { ...header, inventory: 'lab.yaml', source: sourceOf(inventory) });
  assert.deepEqual(runsIn(dir), [NAME, run.folders.run]);
});

test('a run that was killed is gone on with in its folder, by what its journal says', () => {
  const { dir, inventory } = killed(BOOTING);
  const run = open(inventory);
  assert.deepEqual([run.folders.run, run.life, run.past.length, run.newSource], [NAME, 2, 4, null]);
  const { deeds } = run.memory.of('sno1/host-0');
  assert.equal(deeds.last('boot-once', 'power-on')?.outcome, 'unknown');
  assert.deepEqual([...deeds.owes].sort(), ['media', 'power']);
  assert.deepEqual(runsIn(dir), [NAME]);
  const journal = say(run, started(0, 2));
  assert.deepEqual([journal?.events.length, journal?.events.at(-1)?.seq], [5, 5]);
  assert.equal(open(inventory).life, 3);
});

test('a last line that was torn is cut off, and the next life writes behind the last whole one', () => {
  const { file, inventory } = killed(BOOTING);
  const whole = readFileSync(file, 'utf8');
  appendFileSync(file, '{"seq":5,"at":"2026-');
  const run = open(inventory);
  assert.equal(run.past.length, 4);
  const journal = say(run, started(0, 2));
  assert.deepEqual([journal?.events.length, journal?.tornAt], [5, null]);
  assert.ok(readFileSync(file, 'utf8').startsWith(whole));
});

test('any other damage is E-JOURNAL, whatever is asked for, and nothing is begun', () => {
  const { dir, file, inventory } = killed(BOOTING);
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.toSpliced(2, 1).join('\n'));
  for (const verb of ['deploy', 'destroy', 'cleanup'] as const)
    assert.throws(() => open(inventory, verb, true), { code: 'E-JOURNAL', exitCode: 8 });
  assert.deepEqual(runsIn(dir), [NAME]);
});

test('an unfinished journal of the first format is E-JOURNAL-VERSION, a finished one is past', () => {
  const { file, inventory } = killed([]);
  const event = (seq: number, rest: object) => ({ seq, at: '2026-11-22T12:00:00.000Z', subject: 'run', ...rest });
  const lines = [
    { format: 1, run: NAME, version: '0.1.0', clusters: { sno1: 'digest' } },
    event(1, { type: 'run.started', clusters: [], target: 'lab' }),
    event(2, { type: 'run.ended', exitCode: 0 }),
  ].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(file, lines.slice(0, 2).join(''));
  assert.throws(() => open(inventory), { code: 'E-JOURNAL-VERSION', exitCode: 8 });
  writeFileSync(file, lines.join(''));
  assert.equal(open(inventory).life, 1);
});

test('an inventory that changed for what has begun is refused with the difference', () => {
  const { dir } = killed(BOOTING);
  const [more, gone] = [{ sno1: { version: '4.21' } }, { sno2: {} }];
  assert.throws(() => open(inventoryIn(dir, more)), {
    code: 'E-INVENTORY-CHANGED',
    exitCode: 3,
    message: /sno1: version: was 4\.20, is 4\.21$/,
  });
  assert.throws(() => open(inventoryIn(dir, gone)), { message: /sno1: no longer in the inventory$/ });
  assert.deepEqual(runsIn(dir), [NAME]);
});

test('a change of a cluster that has not begun is let through, and remembered by the lives that follow', () => {
  const { dir } = killed(BOOTING, {}, { ...ONE, sno2: { version: '4.20' } });
  const changed = inventoryIn(dir, { ...ONE, sno2: { version: '4.21' } });
  const run = open(changed);
  assert.deepEqual([run.life, run.newSource], [2, sourceOf(changed)]);
  say(run, { ...started(0, 2), source: sourceOf(changed) } as Event);
  assert.equal(open(changed).newSource, null);
});

test('--replace begins anew over a run that was begun without it, or over an inventory that changed', () => {
  const { dir, inventory } = killed(BOOTING);
  assert.equal(open(inventory, 'deploy', true).life, 1);
  const replaced = killed(BOOTING, { replace: true });
  assert.equal(open(replaced.inventory, 'deploy', true).life, 2);
  assert.equal(open(inventoryIn(replaced.dir, { sno1: {} }), 'deploy', true).life, 1);
  assert.equal(runsIn(dir).length, 2);
});

test('deploy and destroy give up what the other one has begun', () => {
  assert.equal(open(killed(BOOTING).inventory, 'destroy').life, 1);
  assert.equal(open(killed(BOOTING, { verb: 'destroy' }).inventory).life, 1);
  assert.equal(open(killed(BOOTING, { verb: 'destroy' }).inventory, 'destroy').life, 2);
});

test('cleanup goes on with any run, whatever the inventory says now, and does not change what it is about', () => {
  for (const verb of ['deploy', 'destroy', 'cleanup'] as const) {
    const { dir } = killed(BOOTING, { verb, replace: true });
    const run = open(inventoryIn(dir, { sno1: { version: '4.21' }, sno2: {} }), 'cleanup');
    assert.deepEqual([run.life, run.newSource], [2, null]);
    assert.deepEqual([...run.memory.of('sno1/host-0').deeds.owes].sort(), ['media', 'power']);
  }
});

test('a run that was being cleaned up: deploy boots it anew, cleanup goes on with what it tried', () => {
  const cleaning = [...BOOTING, done('boot-once', 'power-on'), intent('cleanup', 'eject')];
  const deeds = (verb: Verb) => open(killed(cleaning).inventory, verb).memory.of('sno1/host-0').deeds;
  assert.equal(deeds('deploy').last('boot-once', 'power-on'), undefined);
  const left = deeds('cleanup');
  assert.equal(left.tries('cleanup').get('eject')?.outcome, 'unknown');
  assert.equal(left.last('boot-once', 'power-on')?.outcome, 'done');
});

test('--limit may not leave out what an unfinished run has begun, whatever the verb: it would be forgotten', () => {
  const both = { ...ONE, sno2: {} };
  const { dir } = killed(BOOTING, {}, both);
  const { clusters, ...rest } = inventoryIn(dir, both);
  const only = (i: number): Inventory => ({ ...rest, clusters: [clusters[i]!], all: clusters });
  for (const verb of ['deploy', 'destroy', 'cleanup'] as const)
    assert.throws(() => open(only(1), verb), {
      code: 'E-INVENTORY-CHANGED',
      message: /is not finished, and --limit leaves out what it has begun: sno1$/,
    });
  const run = open(only(0));
  assert.deepEqual([run.life, run.newSource], [2, null]);
});

test('--limit may leave out what ended clean before the run was killed', () => {
  const end = (leftovers: string[]): Event => ({
    type: 'cluster.ended',
    outcome: 'failed',
    exitCode: 5,
    leftovers,
    changed: 1,
    version: { asked: '4.20', installed: null },
  });
  const both = { ...ONE, sno2: {} };
  const after = (events: Event[]) => {
    const { clusters, ...rest } = killed(events, {}, both).inventory;
    return () => open({ ...rest, clusters: [clusters[1]!], all: clusters });
  };
  assert.equal(after([...BOOTING, end([])])().life, 2);
  assert.throws(after([...BOOTING, end(['the ISO'])]), { code: 'E-INVENTORY-CHANGED' });
  assert.throws(after([...BOOTING, end([]), ...BOOTING]), { code: 'E-INVENTORY-CHANGED' });
});
