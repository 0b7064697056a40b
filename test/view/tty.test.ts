import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import { frame } from '../../src/view/frame.ts';
import { emptyScreen, reduce } from '../../src/view/rows.ts';
import { width } from '../../src/view/text.ts';
import { startTty } from '../../src/view/tty.ts';
import { ended, event, FakeTerminal, midRun, NO_AGENT, runStarted, START, USUAL } from './screen.ts';

const GOLDEN = join(process.cwd(), 'test/fixtures/view');
function startAt(columns: number, rows: number) {
  const clock = createVirtualClock(START);
  const terminal = new FakeTerminal(columns, rows);
  return { clock, terminal, view: startTty(terminal.stream, clock, USUAL) };
}

/** Writes the golden file when SNOBOOT_GOLDEN=write, so that a change of the picture is a change to be read. */
function assertGolden(name: string, text: string): void {
  const file = join(GOLDEN, name);
  if (process.env['SNOBOOT_GOLDEN'] === 'write') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
] as const) {
  for (const hosts of [1, 10, 200, 1000]) {
    test(`a run of ${hosts} hosts is shown at ${columns}x${rows} as in its golden file`, async () => {
      const { clock, terminal, view } = startAt(columns, rows);
      for (const one of midRun(hosts)) view.onEvent(one);
      await clock.advance(100_000);
      assertGolden(`${hosts}-hosts-${columns}x${rows}.txt`, terminal.text);
      assert.deepEqual(terminal.scrolled, []);
      await view.close();
    });
  }
}

test('no line is wider than the terminal, whatever is in names and messages', () => {
  const nasty = '\x1b[31mräksmörgås 日本語のホスト 🚀🚀\u202e\u0301\u0301 ';
  const clusters = [{ name: nasty, hosts: [nasty] }];
  const started = event(0, 'run', { type: 'run.started', verb: 'deploy', clusters, target: nasty, life: 1, pid: 1 });
  const subject = `${nasty}/${nasty}`;
  const error = { ...NO_AGENT, message: nasty.repeat(20) };
  const events = [
    started,
    event(1, subject, { type: 'stage.started', stage: 'await-agent', waitsFor: nasty.repeat(9) }),
    event(2, 'run', { type: 'warning', text: nasty.repeat(9) }),
    event(2, subject, { type: 'validations', failing: [nasty.repeat(9)], pending: [] }),
    event(3, nasty, { type: 'stage.failed', stage: 'install', elapsedMs: 1, error }),
  ];
  const screen = events.reduce(reduce, emptyScreen());
  for (const columns of [1, 2, 10, 20, 40, 80, 120, 300]) {
    for (const rows of [2, 5, 24]) {
      const lines = frame(screen, START + 5000, { columns, rows });
      assert.ok(lines.length < rows, `${lines.length} lines in ${rows} rows`);
      for (const { text } of lines) assert.ok(width(text) <= columns && !text.includes('\x1b'), JSON.stringify(text));
    }
  }
});

test('a picture is drawn only when it differs from the last one', async () => {
  const { clock, terminal, view } = startAt(80, 24);
  for (const one of midRun(1000)) view.onEvent(one);
  await clock.advance(10_000);
  assert.ok(terminal.frames <= 12, `${terminal.frames} frames in 10 s in which only the seconds moved`);
  await view.close();
});

test('a storm of events is drawn ten times a second', async () => {
  const { clock, terminal, view } = startAt(80, 24);
  for (const one of midRun(1000)) view.onEvent(one);
  for (let i = 0; i < 2000; i += 1) {
    const progress = { type: 'stage.progressed', stage: 'await-agent', seen: `look ${i}`, percent: i % 100 } as const;
    view.onEvent(event(100, 'sno1/host-0', progress));
    if (i % 100 === 0) await clock.advance(50);
  }
  assert.ok(terminal.frames <= 11, `${terminal.frames} frames in 1 s`);
  await view.close();
});

test('failures stand first when not all rows fit', async () => {
  const { clock, terminal, view } = startAt(80, 24);
  view.onEvent(runStarted(100));
  view.onEvent(event(1, 'sno1', { type: 'stage.started', stage: 'install', waitsFor: 'the service' }));
  view.onEvent(event(2, 'sno99/host-0', { type: 'stage.failed', stage: 'await-agent', elapsedMs: 1, error: NO_AGENT }));
  await clock.advance(1000);
  assert.match(terminal.lines[2] ?? '', /^✖ +sno99\/host-0 +await-agent .* E-HOST-NOAGENT no/);
  assert.match(terminal.lines[3] ?? '', /^> sno1 +install /);
  await view.close();
});

test('a terminal that becomes smaller shows one picture within its new size', async () => {
  const { clock, terminal, view } = startAt(120, 40);
  for (const one of midRun(40)) view.onEvent(one);
  await clock.advance(200);
  Object.assign(terminal, { columns: 60, rows: 12 });
  terminal.lines = terminal.lines.slice(-12);
  await clock.advance(200);
  const drawn = terminal.raw.slice(terminal.raw.lastIndexOf('\r') + 1).replaceAll(/\x1b\[[?0-9]*[A-Za-z]/g, '');
  const lines = drawn.trimEnd().split('\n');
  assert.equal(lines.length, 11);
  assert.ok(lines.every((line) => line.length < 60));
  await view.close();
});

test('the last picture stays, and nothing is printed after close', async () => {
  const { clock, terminal, view } = startAt(80, 24);
  view.onEvent(runStarted(1));
  await clock.advance(100);
  view.onEvent(ended(60, 'sno1', 'installed'));
  await view.close();
  assert.match(terminal.text, /^deploy on lab {2}0:00 of lab time\n1 cluster: 1 installed\n✔ sno1 installed\n$/);
  const { raw } = terminal;
  view.onEvent(event(61, 'run', { type: 'warning', text: 'late' }));
  await clock.advance(10_000);
  await view.close();
  assert.equal(terminal.raw, raw);
});

test('a question finds the picture withdrawn, and gets it back', async () => {
  const { clock, terminal, view } = startAt(80, 24);
  for (const one of midRun(1)) view.onEvent(one);
  await clock.advance(100);
  const before = terminal.text;
  const answer = await view.aside(async () => {
    await clock.advance(5000);
    assert.equal(terminal.text, '');
    terminal.write('Really? yes\n');
    return 'yes';
  });
  await clock.advance(100);
  assert.equal(answer, 'yes');
  assert.match(terminal.text, /^Really\? yes\ndeploy on lab/);
  assert.equal(terminal.text.split('\n').length, before.split('\n').length + 1);
  await view.close();
});

test('close ends a view whose hosts never ended, and one that never saw an event', async () => {
  const open = startAt(80, 24);
  for (const one of midRun(10)) open.view.onEvent(one);
  await open.view.close();
  const empty = startAt(80, 24);
  await empty.view.close();
  assert.equal(empty.terminal.text, '');
});

test('the view listens to no signal', async () => {
  const before = process.listenerCount('SIGINT');
  const { view } = startAt(80, 24);
  view.onEvent(runStarted(2));
  assert.equal(process.listenerCount('SIGINT'), before);
  await view.close();
});

test('a failed write leaves the run alone', async () => {
  const { clock, terminal, view } = startAt(80, 24);
  view.onEvent(runStarted(1));
  terminal.destroy(new Error('EIO'));
  await clock.advance(1000);
  view.onEvent(ended(60, 'sno1', 'installed'));
  await view.close();
  assert.equal(terminal.frames, 1);
});

test('a terminal that cannot be drawn on does not disturb whoever is shown', async () => {
  const { clock, terminal, view } = startAt(80, 24);
  terminal.write = () => {
    throw new Error('a defect');
  };
  for (const one of midRun(3)) view.onEvent(one);
  await clock.advance(1000);
  await view.close();
  assert.equal(terminal.frames, 0);
});

test('colour is used only where the terminal has it and NO_COLOR is not set', async () => {
  const drawn = async (noColor: string): Promise<string> => {
    const clock = createVirtualClock(START);
    const terminal = new FakeTerminal(80, 24);
    terminal.getColorDepth = () => 8;
    let raw = '';
    terminal._write = (chunk, _encoding, done) => ((raw += chunk), done());
    process.env['NO_COLOR'] = noColor;
    const view = startTty(terminal.stream, clock);
    for (const one of midRun(3)) view.onEvent(one);
    await view.close();
    delete process.env['NO_COLOR'];
    return raw;
  };
  assert.match(await drawn(''), /\x1b\[31m✖ sno3\/host-0/);
  assert.doesNotMatch(await drawn('1'), /\x1b\[\d+m/);
});
