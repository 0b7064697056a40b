/** A terminal made of memory, and runs to show on it. */
import { Writable } from 'node:stream';
import type { Event, RunEvent } from '../../src/core/events.ts';

/** Knows just the control sequences that the view may use; any other one is an error. */
export class FakeTerminal extends Writable {
  readonly isTTY = true;
  raw = '';
  cursorShown = true;
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
    if (chunk.includes('\r')) this.frames += 1;
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
    else if (token === '\x1b[?25l') this.cursorShown = false;
    else if (token === '\x1b[?25h') this.cursorShown = true;
    else if (/^\x1b\[\d+A$/.test(token)) this.#row = Math.max(0, this.#row - Number(token.slice(2, -1)));
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
  const clusters = Array.from({ length: hosts }, (_, i) => story(i, `sno${i + 1}`));
  return [runStarted(hosts), ...clusters.flat()];
}

function story(i: number, name: string): RunEvent[] {
  const host = `${name}/host-0`;
  const begun = event(i % 60, host, { type: 'stage.started', stage: 'await-agent', waitsFor: 'the agent to register' });
  const read = event(70, host, { type: 'media.read', total: 32_715_571, size: 102_760_448 });
  const failing = ['no default route is configured', 'the host has no name'];
  switch (i % 10) {
    case 1:
      return [
        event(i % 60, name, { type: 'stage.started', stage: 'await-installed', waitsFor: 'the install to end' }),
        event(60, name, { type: 'stage.progressed', stage: 'await-installed', seen: 'writing the image', percent: 45 }),
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
    default:
      return [begun, read, event(75, host, { type: 'validations', failing, pending: [] })];
  }
}

export function ended(seconds: number, cluster: string, outcome: 'installed' | 'unchanged'): RunEvent {
  const changed = outcome === 'installed' ? 15 : 0;
  const version = { asked: '4.20', installed: '4.20.4' };
  return event(seconds, cluster, { type: 'cluster.ended', outcome, exitCode: 0, leftovers: [], changed, version });
}
