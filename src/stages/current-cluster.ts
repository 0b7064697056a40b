/** A cluster and its hosts as the service has them now. */
import type { Cluster, Host } from '../assisted/types.ts';
import { SnobootError } from '../core/errors.ts';
import { type ClusterContext, fact, type HostContext } from './context.ts';
import type { Look } from './stage.ts';
import { isThisMachine } from './witness.ts';

/** Throws E-SVC-GONE when somebody deleted it. */
export async function currentCluster(context: ClusterContext): Promise<Cluster> {
  const cluster = await context.run.watch.cluster(fact(context, 'clusterId'));
  if (cluster) return cluster;
  throw new SnobootError(
    'E-SVC-GONE',
    `the cluster ${context.subject} is no longer at the service`,
    'find out who deleted it, then deploy again',
  );
}

/** The host's record; of an installation that another run began it is known by its hardware, or by being the only one. */
export function recordOf(host: HostContext, hosts: Host[]): Host | undefined {
  const { hostId } = host.facts;
  const only = host.cluster.hosts.length === 1 ? hosts[0] : undefined;
  return hosts.find(({ id }) => id === hostId) ?? hosts.find((one) => isThisMachine(host, one)) ?? only;
}

/** While an installation runs a service that does not answer is waited for: it, or another one, goes on (fault SV-03). */
export async function patiently(look: () => Promise<Look>): Promise<Look> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof SnobootError) || error.code !== 'E-SVC-UNREACH') throw error;
    return { so: false, seen: `the service to answer again: ${error.message}`, blind: true };
  }
}
