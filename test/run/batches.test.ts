/** `serial` and `maxFailPercentage`: who is in which batch, and after how many failures no more is begun. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/core/random.ts';
import type { BatchSize } from '../../src/inventory/types.ts';
import { batchesOf, tooManyFailed } from '../../src/run/batches.ts';

const hosts = (n: number) => Array.from({ length: n }, () => 0);
const singles = (n: number) => Array.from({ length: n }, (_, i) => ({ name: i, hosts: hosts(1) }));
const sizes = (clusters: { hosts: unknown[] }[], serial: BatchSize[] | null) =>
  batchesOf(clusters, serial).map((batch) => batch.hosts);
const percent = (n: number) => ({ percent: n });
const count = (n: number) => ({ hosts: n });

for (const [n, serial, expected] of [
  [20, null, [20]],
  [20, [count(1), percent(10), percent(100)], [1, 2, 17]],
  [7, [count(3)], [3, 3, 1]],
  [7, [count(1), count(2)], [1, 2, 2, 2]],
  [5, [percent(1)], [1, 1, 1, 1, 1]],
  [10, [percent(39)], [3, 3, 3, 1]],
  [3, [count(99)], [3]],
  [0, [count(1)], []],
] as const)
  test(`${n} hosts with serial ${JSON.stringify(serial)} are batches of ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(sizes(singles(n), serial && [...serial]), expected);
  });

test('a cluster is never divided, and one that is larger than its batch is a batch', () => {
  const clusters = [3, 3, 1, 5, 1].map((n) => ({ hosts: hosts(n) }));
  assert.deepEqual(sizes(clusters, [count(4)]), [3, 4, 5, 1]);
});

test('what an earlier life was at work on comes first and in its order, and is in no other batch', () => {
  const batches = batchesOf(singles(6), [count(2)], ({ name }) => [2, 3, 5].includes(name));
  assert.deepEqual(
    batches.map(({ clusters }) => clusters.map(({ name }) => name)),
    [[2, 3, 5, 0, 1], [4]],
  );
  assert.deepEqual(
    batches.map(({ number, of, hosts: n }) => [number, of, n]),
    [
      [1, 2, 5],
      [2, 2, 1],
    ],
  );
});

/** As Ansible does it: get_serialized_batches of its playbook executor. */
function ansible(n: number, serial: (number | string)[]): number[] {
  const batches = [];
  for (let left = n, at = 0; left > 0; at += 1) {
    const size = serial[Math.min(at, serial.length - 1)]!;
    const share = typeof size === 'string' ? Math.trunc((parseInt(size, 10) / 100) * n) || 1 : size;
    batches.push(Math.min(share, left));
    left -= share;
  }
  return batches;
}

test('hosts one by one are divided as Ansible divides them', () => {
  const random = seededRandom('serial');
  const upTo = (most: number): number => 1 + (random.bytes(2).readUInt16BE(0) % most);
  for (let i = 0; i < 500; i += 1) {
    const n = upTo(60);
    const serial = Array.from({ length: upTo(4) }, () => (upTo(2) === 1 ? `${upTo(100)}%` : upTo(20)));
    const ours = serial.map((size) => (typeof size === 'string' ? percent(parseInt(size, 10)) : count(size)));
    assert.deepEqual(sizes(singles(n), ours), ansible(n, serial), JSON.stringify({ n, serial }));
  }
});

for (const [failed, of, most, isTooMany] of [
  [0, 3, 0, false],
  [1, 3, 0, true],
  [1, 3, 33, true],
  [1, 3, 34, false],
  [3, 3, 100, false],
  [2, 10, 20, false],
  [3, 10, 20, true],
  [2, 17, 20, false],
  [3, 3, null, false],
] as const)
  test(`${failed} of ${of} failed hosts are ${isTooMany ? 'more' : 'no more'} than ${most ?? 'any'} %`, () => {
    assert.equal(tooManyFailed({ number: 1, of: 1, hosts: of }, failed, most) !== null, isTooMany);
  });

test('a batch of which all failed is the last one, whatever is allowed; its figures are told', () => {
  for (const most of [null, 100])
    assert.match(
      tooManyFailed({ number: 1, of: 3, hosts: 2 }, 2, most)?.message ?? '',
      /^not begun: 2 of 2 hosts of batch 1 of 3 failed$/,
    );
  assert.equal(tooManyFailed({ number: 1, of: 3, hosts: 2 }, 1, null), null);
  const error = tooManyFailed({ number: 2, of: 3, hosts: 10 }, 3, 20);
  assert.deepEqual([error?.code, error?.exitCode], ['E-MAX-FAIL', 5]);
  assert.match(error?.message ?? '', /3 of 10 hosts of batch 2 of 3 failed, more than maxFailPercentage 20 allows/);
});
