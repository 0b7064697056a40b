/** The order in which clusters are begun, and what holds the later ones. */
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import type { SnobootError } from '../../src/core/errors.ts';
import type { BatchSize } from '../../src/inventory/types.ts';
import { batchesOf } from '../../src/run/batches.ts';
import { rollOut } from '../../src/run/roll-out.ts';

interface Options {
  sizes?: number[];
  serial?: number[];
  forks?: number | null;
  most?: number | null;
}

/** A roll-out of clusters `0`, `1`, … of so many hosts, each of which ends when the test says so. */
function scene({ sizes = [1, 1, 1, 1], serial, forks = null, most = null }: Options) {
  const clusters = sizes.map((size, i) => ({ name: String(i), hosts: Array.from({ length: size }) }));
  const said: string[] = [];
  const ends = new Map<string, (how: 'good' | 'failed' | 'defect') => void>();
  const done = rollOut({
    batches: batchesOf(clusters, serial?.map((hosts): BatchSize => ({ hosts })) ?? null),
    forks,
    maxFailPercentage: most,
    onBatch: ({ number, of }) => void said.push(`batch ${number}/${of}`),
    bring: ({ name }, held: SnobootError | null) => {
      said.push(held ? `${name} held` : name);
      if (held) return Promise.resolve(false);
      return new Promise((resolve, reject) =>
        ends.set(name, (how) => (how === 'defect' ? reject(new Error('defect')) : resolve(how === 'failed'))),
      );
    },
  });
  done.catch(() => undefined);
  const end = async (name: string, how: 'good' | 'failed' | 'defect' = 'good'): Promise<string> => {
    ends.get(name)?.(how);
    await setImmediate();
    return said.splice(0).join(' ');
  };
  return { done, end };
}

test('without serial all begin at once, and no batch is told of', async () => {
  const { done, end } = scene({});
  assert.equal(await end('0'), '0 1 2 3');
  for (const name of ['1', '2', '3']) await end(name, 'failed');
  await done;
});

test('a batch begins when all of the one before it have ended', async () => {
  const { done, end } = scene({ serial: [1, 2] });
  assert.equal(await end(''), 'batch 1/3 0');
  assert.equal(await end('0'), 'batch 2/3 1 2');
  assert.equal(await end('2', 'failed'), '');
  assert.equal(await end('1'), 'batch 3/3 3');
  await end('3');
  await done;
});

test('with --forks 2 hosts are at work two at a time, in their order, a larger cluster alone', async () => {
  const { done, end } = scene({ sizes: [1, 1, 3, 1, 1, 1], forks: 2 });
  assert.equal(await end(''), '0 1');
  assert.equal(await end('1'), '');
  assert.equal(await end('0'), '2');
  assert.equal(await end('2'), '3 4');
  assert.equal(await end('4'), '5');
  await end('3');
  await end('5');
  await done;
});

test('--forks holds inside each batch', async () => {
  const { done, end } = scene({ serial: [3], forks: 2 });
  assert.equal(await end(''), 'batch 1/2 0 1');
  assert.equal(await end('0'), '2');
  await end('1');
  assert.equal(await end('2'), 'batch 2/2 3');
  await end('3');
  await done;
});

test('a canary that fails holds all others', async () => {
  const { done, end } = scene({ serial: [1, 100] });
  await end('');
  assert.equal(await end('0', 'failed'), '1 held 2 held 3 held');
  await done;
});

test('once more have failed than allowed nothing is begun, in this batch neither; what is at work goes on', async () => {
  const { done, end } = scene({ sizes: [1, 1, 1, 1, 1, 1], serial: [5], forks: 2, most: 20 });
  assert.equal(await end(''), 'batch 1/2 0 1');
  assert.equal(await end('0', 'failed'), '2');
  assert.equal(await end('1', 'failed'), '3 held 4 held');
  assert.equal(await end('2'), '5 held');
  await done;
});

test('after a defect the batch comes to its end and no further one begins', async () => {
  const { done, end } = scene({ serial: [2] });
  await end('');
  assert.equal(await end('0', 'defect'), '');
  assert.equal(await end('1'), '');
  await assert.rejects(done, /defect/);
});
