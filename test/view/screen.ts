/** A terminal made of memory, and runs to show on it. */
import { Writable } from 'node:stream';
import type { Event, RunEvent } from '../../src/core/events.ts';
import type { Usual } from '../../src/view/usual.ts';

/** Knows just the control sequences that the view may use; any other one is an error. */
export class FakeTerminal extends Writable {
  readonly isTTY = true;
  raw = '';
  /** Between the marks of a picture that is to be shown at once. */
  isHeld = false;
  colours = 0;
  frames = 0;
  /** What has left the screen at its top. */
  scrolled: string[] = [];
  lines: string[] = [''];
  #row = 0;
  #column = 0;
  columns: number;
  rows: number;

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  getColorDepth(): number {
    return 1;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.raw += chunk;
    if (chunk.includes('\x1b[?2026h')) this.frames += 1;
    for (const [token] of chunk.matchAll(/\x1b\[[?0-9;]*[A-Za-z]|[\r\n]|[^\r\n]/gu)) this.#take(token);
    done();
  }

  get text(): string {
    return this.lines.map((line) => line.trimEnd()).join('\n');
  }

  get stream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }

  #take(token: string): void {
    if (token === '\r') this.#column = 0;
    else if (token === '\n') this.#down();
    else if (token === '\x1b[K') this.lines[this.#row] = this.#current().slice(0, this.#column);
    else if (token === '\x1b[J')
      this.lines = [...this.lines.slice(0, this.#row), this.#current().slice(0, this.#column)];
    else if (token === '\x1b[?2026h' || token === '\x1b[?2026l') this.isHeld = token.endsWith('h');
    else if (/^\x1b\[\d+A$/.test(token)) this.#row = Math.max(0, this.#row - Number(token.slice(2, -1)));
    else if (/^\x1b\[\d+B$/.test(token)) this.#row = Math.min(this.rows - 1, this.#row + Number(token.slice(2, -1)));
    else if (/^\x1b\[\d+C$/.test(token)) this.#column += Number(token.slice(2, -1));
    else if (/^\x1b\[[\d;]*m$/.test(token)) this.colours += 1;
    else if (token.startsWith('\x1b')) throw new Error(`control sequence ${JSON.stringify(token)}`);
    else this.#print(token);
  }

  #print(char: string): void {
    if (this.#column >= this.columns) this.#down();
    const line = this.#current();
    this.lines[this.#row] = line.slice(0, this.#column) + char + line.slice(this.#column + 1);
    this.#column += 1;
  }

  #down(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row >= this.lines.length) this.lines.push('');
    if (this.lines.length <= this.rows) return;
    this.scrolled.push(this.lines.shift() ?? '');
    this.#row -= 1;
  }

  #current(): string {
    return this.lines[this.#row] ?? '';
  }
}

/** What is written, as text. */
export class Text extends Writable {
  text = '';

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

export const START = Date.parse('2026-11-22T12:00:00Z');

/** The event `seconds` after the start of the run. */
export function event(seconds: number, subject: string, body: Event): RunEvent {
  return { seq: 0, at: new Date(START + seconds * 1000).toISOString(), subject, ...body };
}

export function runStarted(hosts: number, target = 'lab'): RunEvent {
  const clusters = Array.from({ length: hosts }, (_, i) => ({ name: `sno${i + 1}`, hosts: ['host-0'] }));
  return event(0, 'run', { type: 'run.started', verb: 'deploy', clusters, target, life: 1, pid: 1 });
}

export const NO_AGENT = {
  code: 'E-HOST-NOAGENT',
  message: 'no agent registered within 30 min',
  todo: 'look at the console of the host',
} as const;

/** A run in the middle: of each ten clusters one has failed, one is installed, one waits, the others are at work. */
export function midRun(hosts: number): RunEvent[] {
  const first = hosts === 1 ? 5 : 0;
  const clusters = Array.from({ length: hosts }, (_, i) => story(first + i, `sno${i + 1}`));
  return [runStarted(hosts), ...clusters.flat()];
}

/** What earlier runs took, for a run in the middle. */
export const USUAL: Usual = {
  stage: (_subject, stage) => ({ 'await-agent': 45_000, 'await-installed': 340_000 })[stage] ?? null,
  whole: () => 900_000,
};

const NO_ROUTE =
  'has-default-route: the host has no default route: add a route to 0.0.0.0/0 (or ::/0) to its networkConfig, or to DHCP';
const NO_NTP = 'ntp-synced: the host reaches no NTP server; this does not stop the installation, but wrong clocks will';

function story(i: number, name: string): RunEvent[] {
  const host = `${name}/host-0`;
  const started = (second: number, subject: string, stage: string, waitsFor: string): RunEvent =>
    event(second, subject, { type: 'stage.started', stage, waitsFor });
  const begun = started(i % 60, host, 'await-agent', 'the agent to register');
  switch (i % 10) {
    case 1:
      return [
        started(10, name, 'await-installed', 'the installation to end'),
        event(60, name, {
          type: 'stage.progressed',
          stage: 'await-installed',
          seen: 'Installation in progress',
          percent: 45,
        }),
        started(10, host, 'await-reboot', 'the disk to be written and the host to reboot'),
        event(60, host, {
          type: 'stage.progressed',
          stage: 'await-reboot',
          seen: 'Writing image to disk',
          percent: 37,
        }),
      ];
    case 2:
      return [
        begun,
        event(80, host, { type: 'stage.failed', stage: 'await-agent', elapsedMs: 80_000, error: NO_AGENT }),
      ];
    case 3:
      return [begun, ended(90, name, 'installed')];
    case 4:
      return [];
    case 5:
      return [
        started(50, name, 'await-ready', 'the validations to pass'),
        event(75, host, { type: 'validations', failing: i % 20 === 5 ? [NO_ROUTE, NO_NTP] : [NO_ROUTE], pending: [] }),
        event(76, name, { type: 'stage.progressed', stage: 'await-ready', seen: NO_ROUTE }),
      ];
    default:
      return [begun, ...reading(host)];
  }
}

function reading(host: string): RunEvent[] {
  const read = (second: number, total: number): RunEvent =>
    event(second, host, { type: 'media.read', total, size: 102_760_448 });
  return [
    event(85, host, { type: 'stage.progressed', stage: 'await-agent', seen: 'the host reads the ISO', percent: 31 }),
    ...[85, 90, 95].map((second) => read(second, 32_715_571 - (95 - second) * 1_310_720)),
  ];
}

export function ended(seconds: number, cluster: string, outcome: 'installed' | 'unchanged'): RunEvent {
  const changed = outcome === 'installed' ? 15 : 0;
  const version = { asked: '4.20', installed: '4.20.4' };
  return event(seconds, cluster, { type: 'cluster.ended', outcome, exitCode: 0, leftovers: [], changed, version });
}
