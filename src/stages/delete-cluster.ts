/** What the service has of a cluster that is taken down: its hosts, its infra-env, itself. What is known of it here goes first. */
import { SnobootError } from '../core/errors.ts';
import { installing } from './cancel-install.ts';
import type { ClusterContext } from './context.ts';
import { forgetInstalled } from './installed-record.ts';
import { isUnderWay, ownCluster, unlessGone } from './own-cluster.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

export const deleteCluster: Stage<ClusterContext> = {
  name: 'delete-cluster',
  waitsFor: 'the service to delete the cluster',
  deadlineMs: 5 * MINUTE,
  pollMs: 2 * SECOND,
  tries: 4,
  settleMs: 10 * SECOND,
  group: 'service',
  look: async (context, signal) => {
    const next = await nextDeletion(context, signal);
    return next
      ? { so: false, seen: `still there: ${next.what}`, due: next.due }
      : { so: true, facts: { clusterId: null, infraEnvId: null, isoPath: null, removed: true } };
  },
  effects: {
    'delete-cluster': 'delete the cluster at the service',
    forget: 'delete its credentials and its record here',
  },
  ifNeeded: {
    'delete-host': 'delete its hosts at the service',
    'delete-infra-env': 'delete its infra-env at the service',
  },
  act: async (context, due, signal) => {
    const next = await nextDeletion(context, signal);
    if (next?.due === due) await next.take().catch(unlessGone);
    context.run.watch.refresh();
  },
  expired: (context, seen) =>
    new SnobootError(
      'E-SVC-REFUSED',
      `the service did not delete ${context.subject}: ${seen}`,
      'look into the log of the service, then run this again',
    ),
};

interface Deletion {
  what: string;
  due: string;
  take(): Promise<void>;
}

/** In this order: a killed run that goes on must not take the cluster for installed, and the service keeps an infra-env with hosts. */
async function nextDeletion(context: ClusterContext, signal: AbortSignal): Promise<Deletion | undefined> {
  const { assisted } = context.run;
  const cluster = await ownCluster(context, signal);
  if (cluster && isUnderWay(cluster))
    throw installing(`${context.subject} is being installed again: ${cluster.status}`);
  if (context.deeds.tries('delete-cluster').get('forget')?.outcome !== 'done')
    return { what: 'its record and credentials here', due: 'forget', take: () => forgetInstalled(context) };
  const id = context.facts['clusterId'];
  if (typeof id !== 'string') return undefined;
  // Of an infra-env that outlived its cluster too: nobody else has that id (§1.3).
  const infraEnvs = await assisted.listInfraEnvs(id, signal);
  for (const infraEnv of infraEnvs) {
    const host = await hostIn(context, infraEnv.id, id, signal);
    if (host) return host;
  }
  const [infraEnv] = infraEnvs;
  if (infraEnv)
    return {
      what: 'its infra-env',
      due: `delete-infra-env ${infraEnv.id}`,
      take: () => assisted.deleteInfraEnv(infraEnv.id),
    };
  return cluster && { what: 'the cluster', due: 'delete-cluster', take: () => assisted.deleteCluster(id) };
}

/** One that this cluster has, or none. With one of another cluster in it the service keeps the infra-env, and says so. */
async function hostIn(
  { run: { assisted } }: ClusterContext,
  infraEnvId: string,
  clusterId: string,
  signal: AbortSignal,
): Promise<Deletion | undefined> {
  const hosts = (await assisted.listHosts(infraEnvId, signal).catch(unlessGone)) ?? [];
  const host = hosts.find(({ cluster_id }) => !cluster_id || cluster_id === clusterId);
  return (
    host && {
      what: `the host ${host.requested_hostname ?? host.id}`,
      due: `delete-host ${host.id}`,
      take: () => assisted.deleteHost(infraEnvId, host.id),
    }
  );
}
