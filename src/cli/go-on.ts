/** What is to be typed after a run: the command that began it, as far as the journal keeps it and it says what is done. */
import { type LastRun, typedOf } from '../run/last-run.ts';
import { quoted } from './options.ts';

type Run = Pick<LastRun, 'header' | 'events'>;

/** To go on with one that was killed. `file`: the inventory, with what is to be typed after it in each command. */
export function goOnWith(run: Run, file: string): string {
  return `${tryAgain(run, file)}${typedOf(run).replace ? ' --replace' : ''}`;
}

/** To do the same once more, without --replace; `limit` in place of its own. One that was to stop before the disks stops again. */
export function tryAgain(run: Run, file: string, limit = typedOf(run).limit): string {
  const { verb, stopAfter } = typedOf(run);
  const part = limit === null ? '' : ` --limit ${quoted(limit)}`;
  const stop = stopAfter === null ? '' : ` --stop-after-stage ${stopAfter}`;
  return `snoboot ${verb} ${file}${part}${stop}`;
}
