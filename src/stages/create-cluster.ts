/** The cluster at the service: found by name and tag, else created. */
import type { Cluster } from '../assisted/types.ts';
import { SnobootError } from '../core/errors.ts';
import { TAG, tagsOf } from './check-service.ts';
import type { ClusterContext } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

export const createCluster: Stage<ClusterContext> = {
  name: 'create-cluster',
  waitsFor: 'the service to create the cluster',
  deadlineMs: 5 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 4,
  settleMs: MINUTE,
  group: 'service',
  look: async (cluster, signal) => {
    const found = (await cluster.run.assisted.listClusters(signal)).find((one) => isOurs(cluster, one));
    return found
      ? { so: true, facts: { clusterId: found.id } }
      : { so: false, seen: 'no cluster yet', due: 'create-cluster' };
  },
  effects: { 'create-cluster': 'create the cluster at the service' },
  isSo: 'the cluster is at the service',
  act: async ({ run, spec, hosts, pullSecret }) => {
    await run.assisted.createCluster({
      name: spec.name,
      base_dns_domain: spec.baseDomain,
      openshift_version: spec.openshiftVersion,
      cpu_architecture: spec.cpuArchitecture,
      control_plane_count: hosts.length,
      pull_secret: pullSecret,
      ssh_public_key: spec.sshKey,
      tags: TAG,
    });
    run.watch.refresh();
  },
  expired: (cluster, seen) =>
    new SnobootError(
      'E-SVC-REFUSED',
      `the cluster ${cluster.spec.name} does not appear at the service: ${seen}`,
      'look into the log of the service',
    ),
};

function isOurs({ spec }: ClusterContext, cluster: Cluster): boolean {
  return cluster.name === spec.name && tagsOf(cluster).includes(TAG);
}
