/** What a run knows: in any life the same as in the one that said it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import type { Code } from '../../src/core/errors.ts';
import type { Event, Facts, RunEvent } from '../../src/core/events.ts';
import { fraction, type Random, seededRandom } from '../../src/core/random.ts';
import { realDisk } from '../../src/run/disk.ts';
import { openJournal } from '../../src/run/journal.ts';
import { JOURNAL, readJournal } from '../../src/run/journal-file.ts';
import { createMemory, type Memory, type Remembered } from '../../src/run/memory.ts';
import type { Deed } from '../../src/stages/deeds.ts';
import { header, scratch } from './journals.ts';

const HOST = 'c/h';
const SUBJECTS = ['c', HOST, 'd/h'];
const STAGES: Record<string, string[]> = {
  'insert-media': ['eject', 'insert'],
  'boot-once': ['power-off', 'override', 'power-on'],
  'keep-media': [],
  cleanup: ['eject', 'power-off'],
  'take-down': ['power-off'],
};

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(fraction(random) * from.length)]!;
const error = (code: Code) => ({ code, message: 'no', todo: 'look' });

/** One thing that could be said of a stage. */
function anyEvent(random: Random): Event {
  const stage = pick(random, Object.keys(STAGES));
  const effect = pick(random, [...STAGES[stage]!, 'other']);
  const facts = pick<Facts>(random, [
    {},
    { hostId: 'h1', bytesAtInsert: 5 },
    { mediaLost: true },
    { disks: ['a', 'b'] },
  ]);
  return pick<Event>(random, [
    { type: 'stage.started', stage, waitsFor: 'it' },
    { type: 'stage.progressed', stage, seen: 'it moves' },
    { type: 'intent', stage, effect, try: pick(random, [1, 2]) },
    { type: 'result', stage, effect, try: 1 },
    { type: 'result', stage, effect, try: 1, error: error('E-BMC-UNREACH') },
    { type: 'stage.succeeded', stage, changed: true, elapsedMs: 0, facts },
    { type: 'stage.failed', stage, elapsedMs: 0, error: error('E-POWER') },
    { type: 'warning', text: 'something' },
  ]);
}

/** All that can be asked of what is remembered. */
function allOf(memory: Memory) {
  return SUBJECTS.map((subject) => {
    const { facts, deeds } = memory.of(subject);
    const each = Object.entries(STAGES).flatMap(([stage, effects]) =>
      [...effects, 'other'].map((effect) => [`${stage}/${effect}`, deeds.last(stage, effect)]),
    );
    const tries = deeds.open().map((stage) => [stage, [...deeds.tries(stage)]]);
    return structuredClone({ subject, facts, each, tries, owes: [...deeds.owes].sort() });
  });
}

/** The last deed of an effect by the list of what was said alone: nothing of before the machine was let go holds. */
function lastBy(events: readonly RunEvent[], subject: string, stage: string, effect: string): Deed | undefined {
  const mine = events.filter((event) => event.subject === subject);
  const letGo = mine.findLastIndex(
    (event) =>
      event.type === 'stage.succeeded' &&
      (['cleanup', 'take-down'].includes(event.stage) || event.facts['mediaLost'] === true),
  );
  const about = mine.slice(letGo + 1).filter((event) => {
    const isDeed = event.type === 'intent' || event.type === 'result';
    return isDeed && event.stage === stage && event.effect === effect;
  });
  const intent = about.findLastIndex(({ type }) => type === 'intent');
  const begun = about[intent];
  if (begun?.type !== 'intent') return undefined;
  const end = about.slice(intent + 1).at(-1);
  const at = Date.parse((end ?? begun).at);
  if (end?.type !== 'result') return { count: begun.try, at, outcome: 'unknown' };
  const failed = { count: begun.try, at, outcome: 'failed' as const };
  return end.error ? { ...failed, code: end.error.code } : { count: begun.try, at, outcome: 'done' };
}

test('after any events a new life knows from the journal what the one knew that said them', async () => {
  for (const seed of Array.from({ length: 60 }, (_, i) => `memory ${i}`)) {
    const random = seededRandom(seed);
    const file = join(scratch(), JOURNAL);
    const clock = createVirtualClock(Date.UTC(2026, 0, 1));
    const onBroken = (): never => assert.fail('the disk is full');
    const journal = openJournal({ file, start: { header: header() }, clock, disk: realDisk, onBroken });
    const living = createMemory();
    journal.listen(living.apply);
    for (let count = Math.ceil(fraction(random) * 40); count > 0; count--) {
      journal.say(pick(random, SUBJECTS), anyEvent(random));
      await clock.advance(Math.floor(fraction(random) * 3000));
    }
    journal.close();
    const { events } = readJournal(file)!;
    const next = createMemory();
    events.forEach(next.apply);
    assert.deepEqual(allOf(next), allOf(living), seed);
    for (const subject of SUBJECTS)
      for (const [stage, effects] of Object.entries(STAGES))
        for (const effect of effects)
          assert.deepEqual(
            { ...next.of(subject).deeds.last(stage, effect) },
            { ...lastBy(events, subject, stage, effect) },
            `${seed}: ${subject} ${stage}/${effect}\n${readFileSync(file, 'utf8')}`,
          );
  }
});

/** What is known of the host after these events of it, in the same life. */
function after(events: Event[]): Remembered & { memory: Memory } {
  const memory = createMemory();
  events.forEach((event, seq) => memory.apply({ seq, at: '2026-01-01T00:00:00.000Z', subject: HOST, ...event }));
  return { ...memory.of(HOST), memory };
}

const intent = (stage: string, effect: string): Event => ({ type: 'intent', stage, effect, try: 1 });
const over = (stage: string, facts: Facts = {}): Event => {
  return { type: 'stage.succeeded', stage, changed: true, elapsedMs: 0, facts };
};
const BOOTED = [
  ...['power-off', 'override', 'power-on'].map((effect) => intent('boot-once', effect)),
  over('boot-once', { hostId: 'h1', bytesAtInsert: 5, serial: 'S' }),
];

test('a machine owes what was begun on it, whatever came of it, until it is left clean', () => {
  const inserted = after([intent('insert-media', 'insert')]);
  assert.deepEqual([...inserted.deeds.owes], ['media']);
  const booted = after([intent('insert-media', 'eject'), ...BOOTED]);
  assert.deepEqual([...booted.deeds.owes].sort(), ['media', 'override', 'power']);
  const ejected = after([intent('insert-media', 'insert'), ...BOOTED, over('eject-media')]);
  assert.deepEqual([...ejected.deeds.owes], ['power']);
  for (const stage of ['cleanup', 'take-down']) assert.equal(after([...BOOTED, over(stage)]).deeds.owes.size, 0);
});

test('a machine that was left clean, taken down, or has lost its medium is booted anew; who it is stays known', () => {
  for (const last of [over('cleanup'), over('take-down'), over('keep-media', { mediaLost: true })]) {
    const { facts, deeds } = after([intent('insert-media', 'insert'), ...BOOTED, last]);
    assert.deepEqual([deeds.last('boot-once', 'power-on'), deeds.open()], [undefined, []]);
    assert.deepEqual(facts, { hostId: null, bytesAtInsert: null, serial: 'S', mediaLost: false });
  }
});

test('a machine that has lost its medium still owes what was done to it', () => {
  const { deeds } = after([intent('insert-media', 'insert'), ...BOOTED, over('keep-media', { mediaLost: true })]);
  assert.deepEqual([...deeds.owes].sort(), ['media', 'override', 'power']);
});

test('a life that goes on with the deploy of a machine that was being cleaned boots it anew, and owes as before', () => {
  const cleaning = after([...BOOTED, { type: 'stage.started', stage: 'cleanup', waitsFor: '' }]);
  cleaning.memory.goOn();
  assert.ok(cleaning.deeds.last('boot-once', 'power-on'), 'nothing of it was undone yet');
  const { memory, deeds } = after([...BOOTED, intent('cleanup', 'eject')]);
  memory.goOn();
  assert.equal(deeds.last('boot-once', 'power-on'), undefined);
  assert.deepEqual([...deeds.owes].sort(), ['override', 'power']);
});

test('what was done to a cluster that is deleted says nothing of the one that is installed in its place', () => {
  const memory = createMemory();
  const events = [intent('install', 'install'), intent('delete-cluster', 'forget'), over('delete-cluster')];
  events.forEach((event, seq) => memory.apply({ seq, at: '2026-01-01T00:00:00.000Z', subject: 'c', ...event }));
  assert.equal(memory.of('c').deeds.last('install', 'install'), undefined);
});
