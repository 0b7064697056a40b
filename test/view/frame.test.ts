/** What the picture says of time, of batches and of an interrupt, and what stands first in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { changeOf } from '../../src/view/change.ts';
import { frame } from '../../src/view/frame.ts';
import { mediumText, readMore } from '../../src/view/medium.ts';
import { emptyScreen, fold, reduce } from '../../src/view/rows.ts';
import type { Usual } from '../../src/view/usual.ts';
import { ended, event, midRun, NO_AGENT, runStarted, START } from './screen.ts';

const USUAL: Usual = { stage: (subject) => (subject === 'sno1' ? 30_000 : 300_000), whole: () => 600_000 };
const started = (second: number, subject: string): RunEvent =>
  event(second, subject, { type: 'stage.started', stage: 'install', waitsFor: 'the service' });
const shown = (events: RunEvent[], rows = 24, usual?: Usual): string[] =>
  frame(fold(emptyScreen(), events), START + 120_000, { columns: 100, rows }, usual).map(({ text }) => text);

test('a row says how long its stage usually takes, the run how long it will, and what is late is marked', () => {
  const lines = shown([runStarted(2), started(60, 'sno1'), started(50, 'sno2')], 24, USUAL);
  assert.equal(lines[0], 'deploy on lab  2:00 of lab time, ~9:00 left');
  assert.match(lines[2]!, /^» sno1 +install +1:00 of ~0:30 {2}the service$/);
  assert.match(lines[3]!, /^> sno2 +install +1:10 of ~5:00 {2}the service$/);
});

test('what is late stands before what has been at work for longer', () => {
  const lines = shown(
    [runStarted(40), ...Array.from({ length: 40 }, (_, i) => started(60 - i, `sno${i + 1}`))],
    24,
    USUAL,
  );
  assert.match(lines[2]!, /^» sno1 /);
  assert.match(lines[3]!, /^> sno40 /);
});

test('the time that is left is not told while batches are to come', () => {
  const batch = event(0, 'run', { type: 'batch.started', batch: 1, of: 3, clusters: ['sno1'] });
  assert.equal(
    shown([runStarted(2), batch, started(1, 'sno1')], 24, USUAL)[0],
    'deploy on lab  2:00 of lab time  batch 1 of 3',
  );
});

test('that the run was told to end stays in the picture, whatever is warned of later', () => {
  const told = event(5, 'run', { type: 'interrupted', signal: 'SIGINT', text: 'SIGINT: starting nothing new' });
  const later = event(6, 'run', { type: 'warning', text: 'the disk is nearly full' });
  assert.equal(shown([runStarted(1), told, later])[2], '! SIGINT: starting nothing new');
});

test('of a cluster the rows are shown that have something to tell', () => {
  const failed = event(9, 'sno2/host-0', { type: 'stage.failed', stage: 'install', elapsedMs: 1, error: NO_AGENT });
  const events = [runStarted(4), started(1, 'sno1/host-0'), failed, ended(9, 'sno3', 'installed')];
  const subjects = shown(events).flatMap((line) => /^[>✖✔ ] (sno\S+)/.exec(line)?.[1] ?? []);
  assert.deepEqual(subjects, ['sno1/host-0', 'sno2/host-0', 'sno3', 'sno4']);
});

test('events folded at once give the screen that they give one by one, and the screen before stays as it was', () => {
  const events = midRun(30);
  const begun = reduce(emptyScreen(), events[0]!);
  const waiting = structuredClone(begun);
  assert.deepEqual(fold(begun, events.slice(1)), events.slice(1).reduce(reduce, begun));
  assert.deepEqual(begun, waiting);
});

test('the rate is that of the last seconds, and none when nothing came lately', () => {
  const mib = 1024 * 1024;
  const medium = [0, 10, 15, 20].reduce((known: ReturnType<typeof readMore> | null, second) => {
    return readMore(known, second * mib, 100 * mib, START + second * 1000);
  }, null);
  assert.equal(mediumText(medium, START + 21_000), 'ISO 20.0/100.0 MiB, 1.0 MiB/s');
  assert.equal(mediumText(medium, START + 60_000), 'ISO 20.0/100.0 MiB');
});

test('of a line only what changed is drawn, and all of it where its columns are not those of its text', () => {
  const change = (before: string, after: string) =>
    changeOf({ text: before, tone: 'running' }, { text: after, tone: 'running' });
  assert.equal(change('> a 1:02 b', '> a 1:02 b'), null);
  assert.deepEqual(change('> a 1:02 b', '> a 1:13 b'), { column: 6, text: '13', isToEnd: false });
  assert.deepEqual(change('> a 1:02 b', '> a 11:02 b'), { column: 5, text: '1:02 b', isToEnd: true });
  assert.deepEqual(change('日 1', '日 2'), { column: 0, text: '日 2', isToEnd: true });
});
