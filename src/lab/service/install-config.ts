/** The install-config that the service makes of a cluster (assisted-service.md §1.5). */
import { CLUSTER_NETWORK, SERVICE_NETWORK } from './catalogue.ts';
import { type Call, clusterOf, hostsOf, type Service } from './service.ts';
import type { Cluster } from './state.ts';
import type { Answer } from './wire.ts';

/** A JSON string that holds one line of JSON, so valid YAML; pull secret and SSH key in clear, as the real one has them. */
export function getInstallConfig(call: Call): Answer {
  return { status: 200, json: JSON.stringify(installConfig(call.service, clusterOf(call))) };
}

/** For a single node that installs in place to its chosen disk. */
export function installConfig(service: Service, cluster: Cluster): object {
  const machines = (name: string, replicas: number): object => ({ hyperthreading: 'Enabled', name, replicas });
  return {
    apiVersion: 'v1',
    baseDomain: cluster.baseDomain,
    networking: {
      networkType: 'OVNKubernetes',
      clusterNetwork: [{ cidr: CLUSTER_NETWORK.cidr, hostPrefix: CLUSTER_NETWORK.host_prefix }],
      machineNetwork: cluster.machineNetworks.map((cidr) => ({ cidr })),
      serviceNetwork: [SERVICE_NETWORK.cidr],
    },
    metadata: { name: cluster.name },
    compute: [machines('worker', 0)],
    controlPlane: machines('master', 1),
    platform: { none: {} },
    bootstrapInPlace: { installationDisk: hostsOf(service, cluster)[0]?.installationDiskId ?? '' },
    fips: false,
    pullSecret: cluster.pullSecret,
    sshKey: cluster.sshKey,
  };
}
