/** Which run is the last one of an inventory, how it stands, and which old ones go. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { JOURNAL } from '../../src/run/journal-file.ts';
import { earlierRuns, lastRun } from '../../src/run/last-run.ts';
import { pruneRuns } from '../../src/run/prune.ts';
import { ENDED, scratch, started, writeRun } from './journals.ts';

const nameOf = (hour: number): string => `20261122T${String(hour).padStart(2, '0')}0000Z-aaaa`;
const deadPid = (): number => spawnSync('true').pid;
const runsIn = (dir: string): string[] => readdirSync(join(dir, '.snoboot/runs')).sort();
const prune = (dir: string, keep: number, current = '') => pruneRuns(join(dir, '.snoboot'), { keep, current });

test('the last run is the newest one of this inventory that began', () => {
  const dir = scratch();
  assert.equal(lastRun(join(dir, '.snoboot'), 'lab.yaml'), null);
  writeRun(dir, nameOf(1), [started(), ENDED]);
  const wanted = writeRun(dir, nameOf(2), [started(deadPid())]);
  writeRun(dir, nameOf(3), [started(), ENDED], { inventory: 'example.yaml' });
  truncateSync(join(writeRun(dir, nameOf(4), [started()]), JOURNAL), 20);
  mkdirSync(join(dir, '.snoboot/runs', nameOf(5)));
  writeRun(dir, `${nameOf(6)}.moved-away`, [started(), ENDED]);
  const run = lastRun(join(dir, '.snoboot'), 'lab.yaml');
  assert.deepEqual([run?.runDir, run?.state], [wanted, 'killed']);
  assert.equal(lastRun(join(dir, '.snoboot'), 'other.yaml'), null);
});

test('a damaged journal that is newer hides nothing: it is E-JOURNAL', () => {
  const dir = scratch();
  writeRun(dir, nameOf(1), [started(), ENDED]);
  writeFileSync(join(writeRun(dir, nameOf(2), [started()]), JOURNAL), 'no journal\n');
  assert.throws(() => lastRun(join(dir, '.snoboot'), 'lab.yaml'), { code: 'E-JOURNAL' });
  assert.equal(earlierRuns(join(dir, '.snoboot'), 'lab.yaml').length, 1);
});

test('a run is running as long as the process of its last life has its journal open', async () => {
  const dir = scratch();
  const file = join(writeRun(dir, nameOf(1), [started()]), JOURNAL);
  const open = openSync(file, 'a');
  const child = spawn('sleep', ['60'], { stdio: ['ignore', open, 'ignore'] });
  closeSync(open);
  writeRun(dir, nameOf(1), [started(deadPid()), started(child.pid, 2)]);
  assert.equal(lastRun(join(dir, '.snoboot'), 'lab.yaml')?.state, 'running');
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
  assert.equal(lastRun(join(dir, '.snoboot'), 'lab.yaml')?.state, 'killed');
});

test('a number that another process got is no sign of life, and a run that ended has ended', () => {
  const dir = scratch();
  writeRun(dir, nameOf(1), [started(process.pid)]);
  assert.equal(lastRun(join(dir, '.snoboot'), 'lab.yaml')?.state, 'killed');
  writeRun(dir, nameOf(1), [started(process.pid), ENDED]);
  assert.equal(lastRun(join(dir, '.snoboot'), 'lab.yaml')?.state, 'ended');
});

test('of each inventory the newest ended runs are kept, and the others go with all that is in them', () => {
  const dir = scratch();
  const runs = [1, 2, 3, 4].map((hour) => writeRun(dir, nameOf(hour), [started(), ENDED]));
  writeRun(dir, nameOf(0), [started(), ENDED], { inventory: 'example.yaml' });
  writeFileSync(join(runs[0]!, 'sno1.iso'), 'a pull secret');
  const outside = scratch();
  writeFileSync(join(outside, 'precious'), '');
  symlinkSync(outside, join(runs[0]!, 'link'));
  assert.deepEqual(prune(dir, 2, nameOf(4)), { removed: [nameOf(2), nameOf(1)], warnings: [] });
  assert.deepEqual(runsIn(dir), [nameOf(0), nameOf(3), nameOf(4)]);
  assert.ok(existsSync(join(outside, 'precious')));
});

test('an unfinished run stays until enough of its inventory ended later; the current one and strangers stay', () => {
  const dir = scratch();
  writeRun(dir, nameOf(1), [started(deadPid())]);
  writeRun(dir, nameOf(2), [started(), ENDED], { inventory: 'example.yaml' });
  mkdirSync(join(dir, '.snoboot/runs/notes'));
  mkdirSync(join(dir, '.snoboot/runs', nameOf(0)));
  assert.deepEqual(prune(dir, 1).removed, []);
  writeRun(dir, nameOf(3), [started(), ENDED]);
  assert.deepEqual(prune(dir, 1, nameOf(1)).removed, []);
  assert.deepEqual(prune(dir, 1).removed, [nameOf(1)]);
  assert.deepEqual(runsIn(dir), [nameOf(0), nameOf(2), nameOf(3), 'notes']);
});

test('a run that works, one whose media server lives and one whose journal is damaged stay', () => {
  const dir = scratch();
  const [works, serves, damaged] = [1, 2, 3].map((hour) => writeRun(dir, nameOf(hour), [started(process.pid)]));
  const open = openSync(join(works!, JOURNAL), 'a');
  const server = { pid: process.pid, port: 1, token: 'token-of-media', proof: 'proof-of-media' };
  writeFileSync(join(serves!, 'media.json'), JSON.stringify({ format: 1, server, media: [] }));
  writeFileSync(join(damaged!, JOURNAL), 'no journal\n');
  writeRun(dir, nameOf(4), [started(), ENDED]);
  const { removed, warnings } = prune(dir, 1);
  closeSync(open);
  assert.deepEqual(removed, []);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, new RegExp(`${basename(damaged!)} stays: .* is damaged`));
  writeFileSync(
    join(serves!, 'media.json'),
    JSON.stringify({ format: 1, server: { ...server, pid: deadPid() }, media: [] }),
  );
  assert.deepEqual(prune(dir, 1).removed, [nameOf(2), nameOf(1)]);
});
