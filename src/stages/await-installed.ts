/** The installation as the service reports it, to its end. */
import { SnobootError } from '../core/errors.ts';
import { type Cluster, stageOf } from '../assisted/types.ts';
import { type ClusterContext, fact } from './context.ts';
import { HOUR, SECOND, type Stage } from './stage.ts';
import { tellHosts } from './tell-hosts.ts';

const INSTALLED = ['installed', 'adding-hosts'];

export const awaitInstalled: Stage<ClusterContext> = {
  name: 'await-installed',
  waitsFor: 'the installation to end',
  deadlineMs: 4 * HOUR,
  pollMs: 5 * SECOND,
  tries: 0,
  settleMs: 0,
  group: 'service',
  look: async (context) => {
    const cluster = await context.run.watch.cluster(fact(context, 'clusterId'));
    if (!cluster)
      throw new SnobootError(
        'E-SVC-GONE',
        `the cluster ${context.subject} vanished from the service while it was installed`,
        'find out who deleted it, then deploy again',
      );
    tellHosts(context, cluster);
    if (INSTALLED.includes(cluster.status)) return { so: true };
    if (['error', 'cancelled'].includes(cluster.status)) throw ended(cluster);
    const percent = cluster.progress?.total_percentage;
    return { so: false, seen: cluster.status_info, ...(percent === undefined ? {} : { percent }) };
  },
  expired: (context, seen) =>
    new SnobootError(
      'E-INSTALL-STUCK',
      `the installation of ${context.subject} did not end within four hours: ${seen}`,
      'nothing was stopped: watch the cluster at the service, or deploy again to watch it from here',
    ),
};

function ended(cluster: Cluster): SnobootError {
  const hosts = cluster.hosts.map(
    (host) => `${host.requested_hostname ?? host.id} in ${stageOf(host).stage || host.status}: ${host.status_info}`,
  );
  return new SnobootError(
    'E-INSTALL',
    `the installation ended ${cluster.status} (${cluster.status_info}): ${hosts.join('; ') || 'no hosts'}`,
    "read the service's logs in the run folder; then delete the cluster at the service and deploy again",
  );
}
