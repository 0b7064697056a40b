/** Before a cluster is deleted: no host writes its disk, the installation is cancelled, and every installer has stopped. */
import { SnobootError } from '../core/errors.ts';
import { type ClusterContext, fact } from './context.ts';
import { isUnderWay, ownCluster } from './own-cluster.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';
import { type Busy, busyHost } from './writing.ts';

export const cancelInstall: Stage<ClusterContext> = {
  name: 'cancel-install',
  waitsFor: 'the installation to come to where it can be cancelled',
  deadlineMs: 30 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 4,
  settleMs: 30 * SECOND,
  group: 'service',
  look: async (context, signal) => {
    const cluster = await ownCluster(context, signal);
    if (!cluster) return { so: true };
    const busy = await busyHost(context, cluster);
    context.notes['busy'] = busy ? inWords(busy) : null;
    if (busy) return { so: false, ...busy };
    return isUnderWay(cluster) ? { so: false, seen: cluster.status_info, due: 'cancel' } : { so: true };
  },
  effects: { cancel: 'cancel the installation at the service' },
  isSo: 'nothing is being installed there',
  act: async (context) => {
    await refuseBusy(context);
    await context.run.assisted.cancel(fact(context, 'clusterId'));
    context.run.watch.refresh();
  },
  expired: ({ notes, subject }, seen) =>
    notes['busy']
      ? installing(`${String(notes['busy'])}, after 30 minutes of waiting`)
      : installing(`the installation of ${subject} could not be cancelled within 30 minutes: ${seen}`),
};

/** Right before what a host must not be hit by while it writes: the last look may be older than the queue was long. Throws E-INSTALLING. */
export async function refuseBusy(context: ClusterContext): Promise<void> {
  const cluster = await ownCluster(context);
  const busy = cluster && (await busyHost(context, cluster));
  if (busy) throw installing(inWords(busy));
}

function inWords({ seen, percent }: Busy): string {
  return percent === undefined ? seen : `${seen} (${percent}%)`;
}

export function installing(message: string): SnobootError {
  return new SnobootError(
    'E-INSTALLING',
    message,
    'run this again when the host has rebooted; if it stands still, look at its console and switch it off by hand first',
  );
}
