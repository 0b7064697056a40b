/** Stops a run in good order: every cluster starts nothing new, those that begin later too. */
import type { SnobootError } from '../core/errors.ts';
import type { ClusterRun } from './actors.ts';

export interface Brake {
  /** What stopped the run, where it was no person. */
  readonly by: SnobootError | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly isPulled: boolean;
  add(cluster: ClusterRun): void;
  pull(why: { by: SnobootError } | { signal: NodeJS.Signals }): void;
}

export function createBrake(): Brake {
  const clusters: ClusterRun[] = [];
  let by: SnobootError | undefined;
  let signal: NodeJS.Signals | undefined;
  return {
    get by() {
      return by;
    },
    get signal() {
      return signal;
    },
    get isPulled() {
      return (by ?? signal) !== undefined;
    },
    add: (cluster) => {
      clusters.push(cluster);
      if (by ?? signal) cluster.cancel();
    },
    pull: (why) => {
      if ('by' in why) by ??= why.by;
      else signal ??= why.signal;
      for (const cluster of clusters) cluster.cancel();
    },
  };
}
