/** What a run is about, and what of it may change while it is not finished. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { begunOf, changed, changesOf, latestSource, sourceOf } from '../../src/run/source.ts';
import { inventoryIn } from './inventories.ts';
import { header, started } from './journals.ts';

const at = '2026-01-01T00:00:00.000Z';
const sourceWith = (clusters: Record<string, unknown>, port: number | null = null) =>
  sourceOf(inventoryIn('/', clusters, { media: { address: null, port } }));
const intentFor = (subject: string): RunEvent => {
  return { seq: 1, at, subject, type: 'intent', stage: 's', effect: 'e', try: 1 };
};
const BEFORE = sourceWith({ a: { version: '4.20' }, b: { version: '4.20' } });

test('a run is about its service, its media and its clusters, and not about the faults of its lab', () => {
  const lab = { timeFactor: 60, faults: ['x@y'], host: { cpus: 1, memoryGiB: 1, diskGB: 1 } };
  assert.deepEqual(sourceOf(inventoryIn('/', { a: { version: '4.20' } }, { lab })), {
    shared: { service: { type: 'lab' }, media: { address: null, port: null } },
    clusters: { a: { version: '4.20' } },
  });
});

test('a cluster has begun when something was about to be done for it or one of its hosts', () => {
  const looked: RunEvent = { ...intentFor('c'), type: 'stage.started', stage: 'check-service', waitsFor: '' };
  assert.deepEqual(begunOf([intentFor('a/host-0'), looked, intentFor('b'), intentFor('a')]), ['a', 'b']);
});

test('what changed is told value by value, for what has begun and for what is shared', () => {
  const after = sourceWith({ a: { version: '4.21' }, b: { version: '4.21' } }, 8080);
  assert.deepEqual(changesOf(BEFORE, after, ['a']), [
    'media.port: was nothing, is 8080',
    'a: version: was 4.20, is 4.21',
  ]);
  assert.deepEqual(changesOf(BEFORE, sourceWith({ b: { version: '4.20' } }), ['a']), ['a: no longer in the inventory']);
});

test('anything may change before something has begun, and clusters that have not begun may come, go and change', () => {
  assert.deepEqual(changesOf(BEFORE, sourceWith({ x: {} }, 8080), []), []);
  const after = sourceWith({ a: { version: '4.20' }, c: { version: '4.22' } });
  assert.deepEqual(changesOf(BEFORE, after, ['a']), []);
});

test('a change that was let through once is what later lives are held against', () => {
  const after = sourceWith({ a: { version: '4.21' } });
  const event = (parts: object): RunEvent => ({ seq: 1, at, subject: 'run', ...started(), ...parts });
  assert.deepEqual(latestSource(header({ source: BEFORE }), [event({})]), BEFORE);
  assert.deepEqual(latestSource(header({ source: BEFORE }), [event({}), event({ source: after }), event({})]), after);
});

test('a run that may not go on says what changed, and how to go on or give up', () => {
  const { exitCode, message, todo } = changed('20261122T120000Z-a', ['a: version: was 4.20, is 4.21']);
  assert.equal(exitCode, 3);
  assert.match(message, /20261122T120000Z-a .* a: version: was 4\.20, is 4\.21/);
  assert.match(todo, /take the change back.*snoboot cleanup/);
});
