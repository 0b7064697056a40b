/** `--deadline`: what usually takes longer than there is time for is not begun. */
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import { MINUTE } from '../stages/stage.ts';

/** From the first look at the service to the end, and from the trigger to the end, in milliseconds of the run's clock. */
export interface Usual {
  deploy: number;
  install: number;
}

/** A single node on common hardware, until earlier runs of the cluster say better. */
const UNKNOWN: Usual = { deploy: 60 * MINUTE, install: 45 * MINUTE };

/** The longest that earlier runs took to install this cluster. */
export function usualOf(cluster: string, runs: readonly (readonly RunEvent[])[]): Usual {
  const took = runs.flatMap((events) => durationsOf(cluster, events));
  if (took.length === 0) return UNKNOWN;
  return {
    deploy: Math.max(...took.map(({ deploy }) => deploy)),
    install: Math.max(...took.map(({ install }) => install)),
  };
}

function durationsOf(cluster: string, events: readonly RunEvent[]): Usual[] {
  // Between two lives time went by in which nothing was done.
  if (events.filter(({ type }) => type === 'run.started').length > 1) return [];
  const mine = events.filter(({ subject }) => subject === cluster);
  const at = (matches: (event: RunEvent) => boolean): number => Date.parse(mine.find(matches)?.at ?? '');
  const ended = at((event) => event.type === 'cluster.ended' && event.outcome === 'installed');
  const began = at((event) => event.type === 'stage.started');
  const triggered = at((event) => event.type === 'intent' && event.stage === 'install' && event.effect === 'install');
  const isWhole = !Number.isNaN(ended - began) && !Number.isNaN(ended - triggered);
  return isWhole ? [{ deploy: ended - began, install: ended - triggered }] : [];
}

/** Throws E-DEADLINE when the rest of `what` usually ends after `endsAt`. */
export function refuseLate(clock: Clock, endsAt: number, cluster: string, what: keyof Usual, usual: Usual): void {
  const left = endsAt - clock.now();
  if (left >= usual[what]) return;
  const minutes = (ms: number): number => Math.max(0, Math.round(ms / MINUTE));
  throw new SnobootError(
    'E-DEADLINE',
    `${minutes(left)} minutes are left until --deadline, and to ${what} ${cluster} usually takes ${minutes(usual[what])}`,
  );
}

export function deadlinePassed(): SnobootError {
  return new SnobootError('E-DEADLINE', 'the time of --deadline has come', 'deploy again to go on');
}
