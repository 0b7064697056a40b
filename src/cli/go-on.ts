/** What is to be typed after a run: the command that began it, as far as the journal keeps it and it says what is done. */
import { type LastRun, typedOf } from '../run/last-run.ts';
import { commandOf, type DeployOptions } from './options.ts';

type Run = Pick<LastRun, 'header' | 'events'>;

/** To go on with one that was killed. */
export function goOnWith(run: Run, file: string, options: Partial<DeployOptions>): string {
  return tryAgain(run, file, { ...options, replace: typedOf(run).replace });
}

/** To do the same once more, without --replace. One that was to stop before the disks stops again. `options` go over its own. */
export function tryAgain(run: Run, file: string, options: Partial<DeployOptions>): string {
  const { verb, limit, stopAfter } = typedOf(run);
  const own = {
    ...(limit === null ? {} : { limit }),
    ...(stopAfter === null ? {} : { stopAfterStage: stopAfter }),
  };
  return `snoboot ${commandOf(verb, file, { ...own, ...options })}`;
}
