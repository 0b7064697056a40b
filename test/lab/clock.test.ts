/** The lab's clock while it is held, and after it. Its time is real time here, a thousand times faster. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock } from '../../src/core/clock.ts';
import { createLabClock } from '../../src/lab/clock.ts';

const real = createClock();

test('held, its time stands still and who sleeps sleeps on; afterwards the rest of the sleep is slept', async () => {
  const clock = createLabClock(1000, 5000);
  let isAwake = false;
  const sleeping = clock.sleep(40_000).then(() => (isAwake = true));
  clock.hold();
  clock.hold();
  const at = clock.now();
  await real.sleep(120);
  assert.deepEqual({ now: clock.now(), isAwake }, { now: at, isAwake: false });
  clock.goOn();
  clock.goOn();
  assert.ok(clock.now() - at < 100_000, 'it goes on from where it stood');
  await sleeping;
  assert.ok(clock.now() >= at + 38_000, `${clock.now() - at} ms of lab time later`);
});

test('a hold that is over before a sleep is lengthens it by what it took', async () => {
  const clock = createLabClock(1000, 0);
  const begun = real.now();
  const sleeping = clock.sleep(100_000);
  clock.hold();
  await real.sleep(50);
  clock.goOn();
  await sleeping;
  assert.ok(real.now() - begun >= 148, `${real.now() - begun} ms`);
});

test('held or not, a sleep ends with its signal, by the reason of that', async () => {
  const clock = createLabClock(1000, 0);
  const stop = new AbortController();
  clock.hold();
  const sleeping = assert.rejects(clock.sleep(1000, stop.signal), /enough/);
  await real.sleep(20);
  stop.abort(new Error('enough'));
  await sleeping;
  await assert.rejects(clock.sleep(0, stop.signal), /enough/);
});
