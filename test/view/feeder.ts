/** A process that shows a run of so many hosts in its middle on its own terminal, by a clock that stands still: `feeder.js HOSTS`. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/core/clock.ts';
import { startTty } from '../../src/view/tty.ts';
import { midRun, START, USUAL } from './screen.ts';

const still: Clock = {
  factor: 1,
  now: () => START + 100_000,
  wall: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
};

const view = startTty(process.stderr, still, USUAL);
for (const event of midRun(Number(process.argv[2]))) view.onEvent(event);
process.once('SIGTERM', () => void view.close().then(() => process.exit(0)));
await delay(600_000);
