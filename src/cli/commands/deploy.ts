/** `snoboot deploy` and `snoboot destroy`: bring every cluster of an inventory there, or away. */
import { type Clock, createClock } from '../../core/clock.ts';
import { deploy } from '../../run/deploy.ts';
import { isBeforeTrigger, stopStage } from '../../run/stop-after.ts';
import type { Planning } from '../confirm.ts';
import { commandOf, type DeployOptions } from '../options.ts';
import { runVerb } from '../run-verb.ts';
import { deadlineMs, wholeNumber } from '../when.ts';

export async function deployCommand(file: string, options: DeployOptions, version: string): Promise<number> {
  const limits = limitsOf(options);
  const { verify, replace = false } = options;
  const again = { ...options, replace: false };
  return runVerb(file, {
    options,
    does: replace ? 'deploy --replace deletes what is installed on, and erases,' : 'deploy erases',
    plans: { verb: 'deploy', replace, fate: fateOf(options) },
    command: commandOf('deploy', file, options),
    again: commandOf('deploy', file, again),
    replaces: replace,
    retry: (list) => commandOf('deploy', file, { ...again, limit: `@${list}` }),
    start: (request) => deploy({ ...request, ...limits(request.clock), version, verb: 'deploy', verify, replace }),
  });
}

export async function destroyCommand(file: string, options: DeployOptions, version: string): Promise<number> {
  const limits = limitsOf(options);
  return runVerb(file, {
    options,
    does: 'destroy deletes what is installed on, and switches off,',
    plans: { verb: 'destroy', replace: false, fate: 'deleted' },
    command: commandOf('destroy', file, options),
    retry: (list) => commandOf('destroy', file, { ...options, limit: `@${list}` }),
    start: (request) =>
      deploy({ ...request, ...limits(request.clock), version, verb: 'destroy', verify: false, replace: false }),
  });
}

/** Before the trigger a run that is stopped has written no disk. */
function fateOf({ stopAfterStage }: DeployOptions): Planning['fate'] {
  const isSpared = stopAfterStage !== undefined && isBeforeTrigger(stopStage(stopAfterStage));
  return isSpared ? 'booted from the ISO, and none erased' : 'erased';
}

/** Throws E-USAGE at once; the deadline is counted when the clock of the run is known. */
function limitsOf({ deadline, keep, forks, stopAfterStage }: DeployOptions) {
  const limits = {
    keep: wholeNumber('--keep', keep),
    forks: forks === undefined ? null : wholeNumber('--forks', forks),
    stopAfter: stopAfterStage === undefined ? null : stopStage(stopAfterStage),
  };
  const at = (clock: Clock): number | null =>
    deadline === undefined ? null : deadlineMs(deadline, clock.wall(), clock.factor);
  at(createClock());
  return (clock: Clock) => ({ ...limits, deadlineMs: at(clock) });
}
