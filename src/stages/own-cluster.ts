/** The cluster that a run may cancel and delete: asked for anew each time, and held against name and tag. */
import type { Cluster } from '../assisted/types.ts';
import { asSnobootError, SnobootError } from '../core/errors.ts';
import { TAG, tagsOf } from './check-service.ts';
import type { ClusterContext } from './context.ts';

const UNDER_WAY = ['preparing-for-installation', 'installing', 'installing-pending-user-action', 'finalizing'];

/** In these the service cancels (§2.2), and deleting a host would fail the cluster. */
export function isUnderWay({ status }: Cluster): boolean {
  return UNDER_WAY.includes(status);
}

/** The cluster of fact `clusterId`, not from the watch's memory; undefined when there is none, or none any more. Throws E-SVC-EXISTS when it is not ours. */
export async function ownCluster(
  { facts, run, spec }: ClusterContext,
  signal?: AbortSignal,
): Promise<Cluster | undefined> {
  const id = facts['clusterId'];
  if (typeof id !== 'string') return undefined;
  const cluster = await run.assisted.getCluster(id, signal).catch(unlessGone);
  if (!cluster || (cluster.name === spec.name && tagsOf(cluster).includes(TAG))) return cluster;
  throw new SnobootError(
    'E-SVC-EXISTS',
    `the cluster ${id} at the service (${cluster.name}, tags ${cluster.tags ?? 'none'}) is not one that snoboot made as ${spec.name}`,
    'find out whose it is: snoboot deletes nothing that it did not make',
  );
}

/** Who deletes is content when somebody else did. */
export function unlessGone(error: unknown): undefined {
  if (asSnobootError(error).code !== 'E-SVC-GONE') throw error;
  return undefined;
}
