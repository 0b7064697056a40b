import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import type { Event, RunEvent } from '../../src/core/events.ts';
import { Secret } from '../../src/core/secret.ts';
import { startLines } from '../../src/view/lines.ts';
import { recap } from '../../src/view/recap.ts';
import type { Row } from '../../src/view/row.ts';
import { emptyScreen, reduce, type Screen } from '../../src/view/rows.ts';
import { cut, duration, fit, mebibytes, stopwatch, width } from '../../src/view/text.ts';
import { ended, event, NO_AGENT, runStarted, START, Text } from './screen.ts';

const HOST = 'sno1/host-0';
const started = (seconds: number, subject: string, stage: string, waitsFor = 'something'): RunEvent =>
  event(seconds, subject, { type: 'stage.started', stage, waitsFor });
const succeeded = (seconds: number, subject: string, stage: string, elapsedMs: number): RunEvent =>
  event(seconds, subject, { type: 'stage.succeeded', stage, elapsedMs, changed: true, facts: {} });
const fold = (...events: RunEvent[]): Screen => [runStarted(2), ...events].reduce(reduce, emptyScreen());
const row = (screen: Screen, subject: string): Row => {
  const found = screen.rows.find((one) => one.subject === subject);
  assert.ok(found, subject);
  return found;
};

test('the rows are each cluster with its hosts, in the order of the inventory', () => {
  const subjects = fold().rows.map(({ subject, level }) => [level, subject]);
  assert.deepEqual(subjects, [
    [0, 'sno1'],
    [1, 'sno1/host-0'],
    [0, 'sno2'],
    [1, 'sno2/host-0'],
  ]);
});

const boot = [started(1, HOST, 'boot-once', 'the power'), succeeded(42, HOST, 'boot-once', 41_000)];
const failed = event(50, HOST, { type: 'stage.failed', stage: 'await-agent', elapsedMs: 8000, error: NO_AGENT });
const failedEnd: Event = {
  type: 'cluster.ended',
  outcome: 'failed',
  exitCode: 5,
  error: NO_AGENT,
  leftovers: ['the medium of host-0 is still inserted'],
  changed: 9,
  version: { asked: '4.20', installed: null },
};

const REDUCER: [string, RunEvent[], Partial<Row>][] = [
  ['a stage that began runs and says what it waits for', boot.slice(0, 1), { state: 'running', text: 'the power' }],
  ['a stage that is over leaves the row waiting', boot, { state: 'waiting', stage: 'boot-once', stageMs: 41_000 }],
  [
    'progress shows what was seen and how far it is',
    [...boot.slice(0, 1), event(3, HOST, { type: 'stage.progressed', stage: 'boot-once', seen: 'on', percent: 50 })],
    { text: 'on', percent: 50, stageStartedAt: START + 1000 },
  ],
  [
    'progress of a stage that began elsewhere brings the row there',
    [...boot, event(60, HOST, { type: 'stage.progressed', stage: 'await-installed', seen: 'writing', percent: 7 })],
    { state: 'running', stage: 'await-installed', percent: 7, stageStartedAt: START + 60_000 },
  ],
  [
    'progress of another stage does not end the one at work',
    [
      ...boot.slice(0, 1),
      event(3, HOST, { type: 'stage.progressed', stage: 'await-installed', seen: 'joined', percent: 80 }),
    ],
    { stage: 'boot-once', text: 'joined', percent: null },
  ],
  [
    'a try that failed is seen while the stage goes on',
    [
      ...boot.slice(0, 1),
      event(2, HOST, {
        type: 'result',
        stage: 'boot-once',
        effect: 'power',
        try: 1,
        error: { ...NO_AGENT, message: 'busy' },
      }),
    ],
    { state: 'running', text: 'try 1: busy' },
  ],
  [
    'a stage that failed is kept with its error',
    [failed],
    { state: 'failed', failedStage: 'await-agent', error: NO_AGENT },
  ],
  [
    'a failure stays while cleanup goes on',
    [failed, started(51, HOST, 'eject-media'), succeeded(52, HOST, 'eject-media', 1000)],
    { state: 'failed', stage: 'eject-media', failedStage: 'await-agent', error: NO_AGENT },
  ],
  [
    'a second failure does not hide the first',
    [
      failed,
      event(60, HOST, { type: 'stage.failed', stage: 'cleanup', elapsedMs: 1, error: { ...NO_AGENT, message: 'x' } }),
    ],
    { failedStage: 'await-agent', error: NO_AGENT },
  ],
  [
    'bytes read of the medium are kept',
    [event(2, HOST, { type: 'media.read', total: 1_048_576, size: 2_097_152 })],
    { medium: { total: 1_048_576, size: 2_097_152, reads: [{ at: START + 2000, total: 1_048_576 }] } },
  ],
  [
    'validations are kept until they pass',
    [
      event(2, HOST, { type: 'validations', failing: ['a'], pending: ['b'] }),
      event(3, HOST, { type: 'validations', failing: [], pending: ['b'] }),
    ],
    { failing: [], pending: ['b'] },
  ],
  [
    'the same warning is kept once',
    [event(2, HOST, { type: 'warning', text: 'w' }), event(3, HOST, { type: 'warning', text: 'w' })],
    { warnings: ['w'] },
  ],
  ['a host of an installed cluster is done', [...boot, ended(90, 'sno1', 'installed')], { state: 'done' }],
  ['a sound host of a failed cluster was cut short', [...boot, event(90, 'sno1', failedEnd)], { state: 'interrupted' }],
];

for (const [title, events, expected] of REDUCER) {
  test(title, () => {
    const seen = row(fold(...events), HOST);
    assert.deepEqual({ ...seen, ...expected }, seen);
  });
}

test('the end of one cluster leaves the rows of the other alone', () => {
  const name = 'sno1';
  const clusters = ['sno1', 'sno10'].map((cluster) => ({ name: cluster, hosts: ['host-0'] }));
  const begun = event(0, 'run', { type: 'run.started', verb: 'deploy', clusters, target: 'lab', life: 1, pid: 1 });
  const screen = [begun, started(1, 'sno10/host-0', 'boot-once'), ended(9, name, 'installed')].reduce(
    reduce,
    emptyScreen(),
  );
  assert.equal(row(screen, 'sno10/host-0').state, 'running');
});

test('an event about nobody known changes no row, and a warning of the run is a note', () => {
  const screen = fold(started(1, 'stranger', 'boot-once'), event(2, 'run', { type: 'warning', text: 'lab is slow' }));
  assert.deepEqual(screen.rows, fold().rows);
  assert.deepEqual(screen.notes, ['lab is slow']);
});

async function lines(...events: RunEvent[]): Promise<string[]> {
  const out = new Text();
  const view = startLines(out, createVirtualClock(START));
  for (const one of events) view.onEvent(one);
  await view.close();
  return out.text.split('\n').slice(0, -1);
}

test('each transition is one line with time, subject, stages and what the one left took', async () => {
  const written = await lines(
    runStarted(1),
    started(191, HOST, 'boot-once'),
    event(192, HOST, { type: 'intent', stage: 'boot-once', effect: 'power', try: 1 }),
    event(193, HOST, { type: 'result', stage: 'boot-once', effect: 'power', try: 1 }),
    succeeded(232, HOST, 'boot-once', 41_000),
    started(232, HOST, 'await-agent'),
    event(240, HOST, { type: 'stage.progressed', stage: 'await-agent', seen: 'nothing yet' }),
    succeeded(432, HOST, 'await-agent', 200_000),
    started(433, 'sno1', 'cleanup'),
    succeeded(435, 'sno1', 'cleanup', 2000),
    ended(435, 'sno1', 'installed'),
    event(436, 'run', { type: 'run.ended', exitCode: 0 }),
  );
  assert.deepEqual(written, [
    '12:00:00 run 1 cluster, 1 host on lab; times are lab time',
    '12:03:11 sno1/host-0 start -> boot-once',
    '12:03:52 sno1/host-0 boot-once -> await-agent (41 s)',
    '12:07:13 sno1 start -> cleanup',
    '12:07:15 sno1 cleanup -> installed (2 s)',
    '12:07:15 sno1/host-0 await-agent -> done (3 min 20 s)',
  ]);
});

test('failures, warnings, tries, validations and recoveries have lines of their own', async () => {
  const validations = (seconds: number, failing: string[], pending: string[]): RunEvent =>
    event(seconds, HOST, { type: 'validations', failing, pending });
  const written = await lines(
    runStarted(1),
    started(1, HOST, 'insert-media'),
    event(2, HOST, {
      type: 'result',
      stage: 'insert-media',
      effect: 'insert',
      try: 1,
      error: { ...NO_AGENT, message: 'busy' },
    }),
    event(3, HOST, { type: 'media.read', total: 1, size: 100 }),
    event(4, HOST, { type: 'media.read', total: 2, size: 100 }),
    validations(5, [], ['a', 'b']),
    validations(6, ['no route', 'no name'], ['b']),
    validations(7, ['no route', 'no name'], []),
    validations(8, [], []),
    event(9, HOST, { type: 'warning', text: 'no NTP source' }),
    event(9, HOST, { type: 'warning', text: 'no NTP source' }),
    event(10, HOST, { type: 'recovered', text: 'the BMC was busy for 60 s' }),
    event(11, HOST, { type: 'stage.failed', stage: 'insert-media', elapsedMs: 10_000, error: NO_AGENT }),
    event(12, 'run', { type: 'interrupted', signal: 'SIGINT', text: 'nothing new is started' }),
    event(13, 'sno1', failedEnd),
  );
  assert.deepEqual(written.slice(2), [
    '12:00:02 sno1/host-0 insert-media insert, try 1: E-HOST-NOAGENT busy',
    '12:00:03 sno1/host-0 reads its medium',
    '12:00:06 sno1/host-0 failing: no route; no name (1 pending)',
    '12:00:08 sno1/host-0 all validations pass',
    '12:00:09 sno1/host-0 warning: no NTP source',
    '12:00:10 sno1/host-0 recovered: the BMC was busy for 60 s',
    '12:00:11 sno1/host-0 insert-media failed (10 s): E-HOST-NOAGENT no agent registered within 30 min; to do: look at the console of the host',
    '12:00:12 run SIGINT: nothing new is started',
    '12:00:13 sno1 start -> failed',
  ]);
});

test('each minute of the run every subject at work says what it waits for', async () => {
  const out = new Text();
  const clock = createVirtualClock(START);
  const view = startLines(out, clock);
  view.onEvent(runStarted(2));
  view.onEvent(started(10, HOST, 'await-agent', 'the agent to register'));
  view.onEvent(event(11, HOST, { type: 'media.read', total: 1_048_576, size: 2_097_152 }));
  await clock.advance(59_000);
  const before = out.text;
  await clock.advance(62_000);
  await view.close();
  const read = 'ISO 1.0/2.0 MiB';
  assert.equal(
    out.text.slice(before.length),
    `12:01:00 sno1/host-0 await-agent (50 s): the agent to register; ${read}\n` +
      `12:02:00 sno1/host-0 await-agent (1 min 50 s): the agent to register; ${read}\n`,
  );
});

test('the heartbeat of many subjects is one line for each stage, with the one that waits longest', async () => {
  const out = new Text();
  const clock = createVirtualClock(START);
  const view = startLines(out, clock);
  view.onEvent(runStarted(30));
  const before = out.text;
  for (let i = 1; i <= 30; i += 1) view.onEvent(started(1, `sno${i}`, i < 10 ? 'create-cluster' : 'download-iso'));
  const quiet = out.text.length;
  await clock.advance(60_000);
  await view.close();
  assert.ok(quiet > before.length);
  assert.equal(
    out.text.slice(quiet),
    '12:01:00 run 1 min 00 s: 30 clusters: 30 at work\n' +
      '12:01:00 run still 21 download-iso: something; longest sno10 (59 s)\n' +
      '12:01:00 run still 9 create-cluster: something; longest sno1 (59 s)\n',
  );
});

test('lines carry neither secrets nor control characters, and none comes after close', async () => {
  const secret = new Secret('correct-horse');
  const out = new Text();
  const view = startLines(out, createVirtualClock(START));
  view.onEvent(runStarted(1));
  view.onEvent(started(1, HOST, `\x1b[2Jboot\n${secret.reveal()}`));
  await view.close();
  view.onEvent(started(2, HOST, 'late'));
  assert.equal(out.text.split('\n')[1], '12:00:01 sno1/host-0 start -> \ufffd[2Jboot ***');
  assert.equal(out.text.split('\n').length, 3);
});

const OPTIONS = { runDir: '/x/.snoboot/runs/1', credentials: {}, command: 'snoboot deploy lab.yaml' };

test('the recap of installed clusters says time, changes, credentials and warnings', () => {
  const screen = fold(
    event(9, HOST, { type: 'warning', text: 'no NTP source' }),
    ended(1660, 'sno1', 'installed'),
    ended(1700, 'sno2', 'installed'),
  );
  const credentials = { sno1: '/x/.snoboot/clusters/sno1', sno2: '/x/.snoboot/clusters/sno2' };
  assert.equal(
    recap(screen, { ...OPTIONS, credentials }),
    `sno1: installed after 27 min 40 s of lab time, changed=15, exit code 0
  OpenShift 4.20.4 (asked for 4.20)
  credentials: /x/.snoboot/clusters/sno1
  warning: sno1/host-0: no NTP source

sno2: installed after 28 min 20 s of lab time, changed=15, exit code 0
  OpenShift 4.20.4 (asked for 4.20)
  credentials: /x/.snoboot/clusters/sno2

run folder: /x/.snoboot/runs/1
2 clusters: 2 installed, changed=30
`,
  );
});

test('the recap of a run with nothing to do says changed=0', () => {
  const text = recap(fold(ended(2, 'sno1', 'unchanged'), ended(2, 'sno2', 'unchanged')), OPTIONS);
  assert.match(text, /^sno1: installed already after 2 s of lab time, changed=0, exit code 0\n/);
  assert.match(text, /\n2 clusters: 2 installed already, changed=0\n$/);
});

test('the recap of a failure says code, place, what was seen, what is left, what to do and what to type', () => {
  const text = recap(fold(failed, event(51, 'sno1', failedEnd), ended(60, 'sno2', 'installed')), OPTIONS);
  assert.equal(
    text,
    `sno1: failed after 51 s of lab time, changed=9, exit code 5
  asked for OpenShift 4.20
  E-HOST-NOAGENT: sno1/host-0 at await-agent: no agent registered within 30 min
  to do: look at the console of the host
  left: the medium of host-0 is still inserted
  next: snoboot deploy lab.yaml

sno2: installed after 1 min 00 s of lab time, changed=15, exit code 0
  OpenShift 4.20.4 (asked for 4.20)

run folder: /x/.snoboot/runs/1
2 clusters: 1 failed, 1 installed, changed=24
`,
  );
});

test('the recap of an interrupted run says what goes on by itself and what to type', () => {
  const end = (outcome: 'interrupted' | 'left-installing'): Event => ({
    type: 'cluster.ended',
    outcome,
    exitCode: 130,
    leftovers: [],
    changed: 3,
    version: { asked: '4.20', installed: null },
  });
  const screen = fold(
    event(5, 'run', { type: 'interrupted', signal: 'SIGINT', text: 'stopped by SIGINT' }),
    event(10, 'sno1', end('interrupted')),
    event(10, 'sno2', end('left-installing')),
  );
  assert.equal(
    recap({ ...screen, target: 'https://assisted.example' }, OPTIONS),
    `sno1: interrupted after 10 s, changed=3, exit code 130
  asked for OpenShift 4.20
  left: nothing on the machines
  next: snoboot deploy lab.yaml

sno2: left installing after 10 s, changed=3, exit code 130
  asked for OpenShift 4.20
  the service goes on with the install by itself
  next: snoboot deploy lab.yaml

! stopped by SIGINT
run folder: /x/.snoboot/runs/1
2 clusters: 1 interrupted, 1 left installing, changed=6
`,
  );
});

const begun = (life: number, verb: 'deploy' | 'destroy' | 'cleanup' = 'deploy', at = 0): RunEvent => {
  const clusters = ['sno1', 'sno2'].map((name) => ({ name, hosts: ['host-0'] }));
  return event(at, 'run', { type: 'run.started', verb, clusters, target: 'lab', life, pid: life });
};

test('a warning that what came later made moot is in the recap no more; others stay', () => {
  const doubt = event(50, HOST, { type: 'warning', text: 'nothing was read of the ISO', until: 'read' });
  const other = event(51, HOST, { type: 'warning', text: 'no NTP source' });
  const read = event(52, HOST, { type: 'media.read', total: 4096, size: 1_048_576 });
  const warned = (...events: RunEvent[]): string[] => row(fold(begun(1), ...events), HOST).warnings;
  assert.deepEqual(warned(doubt, other), ['nothing was read of the ISO', 'no NTP source']);
  assert.deepEqual(warned(doubt, other, read), ['no NTP source']);
});

test('another life looks anew, and keeps the begin, what was warned of and how clusters ended', () => {
  const first = [
    failed,
    event(51, HOST, { type: 'warning', text: 'no NTP source' }),
    event(52, HOST, { type: 'media.read', total: 1_048_576, size: 1_048_576 }),
    ended(60, 'sno2', 'installed'),
  ];
  const screen = fold(...first, begun(2, 'deploy', 100));
  const { state, error, warnings, medium } = row(screen, HOST);
  const read = medium?.total;
  assert.deepEqual(
    { state, error, warnings, read },
    { state: 'waiting', error: null, warnings: ['no NTP source'], read: 1_048_576 },
  );
  assert.equal(screen.startedAt, START);
  assert.equal(row(screen, 'sno2/host-0').state, 'done');
  assert.match(recap(screen, OPTIONS), /\nsno2: installed after 1 min 00 s/);
});

test('a cluster that another life takes up again has not ended', () => {
  const screen = fold(event(51, 'sno1', failedEnd), begun(2, 'deploy', 100), started(101, HOST, 'check-bmc'));
  assert.equal(row(screen, 'sno1').state, 'waiting');
  assert.equal(row(screen, HOST).state, 'running');
  assert.equal(screen.ends.has('sno1'), false);
});

test('a life that goes on says so, with what it found and how open effects were settled', async () => {
  const settled = (happened: boolean): RunEvent =>
    event(102, HOST, { type: 'settled', stage: 'insert-media', effect: 'insert', happened });
  const events = [
    begun(2, 'deploy', 100),
    event(101, 'run', { type: 'found', text: 'the run of 12:00 was killed' }),
    event(101, HOST, { type: 'found', text: 'its ISO is inserted' }),
    settled(true),
    settled(false),
  ];
  assert.deepEqual(await lines(...events), [
    '12:01:40 run goes on, life 2: 2 clusters, 2 hosts on lab; times are lab time',
    '12:01:41 run found: the run of 12:00 was killed',
    '12:01:41 sno1/host-0 found: its ISO is inserted',
    '12:01:42 sno1/host-0 insert-media insert, under way when the run was killed, took place',
    '12:01:42 sno1/host-0 insert-media insert, under way when the run was killed, did not take place',
  ]);
  const screen = events.reduce(reduce, emptyScreen());
  assert.deepEqual(screen.notes, ['the run of 12:00 was killed']);
  assert.match(row(screen, HOST).text, /did not take place$/);
});

test('the recap of another verb has its words, and no version that nobody asked for', () => {
  const version = { asked: '4.20', installed: null };
  const end = (outcome: 'destroyed' | 'interrupted'): Event => {
    return { type: 'cluster.ended', outcome, exitCode: 0, leftovers: [], changed: 1, version };
  };
  const events = [begun(1, 'destroy'), event(5, 'sno1', end('destroyed')), event(5, 'sno2', end('interrupted'))];
  const screen = events.reduce(reduce, emptyScreen());
  assert.equal(row(screen, HOST).state, 'done');
  assert.equal(
    recap(screen, { ...OPTIONS, command: 'snoboot destroy lab.yaml' }),
    `sno1: destroyed after 5 s of lab time, changed=1, exit code 0

sno2: destroy interrupted after 5 s of lab time, changed=1, exit code 0
  left: nothing on the machines
  next: snoboot destroy lab.yaml

run folder: /x/.snoboot/runs/1
2 clusters: 1 destroyed, 1 destroy interrupted, changed=2
`,
  );
});

test('a cluster whose end was never told is unfinished', () => {
  assert.match(recap(fold(), OPTIONS), /^sno1: unfinished\n {2}next: snoboot deploy lab.yaml\n/);
});

test('times and sizes are put in words', () => {
  const spoken = [0, 41_000, 185_000, 4_320_000].map(duration);
  assert.deepEqual(spoken, ['0 s', '41 s', '3 min 05 s', '1 h 12 min']);
  assert.deepEqual([41_000, 4_323_000].map(stopwatch), ['0:41', '1:12:03']);
  assert.equal(mebibytes(32_715_571, 102_760_448), '31.2/98.0 MiB');
});

test('texts are cut and filled by the columns that they take', () => {
  assert.equal(width('日本e\u0301'), 5);
  assert.equal(cut('日本語', 4), '日…');
  assert.equal(cut('abc', 3), 'abc');
  assert.equal(fit('日本', 6), '日本  ');
});
