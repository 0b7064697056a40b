/** failed.retry: where it is, what stands in it, and when it goes. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { limited } from '../../src/inventory/limit.ts';
import { isUnfinished } from '../../src/run/outcome.ts';
import { keepRetry, type Retry } from '../../src/run/retry.ts';
import { withFiles } from '../../src/cli/limit-file.ts';
import { inventoryIn } from './inventories.ts';
import { scratch } from './journals.ts';

function scene() {
  const home = scratch();
  const runDir = join(home, 'runs', 'r1');
  mkdirSync(runDir, { recursive: true });
  const keep = (parts: Partial<Retry> = {}) =>
    keepRetry({ verb: 'deploy', inventory: 'lab.yaml', home, runDir, at: 'then', failed: ['b', 'c'], of: 3, ...parts });
  return { keep, home, own: join(runDir, 'failed.retry'), current: join(home, 'failed.retry') };
}

test('it names what failed, so that --limit takes it back, for its owner alone', () => {
  const { keep, own, current } = scene();
  assert.equal(keep(), current);
  for (const file of [own, current]) {
    assert.equal(
      readFileSync(file, 'utf8'),
      '# lab.yaml: 2 of 3 clusters to deploy again, after the run r1 of then\nb\nc\n',
    );
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }
  const all = inventoryIn('/', { a: {}, b: {}, c: {} });
  assert.deepEqual(
    limited(all, withFiles(`@${current}`)).clusters.map(({ name }) => name),
    ['b', 'c'],
  );
});

test('it goes when nothing failed, unless it tells of another inventory', () => {
  const { keep, home, own, current } = scene();
  keep();
  assert.equal(keep({ failed: [] }), null);
  assert.deepEqual([existsSync(own), existsSync(current)], [false, false]);
  keep({ inventory: 'other.yaml' });
  keep({ failed: [] });
  assert.ok(existsSync(current));
  assert.ok(existsSync(home));
});

test('a destroy keeps its own beside its journal, and leaves that of the deploy alone', () => {
  const { keep, own, current } = scene();
  assert.equal(keep({ verb: 'destroy' }), own);
  assert.equal(existsSync(current), false);
});

test('a link in its place is replaced, not followed', () => {
  const { keep, home, current } = scene();
  const target = join(home, 'precious');
  writeFileSync(target, 'precious');
  for (const name of ['failed.retry', '.failed.retry.new']) symlinkSync(target, join(home, name));
  keep();
  assert.equal(readFileSync(target, 'utf8'), 'precious');
  assert.match(readFileSync(current, 'utf8'), /\nb\nc\n$/);
});

test('what is worth trying again is what ended badly, not what was asked for or is installed', () => {
  const is = (outcome: Parameters<typeof isUnfinished>[0]['outcome'], exitCode: number): boolean =>
    isUnfinished({ outcome, exitCode });
  for (const outcome of ['failed', 'skipped', 'interrupted', 'left-installing'] as const) assert.ok(is(outcome, 5));
  assert.ok(!is('left-installing', 0));
  for (const outcome of ['installed', 'unchanged', 'stopped', 'destroyed'] as const) assert.ok(!is(outcome, 7));
});
