/** Exit codes: one for each cluster, and one for the run (design §10). */
import { CODES, EXIT } from '../core/errors.ts';
import type { Listener } from '../core/events.ts';
import type { ClusterOutput } from '../../pipelines/cluster-setup.ts';

/** `signal` is what interrupted the run, if anything did; `isAsked`: the cluster was to be let go, with --stop-after-stage. */
export function clusterExit(
  { outcome, error, leftovers }: ClusterOutput,
  signal: NodeJS.Signals | undefined,
  isAsked = false,
): number {
  switch (outcome) {
    case 'installed':
    case 'unchanged':
    case 'destroyed':
    case 'clean':
    case 'stopped':
      return leftovers.length > 0 ? EXIT.leftovers : EXIT.ok;
    case 'failed':
    case 'skipped':
      return error ? CODES[error.code] : EXIT.internal;
    case 'interrupted':
    case 'left-installing':
      if (error) return CODES[error.code];
      if (isAsked) return leftovers.length > 0 ? EXIT.leftovers : EXIT.ok;
      return signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  }
}

/** The clusters' code when there is but one code; 6 when one is installed and one is not; else the smallest. */
export function runExit(codes: number[]): number {
  const different = [...new Set(codes)];
  const [only] = different;
  if (different.length === 1 && only !== undefined) return only;
  const installed = [EXIT.ok, EXIT.leftovers] as number[];
  const bad = different.filter((code) => !installed.includes(code));
  if (bad.length === 0) return EXIT.leftovers;
  return bad.length < different.length ? EXIT.partial : Math.min(...bad);
}

/** Whether somebody has to try again. */
export function isUnfinished({ outcome, exitCode }: Pick<ClusterOutput, 'outcome'> & { exitCode: number }): boolean {
  return exitCode !== EXIT.ok && ['failed', 'skipped', 'interrupted', 'left-installing'].includes(outcome);
}

/** Counts the stages that had to change something, by cluster. */
export function createChangeCount(): { listener: Listener; of(cluster: string): number } {
  const counts = new Map<string, number>();
  return {
    listener: (event) => {
      if (event.type !== 'stage.succeeded' || !event.changed) return;
      const [cluster = ''] = event.subject.split('/');
      counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
    },
    of: (cluster) => counts.get(cluster) ?? 0,
  };
}
