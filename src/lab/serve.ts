/**
 * The lab as a process of its own, made by `fork`: one message {spec, dir} brings it up; it ends when its parent goes, on
 * SIGTERM, or on {stop: true}. SIGINT and SIGHUP are the parent's business: a terminal sends them to the whole group.
 */
import { asSnobootError } from '../core/errors.ts';
import type { FromLab, ToLab } from './messages.ts';
import { type RunningLab, startLab } from './start.ts';

let starting: Promise<RunningLab> | null = null;
let ending = false;

process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
process.on('SIGTERM', () => void end());
process.on('disconnect', () => void end());
process.on('message', (message: ToLab) => {
  if ('stop' in message) void end();
  else void begin(message.spec, message.dir);
});

async function begin(spec: Parameters<typeof startLab>[0], dir: string): Promise<void> {
  starting ??= startLab(spec, dir);
  try {
    say({ up: (await starting).up });
  } catch (error) {
    say({ error: asSnobootError(error).record() }, () => void end());
  }
}

function say(message: FromLab, then: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, {}, then);
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  const lab = await starting?.catch(() => null);
  await lab?.stop();
  process.exit(0);
}
