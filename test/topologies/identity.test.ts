import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './identity.ts';
import { type Wrong, WRONGS } from './topology.ts';

test('over fifty generated topologies a machine that is not the one of the inventory sees no write, and its neighbours are installed', async () => {
  const seen = new Map<Wrong, number>();
  assert.deepEqual(await run(50, 'ci', seen), []);
  assert.deepEqual([...seen.keys()].sort(), [...WRONGS].sort());
});
