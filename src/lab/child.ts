/** The lab as a child process, seen from the parent. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClock, deadlineSignal } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import { onDisk } from './on-disk.ts';
import type { FromLab, ToLab } from './messages.ts';
import type { LabSpec } from './spec.ts';
import type { LabUp, RunningLab } from './start.ts';

const ENTRY = fileURLToPath(new URL('serve.js', import.meta.url));
const PATIENCE_MS = 15_000;

/** As `startLab`, in a process that has nothing of our environment but PATH; what it prints is in `dir/lab.log`. */
export async function startLabChild(spec: LabSpec, dir: string): Promise<RunningLab> {
  const output = onDisk(dir, () => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return openSync(join(dir, 'lab.log'), 'a', 0o600);
  });
  const env = { PATH: process.env['PATH'] ?? '' };
  // A group of its own: what a terminal or `timeout` sends to the whole group is the parent's business.
  const child = fork(ENTRY, [], { detached: true, env, execArgv: [], stdio: ['ignore', output, output, 'ipc'] });
  closeSync(output);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const message: ToLab = { spec, dir };
  child.send(message);
  const answer = await Promise.race([firstAnswer(child), exited]);
  if (answer !== null && typeof answer === 'object') {
    if ('up' in answer) return running(child, answer.up, exited);
    await exited;
    throw new SnobootError(answer.error.code, answer.error.message, answer.error.todo);
  }
  throw new SnobootError('E-INTERNAL', `the lab ended with ${answer} before it was up`, `see ${join(dir, 'lab.log')}`);
}

function firstAnswer(child: ChildProcess): Promise<FromLab> {
  return new Promise((resolve) => child.once('message', (message) => resolve(message as FromLab)));
}

function running(child: ChildProcess, up: LabUp, exited: Promise<unknown>): RunningLab {
  return {
    up,
    async stop() {
      const message: ToLab = { stop: true };
      if (child.connected) child.send(message);
      const patience = deadlineSignal(createClock(), PATIENCE_MS, () => new Error('the lab does not end'));
      patience.signal.addEventListener('abort', () => child.kill('SIGKILL'));
      await exited;
      patience.end();
    },
  };
}
