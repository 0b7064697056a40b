import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './plan.ts';

test('ten generated inventories: a plan foresees all that a deploy does, does nothing itself, and afterwards foresees nothing', async () => {
  assert.deepEqual(await run(10, 'ci-340'), []);
});
