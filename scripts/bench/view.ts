/** What the view costs with a thousand hosts: CPU of a process that only shows, and bytes that go to the terminal. */
import { Writable } from 'node:stream';
import { createClock } from '../../src/core/clock.ts';
import type { Event, RunEvent } from '../../src/core/events.ts';
import { startLines } from '../../src/view/lines.ts';
import { startTty } from '../../src/view/tty.ts';
import type { View } from '../../src/view/view.ts';
import { type Row, rowOf } from './rows.ts';

const HOSTS = 1000;
/** Each host says something every five seconds, as it does while its ISO is read or its disk is written. */
const EVENTS_A_SECOND = HOSTS / 5;
const SECONDS = 10;
const TICK_MS = 100;

class Counted extends Writable {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  bytes = 0;

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  getColorDepth(): number {
    return 8;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.bytes += Buffer.byteLength(chunk);
    done();
  }
}

const clock = createClock();
const hostOf = (i: number): string => `sno${i % HOSTS}/host-0`;
const event = (subject: string, body: Event): RunEvent => ({
  seq: 0,
  at: new Date(clock.now()).toISOString(),
  subject,
  ...body,
});

function* story(): Generator<RunEvent> {
  const clusters = Array.from({ length: HOSTS }, (_, i) => ({ name: `sno${i}`, hosts: ['host-0'] }));
  yield event('run', { type: 'run.started', verb: 'deploy', clusters, target: 'bench', life: 1, pid: 1 });
  for (let i = 0; i < HOSTS; i += 1)
    yield event(hostOf(i), { type: 'stage.started', stage: 'await-agent', waitsFor: 'the agent to register' });
  for (let i = 0; ; i += 1) {
    const isRead = i % 2 === 0;
    const read: Event = { type: 'media.read', total: i * 1000, size: 1_200_000_000 };
    const seen: Event = {
      type: 'stage.progressed',
      stage: 'await-agent',
      seen: 'the host reads the ISO',
      percent: i % 100,
    };
    yield event(hostOf(i), isRead ? read : seen);
  }
}

/** Percent of a core over some seconds of an ordinary run. */
async function live(view: View | null): Promise<number> {
  const events = story();
  const next = (): RunEvent => events.next().value as RunEvent;
  for (let i = 0; i <= HOSTS; i += 1) view?.onEvent(next());
  await clock.sleep(500);
  const before = process.cpuUsage();
  const begin = clock.wall();
  while (clock.wall() - begin < SECONDS * 1000) {
    for (let i = 0; i < (EVENTS_A_SECOND * TICK_MS) / 1000; i += 1) (view?.onEvent ?? (() => undefined))(next());
    await clock.sleep(TICK_MS);
  }
  const { user, system } = process.cpuUsage(before);
  const percent = (user + system) / (clock.wall() - begin) / 10;
  await view?.close();
  return percent;
}

/** Microseconds for one event when they come as fast as they can. */
async function storm(view: View): Promise<number> {
  const events = story();
  const all = Array.from({ length: 100_000 }, () => events.next().value as RunEvent);
  const before = process.cpuUsage();
  for (const one of all) view.onEvent(one);
  await clock.sleep(TICK_MS);
  const { user, system } = process.cpuUsage(before);
  await view.close();
  return (user + system) / all.length;
}

export async function bench(): Promise<void> {
  const screens = [new Counted(80, 24), new Counted(120, 40)];
  const stream = (out: Counted): NodeJS.WriteStream => out as unknown as NodeJS.WriteStream;
  const rows: Row[] = [rowOf('no view', [await live(null)], '% of a core', 2)];
  for (const out of screens) {
    const what = `screen of ${out.columns}x${out.rows}`;
    rows.push(rowOf(what, [await live(startTty(stream(out), clock))], '% of a core', 2));
    rows.push(rowOf(`${what}, to the terminal`, [out.bytes / SECONDS / 1000], 'kB/s', 1));
  }
  rows.push(rowOf('plain lines', [await live(startLines(new Counted(80, 24), clock))], '% of a core', 2));
  rows.push(rowOf('screen, a storm', [await storm(startTty(stream(new Counted(80, 24)), clock))], 'µs per event', 1));
  rows.push(rowOf('plain lines, a storm', [await storm(startLines(new Counted(80, 24), clock))], 'µs per event', 1));
  console.log(`${HOSTS} hosts, ${EVENTS_A_SECOND} events a second, ${SECONDS} s each`);
  console.table(rows.map(({ what, median }) => ({ what, value: median })));
}
