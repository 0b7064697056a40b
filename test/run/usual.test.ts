/** What is usual, read from journals of earlier runs. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Event } from '../../src/core/events.ts';
import { usualTimes } from '../../src/run/usual.ts';
import { ENDED, scratch, started, writeRun } from './journals.ts';

const took = (seconds: number, stage = 'await-agent'): Event => {
  return { type: 'stage.succeeded', stage, changed: false, elapsedMs: seconds * 1000, facts: {} };
};
const name = (day: number): string => `202611${String(day).padStart(2, '0')}T120000Z-aaaa`;
const usual = (dir: string) => usualTimes(join(dir, '.snoboot'), 'lab.yaml');

test('a stage usually takes what it took in the middle, of the host itself, else of any', () => {
  const dir = scratch();
  for (const [day, seconds] of [30, 10, 20].entries()) writeRun(dir, name(day + 1), [started(), took(seconds), ENDED]);
  assert.equal(usual(dir).stage('sno1/host-0', 'await-agent'), 20_000);
  assert.equal(usual(dir).stage('another/host', 'await-agent'), 20_000);
  assert.equal(usual(dir).stage('sno1/host-0', 'boot-once'), null);
});

test('what was so at once, what two lives took, and other inventories say nothing', () => {
  const dir = scratch();
  writeRun(dir, name(1), [started(), took(0), ENDED]);
  writeRun(dir, name(2), [started(), started(0, 2), took(50), ENDED]);
  writeRun(dir, name(3), [started(), took(60), ENDED], { inventory: 'other.yaml' });
  assert.equal(usual(dir).stage('sno1/host-0', 'await-agent'), null);
});

test('where nothing can be read, nothing is usual', () => {
  const dir = scratch();
  assert.equal(usual(dir).whole('sno1'), null);
  writeFileSync(join(writeRun(dir, name(1), [started(), took(9)]), 'events.jsonl'), '\0\0');
  assert.equal(usual(dir).stage('sno1/host-0', 'await-agent'), null);
});

test('of a long journal begin and end are read', () => {
  const dir = scratch();
  const seen: Event = { type: 'stage.progressed', stage: 'install', seen: 'x'.repeat(90_000) };
  const long = Array.from({ length: 100 }, () => seen);
  writeRun(dir, name(1), [started(), took(5, 'check-bmc'), ...long, took(7, 'middle'), ...long, took(9), ENDED]);
  const { stage } = usual(dir);
  assert.deepEqual(
    ['check-bmc', 'middle', 'await-agent'].map((one) => stage('sno1/host-0', one)),
    [5000, null, 9000],
  );
});
