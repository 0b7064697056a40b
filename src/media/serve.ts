/**
 * The media server as a process of its own, made by `fork`: one message configures it, then its parent lets it go. It ends
 * when told to, on SIGTERM, a minute after nothing is left to serve, or when no run owned it for forty minutes.
 */
import { type Clock, createClock } from '../core/clock.ts';
import { type Control, startControl } from './control.ts';
import type { FromMedia, ToMedia } from './messages.ts';
import { createShelf } from './shelf.ts';

const MINUTE = 60_000;
const EMPTY_MS = MINUTE;
const UNOWNED_MS = 40 * MINUTE;
/** Real time for the run that started it to give it something to serve. */
const ORPHAN_MS = 10_000;

let isConfigured = false;

// A terminal and its end are the run's business.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => {
  if (!isConfigured) process.exit(0);
});
process.once('message', (message: ToMedia) => {
  isConfigured = true;
  void begin(message);
});

async function begin({ factor, ...keys }: ToMedia): Promise<void> {
  const clock = createClock(factor);
  const over = (): never => process.exit(0);
  const shelf = createShelf((total) => control.tell(total));
  const empty = countdown(clock, EMPTY_MS, over);
  const unowned = countdown(clock, UNOWNED_MS, over);
  const orphan = countdown(createClock(), ORPHAN_MS, over);
  let hasServed = false;
  const onChange = (): void => {
    hasServed ||= !shelf.isEmpty();
    const isOwned = control.isOwned();
    empty(hasServed && shelf.isEmpty());
    unowned(hasServed && !isOwned);
    orphan(!hasServed && !isOwned);
  };
  const control: Control = await startControl({ keys, shelf, onChange, end: shelf.close, over });
  onChange();
  const answer: FromMedia = { port: control.port };
  process.send?.(answer);
}

/** Calls `then` when it was told true for `ms` on end. */
function countdown(clock: Clock, ms: number, then: () => void): (isOn: boolean) => void {
  let running: AbortController | null = null;
  return (isOn) => {
    if (isOn === (running !== null)) return;
    running?.abort();
    running = isOn ? new AbortController() : null;
    if (running) clock.sleep(ms, running.signal).then(then, () => undefined);
  };
}
