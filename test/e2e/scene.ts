/** A whole run as a user has it: the built command line in a process of its own, over a copy of the sample inventory. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../../src/core/events.ts';
import type { LabUp } from '../../src/lab/start.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const MAIN = join(ROOT, 'dist/src/cli/main.js');

/** As fast as is stable with two runs side by side on two cores. */
export const FACTOR = 200;

export const STATIC = 'sno-ai-test/host-0';
export const DHCP = 'sno-dhcp/host-0';

/** A line of the lab's history. */
export interface HistoryLine {
  at: string;
  kind: string;
  to: string;
  [detail: string]: unknown;
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Scene {
  dir: string;
  /** `snoboot ARGS…` in the scene's folder. `during` sees the process as soon as it runs. */
  snoboot(args: string[], during?: During, around?: Around): Promise<Ended>;
  /** The same, killed right after a record of its journal: kill-at.ts says which. Its `code` is null then. */
  killed(args: string[], at: string): Promise<Ended>;
  /**
   * `snoboot lab up` in the scene's folder, up on its own until `down`. With `holds` its time stands still from the end of one
   * snoboot until the next one has looked around: what that one finds does not depend on how fast this machine is.
   */
  labUp(options?: { holds: boolean }): Promise<LabProcess>;
  history(): HistoryLine[];
  /** The events of the latest run. */
  journal(): RunEvent[];
}

export type During = (running: Running) => Promise<void>;

/** What snoboot finds itself in. */
export interface Around {
  /** A file beside this one that is loaded before it. */
  preload?: string;
  env?: Record<string, string>;
}

export interface Running {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the latest run's journal holds such an event. */
  event(matches: (event: RunEvent) => boolean): Promise<void>;
  /** Resolves when this is on stderr. */
  says(text: RegExp): Promise<void>;
  /** Resolves when it has looked at a cluster and begins with it, or did not come to that in ten seconds. */
  begins(): Promise<void>;
}

export interface LabProcess {
  up: LabUp;
  /** Its time stands still, or goes on. */
  time(call: 'hold' | 'go-on'): Promise<void>;
  /** Ends it in good order; resolves with its exit code. */
  down(): Promise<number | null>;
}

const folders: string[] = [];
const labs = new Set<ChildProcess>();
/** For `after`: labs that a failed test left up. */
export const endLabs = (): void => labs.forEach((lab) => void lab.kill());
process.once('exit', () => {
  endLabs();
  folders.forEach((dir) => rmSync(dir, { recursive: true, force: true }));
});

export interface SceneOptions {
  faults?: string[];
  factor?: number;
  /** Changes the text of inventory/lab.yaml before it is written. */
  edit?: (text: string) => string;
  /** Where runs are kept, in the scene's folder. */
  home?: string;
}

export function createScene({
  faults = [],
  factor = FACTOR,
  edit = (text) => text,
  home = '.snoboot',
}: SceneOptions = {}): Scene {
  const dir = mkdtempSync(join(tmpdir(), 'snoboot-e2e-'));
  folders.push(dir);
  cpSync(join(ROOT, 'inventory'), dir, { recursive: true, filter: (path) => !path.includes('.snoboot') });
  const sample = readFileSync(join(dir, 'lab.yaml'), 'utf8');
  const lab = `lab:\n  timeFactor: ${factor}\n  faults: ${JSON.stringify(faults)}\n`;
  writeFileSync(join(dir, 'lab.yaml'), edit(sample.replace(/^lab:\n {2}timeFactor: \d+\n/m, lab)));
  const runs = (): string[] => (existsSync(join(dir, home, 'runs')) ? readdirSync(join(dir, home, 'runs')).sort() : []);
  const journal = (): RunEvent[] => {
    const latest = runs().at(-1);
    return latest === undefined ? [] : lines<RunEvent>(join(dir, home, 'runs', latest, 'events.jsonl')).slice(1);
  };
  let held: LabProcess | undefined;
  const snoboot: Scene['snoboot'] = async (args, during, around) => {
    if (!held) return run(dir, args, journal, during, around);
    const lab = held;
    const besides: During = async (running) => {
      const isOn = running.begins().then(() => lab.time('go-on'));
      await during?.(running);
      await isOn.catch(() => undefined);
    };
    return run(dir, args, journal, besides, around).finally(() => lab.time('hold'));
  };
  return {
    dir,
    journal,
    history: () => lines<HistoryLine>(join(dir, home, 'lab/history.jsonl')),
    snoboot,
    killed: (args, at) => snoboot(args, undefined, { preload: 'kill-at.js', env: { KILL_AT: at } }),
    labUp: async (options) => {
      const lab = await labUp(dir);
      if (options?.holds) held = lab;
      return lab;
    },
  };
}

const LOOKS = /^check-/;
const BEGIN_MS = 10_000;

async function run(
  dir: string,
  args: string[],
  journal: () => RunEvent[],
  during?: During,
  { preload, env }: Around = {},
): Promise<Ended> {
  const imports = preload === undefined ? [] : ['--import', fileURLToPath(new URL(preload, import.meta.url))];
  const child = spawn(process.execPath, [...imports, MAIN, ...args], {
    cwd: dir,
    env: { ...process.env, XDG_STATE_HOME: join(dir, 'state'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let isOver = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      isOver = true;
      resolve({ code, stdout, stderr });
    });
  });
  const hasBegun = (): boolean => {
    const events = journal();
    const life = events.findLast(({ type }) => type === 'run.started');
    const isOwn = life?.type === 'run.started' && life.pid === child.pid;
    return isOwn && events.some((one) => one.type === 'stage.started' && one.seq > life.seq && !LOOKS.test(one.stage));
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isOver && !isSo()) await new Promise((wake) => setTimeout(wake, 20));
    if (!isSo()) throw new Error(`the run ended without it\n${stderr}`);
  };
  const running: Running = {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    event: (matches) => until(() => journal().some(matches)),
    says: (text) => until(() => text.test(stderr)),
    begins: () => {
      const end = performance.now() + BEGIN_MS;
      return until(() => hasBegun() || performance.now() > end);
    },
  };
  try {
    await during?.(running);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return ended;
}

async function labUp(dir: string): Promise<LabProcess> {
  const lab = spawn(process.execPath, [MAIN, 'lab', 'up', 'lab.yaml'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  labs.add(lab);
  const ended = new Promise<number | null>((resolve) => lab.once('exit', resolve));
  const text = await new Promise<string>((resolve) =>
    lab.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  const up = JSON.parse(text) as LabUp;
  return {
    up,
    time: async (call) => assert.equal((await fetch(`${up.service.url}/lab/${call}`, { method: 'POST' })).status, 200),
    down: () => {
      lab.kill('SIGTERM');
      labs.delete(lab);
      return ended;
    },
  };
}

/** The whole lines of a JSON lines file; the last one may still be on its way. */
function lines<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
