/** The infra-env: what the discovery ISO of this cluster is made from, with the static networks of its hosts. */
import { SnobootError } from '../core/errors.ts';
import { staticNetworkConfig } from '../inventory/network.ts';
import { type ClusterContext, fact } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

export const createInfraEnv: Stage<ClusterContext> = {
  name: 'create-infra-env',
  waitsFor: 'the service to create the infra-env',
  deadlineMs: 5 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 4,
  settleMs: MINUTE,
  group: 'service',
  look: async (cluster) => {
    const [found] = await cluster.run.assisted.listInfraEnvs(fact(cluster, 'clusterId'));
    return found
      ? { so: true, facts: { infraEnvId: found.id } }
      : { so: false, seen: 'no infra-env yet', due: 'create-infra-env' };
  },
  effects: { 'create-infra-env': 'create its infra-env with static networks and SSH key' },
  isSo: 'its infra-env is at the service',
  act: async (cluster) => {
    const { spec, run, pullSecret, hosts } = cluster;
    const networks = hosts.map((host) => staticNetworkConfig(host.spec)).filter((network) => network !== null);
    await run.assisted.createInfraEnv({
      name: `${spec.name}_infra-env`,
      cluster_id: fact(cluster, 'clusterId'),
      openshift_version: spec.openshiftVersion,
      cpu_architecture: spec.cpuArchitecture,
      pull_secret: pullSecret,
      ssh_authorized_key: spec.sshKey,
      image_type: spec.imageType,
      ...(networks.length > 0 ? { static_network_config: networks } : {}),
    });
  },
  expired: (cluster, seen) =>
    new SnobootError(
      'E-SVC-REFUSED',
      `the infra-env of ${cluster.spec.name} does not appear: ${seen}`,
      'look into the log of the service',
    ),
};
