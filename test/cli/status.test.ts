/** What `snoboot status` prints of a run that works, ended, was killed, and where there is none. */
import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { statusCommand, statusText } from '../../src/cli/commands/status.ts';
import type { Event } from '../../src/core/events.ts';
import type { Size } from '../../src/view/frame.ts';
import { JOURNAL } from '../../src/run/journal-file.ts';
import { lastRun } from '../../src/run/last-run.ts';
import { scratch, started, writeRun } from '../run/journals.ts';

const NAME = '20261122T120000Z-aaaa';
const ABOUT = `deploy of lab.yaml: run ${NAME}, by snoboot 0.2.0`;
const INSERTING: Event[] = [
  { type: 'stage.started', stage: 'insert-media', waitsFor: 'the ISO to be inserted' },
  { type: 'intent', stage: 'insert-media', effect: 'insert', try: 1 },
];
const textOf = (dir: string, size?: Size): string[] =>
  statusText(lastRun(join(dir, '.snoboot'), 'lab.yaml')!, 'lab.yaml', size)
    .replace(/run folder: .*/, 'run folder: …')
    .split('\n');

test('a run that works is shown row by row, with its process', () => {
  const dir = scratch();
  const open = openSync(join(writeRun(dir, NAME, [started(process.pid), ...INSERTING]), JOURNAL), 'a');
  const text = textOf(dir);
  closeSync(open);
  assert.deepEqual(text, [
    ABOUT,
    `runs now, as process ${process.pid}; last heard of at 2026-11-22 12:00:02 UTC of lab time`,
    '',
    'deploy on lab  0:02 of lab time',
    '1 cluster: 1 at work',
    '> sno1/host-0 insert-media             0:01  the ISO to be inserted',
    'run folder: …',
    '',
  ]);
});

test('a run that was killed says who goes on with it, and what may be left on machines', () => {
  const dir = scratch();
  writeRun(dir, NAME, [started(), started(0, 2), ...INSERTING]);
  const text = textOf(dir);
  assert.equal(text[0], ABOUT.replace(',', ', life 2,'));
  assert.equal(
    text[1],
    'was killed; last heard of at 2026-11-22 12:00:03 UTC of lab time; snoboot deploy lab.yaml goes on with it',
  );
  assert.ok(text.includes('left: sno1/host-0: the ISO may be inserted'), text.join('\n'));
});

test('a killed run of a part of the inventory is gone on with for that part', () => {
  const dir = scratch();
  writeRun(dir, NAME, [started(), ...INSERTING], { source: { shared: {}, clusters: { sno1: {}, sno2: {} } } });
  assert.match(textOf(dir)[1] ?? '', /; snoboot deploy lab\.yaml --limit sno1 goes on with it$/);
});

test('a killed run is gone on with by what began it: --replace, --stop-after-stage, and cleanup for a cleanup', () => {
  const begun = (more: Parameters<typeof started>[2]): Event[] => [started(0, 1, more), ...INSERTING];
  const nextOf = (...[events, parts]: [Event[], Parameters<typeof writeRun>[3]?]): string => {
    const dir = scratch();
    writeRun(dir, NAME, events, parts);
    return /; snoboot (.*) goes on with it$/.exec(textOf(dir)[1] ?? '')?.[1] ?? '';
  };
  const stopped = begun({ stopAfter: 'await-agent' });
  assert.equal(nextOf(stopped), 'deploy lab.yaml --stop-after-stage await-agent');
  assert.equal(nextOf(begun({}), { replace: true }), 'deploy lab.yaml --replace');
  assert.equal(nextOf([...stopped, ...begun({ verb: 'cleanup' })], { replace: true }), 'cleanup lab.yaml');
  const refused: Event = {
    type: 'cluster.ended',
    outcome: 'failed',
    exitCode: 3,
    leftovers: [],
    changed: 0,
    version: { asked: '4.20', installed: null },
  };
  assert.equal(nextOf([...begun({}), ...begun({ verb: 'cleanup' }), refused]), 'deploy lab.yaml');
  const grown = { source: { shared: {}, clusters: { sno1: {}, sno2: {} } } };
  assert.equal(nextOf([...begun({}), ...begun(grown)]), 'deploy lab.yaml --limit sno1');
});

test('a failed run that was to stop before the disks is tried again no further', () => {
  const dir = scratch();
  const begun = started(0, 1, { stopAfter: 'await-agent' });
  const error = { code: 'E-BMC-AUTH', message: 'the BMC refuses', todo: 'correct it' } as const;
  const failed: Event = {
    type: 'cluster.ended',
    outcome: 'failed',
    exitCode: 5,
    error,
    leftovers: [],
    changed: 1,
    version: { asked: '4.20', installed: null },
  };
  const runDir = writeRun(dir, NAME, [begun, failed, { type: 'run.ended', exitCode: 5 }]);
  writeFileSync(join(runDir, 'failed.retry'), 'sno1\n');
  const typed = textOf(dir).filter((line) => /^ *(next|retry): /.test(line));
  assert.equal(typed.length, 2);
  for (const line of typed)
    assert.match(line, /: snoboot deploy lab\.yaml (--limit @\S+ )?--stop-after-stage await-agent$/);
});

test('a run that ended is its recap, with its leftovers', () => {
  const dir = scratch();
  const end: Event = {
    type: 'cluster.ended',
    outcome: 'installed',
    exitCode: 7,
    leftovers: ['the ISO is still inserted'],
    changed: 3,
    version: { asked: '4.20', installed: '4.20.4' },
  };
  writeRun(dir, NAME, [started(), end, { type: 'run.ended', exitCode: 7 }]);
  const text = textOf(dir);
  assert.deepEqual(text.slice(0, 5), [
    ABOUT,
    'ended at 2026-11-22 12:00:02 UTC of lab time with exit code 7',
    '',
    'sno1: installed after 1 s of lab time, changed=3, exit code 7',
    '  OpenShift 4.20.4 (asked for 4.20)',
  ]);
  assert.match(text[5]!, /^ {2}credentials: .*\.snoboot\/clusters\/sno1$/);
  assert.deepEqual(text.slice(6), [
    '  left: the ISO is still inserted',
    '  next: snoboot deploy lab.yaml',
    '',
    'run folder: …',
    '1 cluster: 1 installed, changed=3',
    '',
  ]);
});

test('without a run it is exit 2, and says how one begins', async () => {
  const file = join(scratch(), 'lab.yaml');
  const todo = `snoboot deploy ${file}`;
  await assert.rejects(statusCommand(file, { output: 'text' }), {
    code: 'E-USAGE',
    exitCode: 2,
    message: /^no run of .* has begun/,
    todo,
  });
});

test('lines are no wider than the terminal', () => {
  const dir = scratch();
  writeRun(dir, NAME, [started(), ...INSERTING]);
  for (const line of textOf(dir, { columns: 30, rows: 24 }).slice(3, 7)) assert.ok(line.length < 30, line);
});

test('a run with far more hosts than the terminal has rows is folded as on the screen, and whole in a pipe', () => {
  const dir = scratch();
  const clusters = Array.from({ length: 300 }, (_, i) => ({ name: `sno${i + 1}`, hosts: ['host-0'] }));
  writeRun(dir, NAME, [{ type: 'run.started', verb: 'deploy', clusters, target: 'lab', life: 1, pid: 0 }]);
  const small = textOf(dir, { columns: 80, rows: 24 });
  assert.ok(small.length < 30, `${small.length} lines`);
  assert.match(small.join('\n'), /\n {2}… 28\d more: 28\d waiting\n/);
  assert.equal(textOf(dir).filter((line) => /^ {2}sno/.test(line)).length, 300);
});
