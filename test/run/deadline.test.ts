/** `--deadline`: how long a cluster usually takes, and what is not begun any more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import type { Event, RunEvent } from '../../src/core/events.ts';
import { deadlinePassed, refuseLate, usualOf } from '../../src/run/deadline.ts';
import { started } from './journals.ts';

const MINUTE = 60_000;
const UNKNOWN = { deploy: 60 * MINUTE, install: 45 * MINUTE };

/** Events of the cluster `c`, but those of the run, each at its minute. */
function runOf(...events: [minute: number, event: Event][]): RunEvent[] {
  return events.map(([minute, event], seq) => {
    const subject = event.type.startsWith('run.') ? 'run' : 'c';
    return { seq, at: new Date(minute * MINUTE).toISOString(), subject, ...event };
  });
}
const looks: Event = { type: 'stage.started', stage: 'check-service', waitsFor: '' };
const triggers: Event = { type: 'intent', stage: 'install', effect: 'install', try: 1 };
const ended = (outcome: 'installed' | 'unchanged' | 'failed'): Event => {
  const version = { asked: '4.20', installed: null };
  return { type: 'cluster.ended', outcome, exitCode: 0, leftovers: [], changed: 0, version };
};

test('a cluster usually takes as long as the longest of its runs that installed it', () => {
  const short = runOf([0, started()], [1, looks], [11, triggers], [41, ended('installed')]);
  const long = runOf([0, started()], [0, looks], [30, triggers], [55, ended('installed')]);
  assert.deepEqual(usualOf('c', [short, long]), { deploy: 55 * MINUTE, install: 30 * MINUTE });
});

test('runs that installed nothing, and those of other clusters, say nothing of it', () => {
  const failed = runOf([0, looks], [100, triggers], [300, ended('failed')]);
  const unchanged = runOf([0, looks], [1, ended('unchanged')]);
  const other = runOf([0, looks], [1, triggers], [2, ended('installed')]).map((event) => ({ ...event, subject: 'd' }));
  for (const runs of [[], [failed, unchanged], [other]]) assert.deepEqual(usualOf('c', runs), UNKNOWN);
});

test('a run that was killed in the evening and gone on with in the morning says nothing of how long it takes', () => {
  const evening = runOf([0, started()], [1, looks], [11, triggers]);
  const morning = runOf([600, started(0, 2)], [600, looks], [640, ended('installed')]);
  assert.deepEqual(usualOf('c', [[...evening, ...morning]]), UNKNOWN);
});

test('what usually ends after the deadline is not begun', async () => {
  const clock = createVirtualClock();
  const usual = { deploy: 60 * MINUTE, install: 45 * MINUTE };
  refuseLate(clock, 60 * MINUTE, 'c', 'deploy', usual);
  await clock.advance(MINUTE);
  assert.throws(() => refuseLate(clock, 60 * MINUTE, 'c', 'deploy', usual), {
    code: 'E-DEADLINE',
    exitCode: 130,
    message: '59 minutes are left until --deadline, and to deploy c usually takes 60',
  });
  refuseLate(clock, 60 * MINUTE, 'c', 'install', usual);
  await clock.advance(120 * MINUTE);
  assert.throws(() => refuseLate(clock, 60 * MINUTE, 'c', 'install', usual), { message: /^0 minutes are left/ });
});

test('a run that the deadline stops can be gone on with', () => {
  assert.equal(deadlinePassed().exitCode, 130);
});
