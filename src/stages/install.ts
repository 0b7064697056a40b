/** The trigger: after it nothing is undone. Over when the service has prepared and begins to install. */
import { SnobootError } from '../core/errors.ts';
import type { Cluster } from '../assisted/types.ts';
import { explainHost } from '../assisted/validations.ts';
import { type ClusterContext, fact } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';
import { tellHosts } from './tell-hosts.ts';

const BEGUN = ['installing', 'installing-pending-user-action', 'finalizing', 'installed'];

export const install: Stage<ClusterContext> = {
  name: 'install',
  waitsFor: 'the service to prepare the installation',
  deadlineMs: 25 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 3,
  settleMs: 30 * SECOND,
  group: 'service',
  look: async (context) => {
    const cluster = await context.run.watch.cluster(fact(context, 'clusterId'));
    if (!cluster)
      throw new SnobootError(
        'E-SVC-GONE',
        `the cluster ${context.subject} is no longer at the service`,
        'find out who deleted it, then deploy again',
      );
    tellHosts(context, cluster);
    if (BEGUN.includes(cluster.status)) return { so: true };
    if (['error', 'cancelled'].includes(cluster.status))
      throw new SnobootError(
        'E-INSTALL',
        `the cluster is ${cluster.status}: ${cluster.status_info}`,
        'read the logs of the service in the run folder',
      );
    if (cluster.status === 'preparing-for-installation') {
      context.facts['preparing'] = true;
      return { so: false, seen: cluster.status_info };
    }
    if (context.facts['preparing']) throw notPrepared(cluster);
    if (cluster.status === 'ready') return { so: false, seen: cluster.status_info, due: 'install' };
    return { so: false, seen: `cluster is ${cluster.status} again: ${cluster.status_info}` };
  },
  act: async (context) => {
    await context.run.assisted.install(fact(context, 'clusterId'));
    context.facts['preparing'] = true;
    context.run.watch.refresh();
  },
  expired: (_context, seen) =>
    new SnobootError(
      'E-PREPARE',
      `the installation was not prepared within 25 minutes: ${seen}`,
      'look at the images and disks of the hosts, then deploy again',
    ),
};

/** The service fell back: an image could not be pulled, or a disk is too slow. */
function notPrepared(cluster: Cluster): SnobootError {
  const reasons = cluster.hosts.flatMap((host) => {
    const failing = explainHost(host)
      .failing.filter(({ id }) => id !== 'ntp-synced')
      .map(({ id, plain }) => `${id}: ${plain}`);
    return failing.length > 0 ? failing : [host.status_info];
  });
  return new SnobootError(
    'E-PREPARE',
    `the service could not prepare the installation (${cluster.status_info}): ${reasons.join('; ')}`,
    'remove the cause, then deploy again',
  );
}
