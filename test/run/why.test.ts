/** Why a run stands where it stands, over journals in memory: each rule with the evidence that it needs, and every way to stand. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Event, RunEvent } from '../../src/core/events.ts';
import type { Code } from '../../src/core/errors.ts';
import { causeOf, type Evidence, RULES } from '../../src/run/why-rules.ts';
import type { WhyRun } from '../../src/run/why-standing.ts';
import { storiesOf } from '../../src/run/why-story.ts';
import { whyOf } from '../../src/run/why.ts';
import type { Why } from '../../src/view/why-text.ts';
import { header, numbered, started } from './journals.ts';

const MIB = 1024 * 1024;
const NONE: Evidence = { code: 'E-INTERNAL', message: 'm', bytes: 0, size: 100 * MIB };

describe('the cause by rule', () => {
  const TABLE: [Partial<Evidence> & { code: Code }, RegExp][] = [
    [{ code: 'E-HOST-NOAGENT' }, /^nobody ever read the ISO/],
    [{ code: 'E-HOST-NOAGENT', bytes: 20 * MIB }, /^the host stopped reading the ISO at 20 %/],
    [
      { code: 'E-HOST-NOAGENT', bytes: 120 * MIB },
      /^the host booted the ISO \(100.0 MiB read\), but its agent never reached/,
    ],
    [{ code: 'E-BOOT-IGNORED' }, /^nobody ever read the ISO: the BMC has no way/],
    [{ code: 'E-BOOT-IGNORED', bytes: 1 }, /^the firmware ignored the one-time boot/],
    [{ code: 'E-MEDIA-NOREAD' }, /^the machine hangs before it boots/],
    [{ code: 'E-MEDIA-FETCH' }, /^the BMC cannot reach the ISO/],
    [{ code: 'E-MEDIA-INSERT', message: 'accepted, but the slot does not read back' }, /but its slot stays empty/],
    [{ code: 'E-MEDIA-INSERT', message: 'lost the ISO again' }, /^lost the ISO again$/],
    [{ code: 'E-VALIDATION', message: 'validations did not pass within 15 minutes: no route' }, /^no route$/],
    [
      { code: 'E-INSTALL', message: 'stage Writing image to disk took longer than expected' },
      /^the write .* stood still/,
    ],
    [{ code: 'E-INSTALL', message: 'Failed - failed executing coreos-installer: 1' }, /to the disk: failed executing/],
    [{ code: 'E-INSTALL', message: 'Host lost its discovery media' }, /^the host lost the ISO/],
    [{ code: 'E-BMC-AUTH', message: 'refuses' }, /^refuses$/],
  ];
  for (const [evidence, cause] of TABLE)
    test(`${evidence.code}, ${evidence.bytes ?? 0} bytes, ${JSON.stringify(evidence.message ?? '')}`, () =>
      assert.match(causeOf({ ...NONE, ...evidence }), cause));

  test('every rule is met by a row', () => {
    const met = TABLE.map(([evidence]) =>
      RULES.find(({ codes, when }) => codes.includes(evidence.code) && when({ ...NONE, ...evidence })),
    );
    assert.deepEqual(
      RULES.filter((rule) => !met.includes(rule)),
      [],
    );
  });
});

const error = (code: Code, message = `sno1/host-0 did not do it`) => ({ code, message, todo: 'do it' });
const AT_WORK: Event[] = [
  { type: 'stage.started', stage: 'insert-media', waitsFor: 'the BMC' },
  { type: 'intent', stage: 'insert-media', effect: 'insert', try: 1 },
  { type: 'result', stage: 'insert-media', effect: 'insert', try: 1, error: error('E-BMC-UNREACH') },
  { type: 'intent', stage: 'insert-media', effect: 'insert', try: 2 },
  { type: 'stage.progressed', stage: 'insert-media', seen: 'the slot to fill' },
];
const FAILS: Event = { type: 'stage.failed', stage: 'insert-media', elapsedMs: 5000, error: error('E-MEDIA-INSERT') };
const version = { asked: '4.20', installed: null };
const ends = (parts: Partial<Extract<Event, { type: 'cluster.ended' }>>): Event => {
  return { type: 'cluster.ended', outcome: 'installed', exitCode: 0, leftovers: [], changed: 1, version, ...parts };
};

function why(events: readonly (Event | RunEvent)[], parts: Partial<WhyRun> = {}, subject: string | null = null): Why {
  const run: WhyRun = {
    header: header(),
    events: numbered(events),
    end: { seq: 0, sum: '', length: 0 },
    tornAt: null,
    runDir: '/r',
    state: 'ended',
    lastWord: null,
    ...parts,
  };
  return whyOf(run, storiesOf(run.events), subject);
}

test('a failure says what was waited for, for how long, what was done, what the logs said, and what is left', () => {
  const found = why([
    started(),
    ...AT_WORK,
    { type: 'media.read', total: MIB, size: 4 * MIB },
    { type: 'validations', failing: ['no route'], pending: [] },
    FAILS,
    { type: 'heard', from: 'bmc', lines: [{ at: '', text: 'no medium' }] },
    { type: 'stage.failed', stage: 'cleanup', elapsedMs: 1, error: error('E-MEDIA-EJECT') },
    ends({ outcome: 'failed', exitCode: 5, error: error('E-MEDIA-INSERT'), leftovers: ['sno1/host-0: the ISO'] }),
  ]);
  assert.equal(found.cause, 'E-MEDIA-INSERT: sno1/host-0 at insert-media: did not do it');
  assert.deepEqual(found.place, { stage: 'insert-media', ms: 7000, seen: 'the slot to fill' });
  assert.equal(found.medium, '1.0/4.0 MiB read');
  assert.deepEqual(found.failing, ['no route']);
  assert.deepEqual(
    found.did.map(({ text }) => text),
    ['insert-media: insert: E-BMC-UNREACH', 'insert-media: insert, try 2: nobody knows what came of it'],
  );
  assert.deepEqual(found.bmc, [{ at: '', text: 'no medium' }]);
  assert.deepEqual(found.left, ['sno1/host-0: the ISO']);
  assert.equal(found.todo, 'do it');
});

test('a host that did not fail itself shows what its cluster failed of', () => {
  const events = numbered([started(), FAILS, ends({ outcome: 'failed', error: error('E-MEDIA-INSERT') })]);
  const ofCluster = events.map((event) => (event.type === 'stage.failed' ? { ...event, subject: 'sno1' } : event));
  const run = { header: header(), events: ofCluster, end: { seq: 0, sum: '', length: 0 }, tornAt: null };
  const known: WhyRun = { ...run, runDir: '/r', state: 'ended', lastWord: null };
  assert.match(whyOf(known, storiesOf(ofCluster), 'sno1/host-0').cause, /^E-MEDIA-INSERT: sno1 at insert-media/);
});

test('an error that no stage had is that of the host it names, at its last stage', () => {
  const loop = error('E-BOOT-LOOP', 'sno1/host-0 booted the ISO again');
  const { cause } = why([started(), ...AT_WORK, ends({ outcome: 'failed', exitCode: 5, error: loop })]);
  assert.equal(cause, 'E-BOOT-LOOP: sno1/host-0 at insert-media: booted the ISO again');
});

test('a failure of an earlier life does not count for a cluster that was at work again', () => {
  const events = [started(), FAILS, started(0, 2), ...AT_WORK.slice(0, 1)];
  assert.match(why(events, { state: 'running' }).cause, /^at work: sno1\/host-0 at insert-media/);
});

test('a cleanup that failed is the failure of a cleanup', () => {
  const failed: Event = { type: 'stage.failed', stage: 'cleanup', elapsedMs: 1, error: error('E-MEDIA-EJECT') };
  const end = ends({ outcome: 'failed', exitCode: 5, error: error('E-MEDIA-EJECT') });
  assert.match(why([started(), failed, end]).cause, /^E-MEDIA-EJECT: sno1\/host-0 at cleanup/);
});

test('installed, but something is owed: it is named', () => {
  const { cause, left } = why([started(), ends({ exitCode: 7, leftovers: ['a', 'b'] })]);
  assert.equal(cause, 'nothing failed: sno1: installed; still owed: a (and 1 more)');
  assert.deepEqual(left, ['a', 'b']);
});

describe('where nothing failed', () => {
  test('at work: who has been at a stage longest, and what for', () => {
    const { cause, place } = why([started(), ...AT_WORK], { state: 'running' });
    assert.equal(cause, 'at work: sno1/host-0 at insert-media for 4 s, waiting for the slot to fill');
    assert.equal(place?.stage, 'insert-media');
  });

  test('killed: where it stood, and what may be left', () => {
    const { cause, left } = why([started(), ...AT_WORK], { state: 'killed' });
    assert.match(cause, /^killed at 12:00:05, and nobody wrote down why: it stood at sno1\/host-0 at insert-media/);
    assert.deepEqual(left, ['sno1/host-0: the ISO may be inserted']);
  });

  test('a journal that could not be written any more: its last word', () => {
    const { cause } = why([started(), ...AT_WORK], { state: 'killed', lastWord: 'ENOSPC' });
    assert.equal(cause, 'E-STATE: the journal could not be written any more: ENOSPC; it stood at insert-media');
  });

  test('nothing was begun', () => assert.match(why([], { state: 'killed' }).cause, /nothing was begun/));

  test('interrupted: by what, and how it was left', () => {
    const told: Event = { type: 'interrupted', signal: 'SIGINT', text: 't' };
    assert.equal(
      why([started(), told, ends({ outcome: 'interrupted' })]).cause,
      'interrupted by SIGINT: sno1: interrupted',
    );
  });

  test('what was in the way comes with the weightiest first', () => {
    const texts = ['BMC answered GET / after 2 tries', 'the BMC has lost the ISO'];
    const events = texts.map((text): Event => ({ type: 'recovered', text }));
    assert.equal(
      why([started(), ...events, ends({})]).cause,
      'nothing failed: sno1: installed; in the way: sno1/host-0: the BMC has lost the ISO; sno1/host-0: BMC answered GET / after 2 tries',
    );
  });

  test('a doubt whether the ISO is read was in the way only until it was', () => {
    const doubt: Event = { type: 'warning', text: 'has read nothing', until: 'read' };
    const other: Event = { type: 'warning', text: 'no NTP source' };
    const read: Event = { type: 'media.read', total: 1, size: 2 };
    const inTheWay = (...events: Event[]): string =>
      why([started(), ...events, ends({})]).cause.replace('nothing failed: sno1: installed', '');
    assert.equal(inTheWay(doubt, other, read), '; in the way: sno1/host-0: no NTP source');
    assert.equal(inTheWay(read, doubt), '; in the way: sno1/host-0: has read nothing');
  });
});
