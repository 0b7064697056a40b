/** What a run says last: how a cluster is reached, what to type next, and how many clusters are told together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, Outcome, RunEvent } from '../../src/core/events.ts';
import { recap, type RecapOptions } from '../../src/view/recap.ts';
import { emptyScreen, fold } from '../../src/view/rows.ts';
import { ended, event, NO_AGENT, runStarted } from './screen.ts';

const OPTIONS: RecapOptions = { runDir: 'runs/1', credentials: {}, command: 'snoboot deploy lab.yaml' };
const SKIPPED = { code: 'E-MAX-FAIL', message: '2 of 2 failed', todo: 'look at those' } as const;

const text = (events: RunEvent[], options: Partial<RecapOptions> = {}): string =>
  recap(fold(emptyScreen(), events), { ...OPTIONS, ...options });
const end = (cluster: string, outcome: Outcome, parts: Partial<Extract<Event, { type: 'cluster.ended' }>> = {}) =>
  event(9, cluster, {
    type: 'cluster.ended',
    outcome,
    exitCode: 5,
    leftovers: [],
    changed: 1,
    version: { asked: '4.20', installed: null },
    ...parts,
  });
const stageOver = (cluster: string, stage: string, facts: Record<string, string>): RunEvent =>
  event(5, cluster, { type: 'stage.succeeded', stage, changed: true, elapsedMs: 1, facts });

test('an installed cluster has the URL of its console, where the service says it', () => {
  const saved = stageOver('sno1', 'save-credentials', { consoleUrl: 'https://console.sno1.example.com' });
  const told = text([runStarted(2), saved, ended(9, 'sno1', 'installed'), ended(9, 'sno2', 'installed')]);
  assert.match(told, /^sno1: .*\n.*\n {2}console: https:\/\/console\.sno1\.example\.com\n\nsno2: .*\n.*\n\nrun/);
});

test('what failed with --replace before the old cluster was gone is tried again with --replace, and after it without', () => {
  const removed = stageOver('sno2', 'delete-cluster', {});
  const absent = stageOver('sno3', 'check-service', { existing: 'absent' });
  const failed = ['sno1', 'sno2', 'sno3'].map((name) => end(name, 'failed', { error: NO_AGENT }));
  const again = { replace: true, retry: 'snoboot deploy lab.yaml --limit @failed.retry' };
  const told = text([runStarted(3), removed, absent, ...failed], again);
  assert.deepEqual(told.match(/(next|retry): .*/g), [
    'next: snoboot deploy lab.yaml --replace',
    'next: snoboot deploy lab.yaml',
    'next: snoboot deploy lab.yaml',
    'retry: snoboot deploy lab.yaml --limit @failed.retry --replace',
  ]);
  assert.match(
    text([runStarted(2), removed, end('sno1', 'installed'), failed[1]!], again),
    /\nretry: snoboot deploy lab.yaml --limit @failed.retry\n/,
  );
});

test('where the error itself asks for --replace, so does the next command', () => {
  const todo = 'read the logs; then deploy with --replace, which deletes the cluster first';
  const error = { code: 'E-INSTALL', message: 'error', todo } as const;
  assert.match(
    text([runStarted(1), end('sno1', 'failed', { error })]),
    /\n {2}next: snoboot deploy lab.yaml --replace\n/,
  );
});

test('clusters that were not begun are one block, without a command for each', () => {
  const skipped = ['sno3', 'sno4', 'sno5'].map((name) => end(name, 'skipped', { error: SKIPPED, changed: 0 }));
  const told = text([
    runStarted(5),
    end('sno1', 'failed', { error: NO_AGENT }),
    ended(9, 'sno2', 'installed'),
    ...skipped,
  ]);
  assert.match(
    told,
    /^not begun: sno3, sno4, sno5 \(3\)\n {2}E-MAX-FAIL: 2 of 2 failed\n {2}to do: look at those\n\nsno1: failed/,
  );
  assert.equal(told.match(/next:/g)?.length, 1);
});

test('a thousand clusters are told in a hundred and some lines: what is well together, what failed first in full', () => {
  const ends = Array.from({ length: 1000 }, (_, i) =>
    i < 900 ? ended(9, `sno${i + 1}`, 'installed') : end(`sno${i + 1}`, 'failed', { error: NO_AGENT }),
  );
  const told = text([runStarted(1000), ...ends], { credentials: { sno1: '.snoboot/clusters/sno1' } });
  assert.match(
    told,
    /^installed: sno1, sno2, .*, … \(900\)\n {2}credentials: \.snoboot\/clusters\/sno1, and so for each\n\n/,
  );
  assert.match(
    told,
    /\nfailed: sno921, .*, … \(80\)\n {2}E-HOST-NOAGENT: no agent registered within 30 min\n {2}to do: /,
  );
  assert.match(told, /\nsno901: failed after 9 s/);
  assert.match(told, /\n1000 clusters: 900 installed, 100 failed, changed=13600\n$/);
  assert.ok(told.split('\n').length < 160, `${told.split('\n').length} lines`);
});
