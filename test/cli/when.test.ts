/** Durations and deadlines as they are typed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadlineMs, durationMs, wholeNumber } from '../../src/cli/when.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Midnight of a day on which no clock is put forward anywhere, by this machine's time. */
const MIDNIGHT = new Date(2026, 10, 23).getTime();
const usage = (message: RegExp) => ({ code: 'E-USAGE', exitCode: 2, message });

test('durations are hours, minutes and seconds in this order, each at most once', () => {
  const read = ['10m', '90s', '1h30m', '2h05s', '168h', '0s', '0m'].map((text) => durationMs('--lock-wait', text));
  assert.deepEqual(read, [10 * MINUTE, 90_000, 90 * MINUTE, 2 * HOUR + 5000, 168 * HOUR, 0, 0]);
});

for (const text of ['', '10', 'm', '-10m', '+10m', '1.5h', '10 m', '30m1h', '10m10m', '1d', '10M', '٣m', '9999999999s'])
  test(`"${text}" is no duration, and how to write one is said`, () => {
    const error = usage(/^--lock-wait ".*" is no duration$/);
    assert.throws(() => durationMs('--lock-wait', text), { ...error, todo: 'write it like 10m, 90s or 1h30m' });
  });

test('more than a week is no duration of anybody', () => {
  assert.throws(() => durationMs('--lock-wait', '168h1s'), usage(/is more than 7 days/));
});

test('a time of day is the next one by the local clock, in real time however fast the run lives', () => {
  const at = (text: string, from: number, factor = 1): number => deadlineMs(text, MIDNIGHT + from, factor);
  assert.equal(at('05:30', 0), 5.5 * HOUR);
  assert.equal(at('5:30', 5 * HOUR), 0.5 * HOUR);
  assert.equal(at('05:30', 5.5 * HOUR), 24 * HOUR);
  assert.equal(at('05:30', 22 * HOUR), 7.5 * HOUR);
  assert.equal(at('05:30:15', 5.5 * HOUR), 15_000);
  assert.equal(at('05:30', 5 * HOUR, 60), 30 * HOUR);
});

test('an instant has its zone; a duration is of the run and is not stretched', () => {
  const now = Date.parse('2026-11-23T04:30:00Z');
  assert.equal(deadlineMs('2026-11-23T05:30:00Z', now, 1), HOUR);
  assert.equal(deadlineMs('2026-11-23T05:30+01:00', now - MINUTE, 60), 60 * MINUTE);
  assert.equal(deadlineMs('90m', now, 60), 90 * MINUTE);
});

for (const [text, message] of [
  ['24:00', /is no time$/],
  ['05:60', /is no time$/],
  ['0530', /is no time$/],
  ['-90m', /is no time$/],
  ['tomorrow', /is no time$/],
  ['2026-11-23T05:30', /is no time$/],
  ['2026-02-30T05:30Z', /is no time$/],
  ['0m', /leaves no time$/],
  ['2020-01-01T00:00:00Z', /has passed$/],
  ['2027-01-01T00:00:00Z', /is more than 7 days away$/],
  ['1000h', /is more than 7 days$/],
] as const)
  test(`--deadline ${text} is refused`, () => {
    assert.throws(() => deadlineMs(text, MIDNIGHT, 1), usage(message));
  });

test('a whole number is digits and not less than what makes sense', () => {
  assert.equal(wholeNumber('--keep', '10'), 10);
  for (const text of ['', '0', '-1', '1.5', '1e3', 'ten', '9'.repeat(10)])
    assert.throws(() => wholeNumber('--keep', text), usage(/^--keep ".*" is no whole number from 1 on$/));
});
