/** Calls that neither snoboot nor an agent makes, answered for others' programs (assisted-service.md §1.3, §1.5, §1.6, §1.9). */
import { CLUSTER_NETWORK, cpusFor, minor, NEEDED, SERVICE_NETWORK } from './catalogue.ts';
import { discoveryIgnition } from './ignition.ts';
import { type Call, clusterOf, hostsOf, infraEnvOf, type Service } from './service.ts';
import type { Cluster } from './state.ts';
import { type Answer, API, Refusal, shortTime } from './wire.ts';

const FORBIDDEN_NAMES = ['', '.localdomain', '4', '4.localdomain4', '6', '6.localdomain6'].map(
  (suffix) => `localhost${suffix}`,
);

/** GET default-config. */
export function defaultConfig(): Answer {
  const json = {
    cluster_network_cidr: CLUSTER_NETWORK.cidr,
    cluster_network_host_prefix: CLUSTER_NETWORK.host_prefix,
    cluster_networks_dualstack: [CLUSTER_NETWORK, { cidr: 'fd01::/48', host_prefix: 64 }],
    cluster_networks_ipv4: [CLUSTER_NETWORK],
    forbidden_hostnames: FORBIDDEN_NAMES,
    inactive_deletion_hours: 480,
    ntp_source: '',
    service_network_cidr: SERVICE_NETWORK.cidr,
    service_networks_dualstack: [SERVICE_NETWORK, { cidr: 'fd02::/112' }],
    service_networks_ipv4: [SERVICE_NETWORK],
  };
  return { status: 200, json };
}

/** GET support-levels of features, or of architectures: what the lab has. */
export function supportLevels(json: Record<string, Record<string, string>>) {
  return ({ query }: Call): Answer => {
    if (query.get('openshift_version')) return { status: 200, json };
    throw new Refusal(400, 'openshift_version in query is required', 'openapi');
  };
}

/** The same answer for every cluster that is there. */
export function ofCluster(json: unknown) {
  return (call: Call): Answer => {
    clusterOf(call);
    return { status: 200, json };
  };
}

/** GET preflight-requirements. */
export function requirements(call: Call): Answer {
  const base = { disk_size_gb: NEEDED.diskGB, installation_disk_speed_threshold_ms: NEEDED.diskSpeedMs };
  const cpus = cpusFor(clusterOf(call).openshift_version);
  const master = { ...base, cpu_cores: cpus, ram_mib: NEEDED.memoryMiB };
  const network = { network_latency_threshold_ms: 1000, packet_loss_percentage: 10 };
  const worker = { ...base, ...network, cpu_cores: NEEDED.minCpus, ram_mib: NEEDED.minMemoryMiB };
  const role = (quantitative: object): object => ({ qualitative: null, quantitative });
  return { status: 200, json: { ocp: { master: role(master), worker: role(worker) }, operators: [] } };
}

/** GET install-config: a JSON string that holds one line of JSON, pull secret and key in clear, as the real one has them. */
export function getInstallConfig(call: Call): Answer {
  return { status: 200, json: JSON.stringify(installConfig(call.service, clusterOf(call))) };
}

/** For a single node that installs in place to its chosen disk. */
export function installConfig(service: Service, cluster: Cluster): object {
  const machines = (name: string, replicas: number): object => ({ hyperthreading: 'Enabled', name, replicas });
  return {
    apiVersion: 'v1',
    baseDomain: cluster.base_dns_domain,
    networking: {
      networkType: 'OVNKubernetes',
      clusterNetwork: [{ cidr: CLUSTER_NETWORK.cidr, hostPrefix: CLUSTER_NETWORK.host_prefix }],
      machineNetwork: cluster.machine_networks,
      serviceNetwork: [SERVICE_NETWORK.cidr],
    },
    metadata: { name: cluster.name },
    compute: [machines('worker', 0)],
    controlPlane: machines('master', 1),
    platform: { none: {} },
    bootstrapInPlace: { installationDisk: hostsOf(service, cluster)[0]?.installation_disk_id ?? '' },
    fips: false,
    pullSecret: cluster.pullSecret,
    sshKey: cluster['ssh_public_key'] ?? '',
  };
}

/** Presigned URLs of a cluster's files need S3 storage: always 400. */
export function presignClusterFile(call: Call): Answer {
  clusterOf(call);
  throw new Refusal(400, 'Failed to generate presigned URL: invalid backend');
}

/** GET files of an infra-env: discovery.ign and ipxe-script, stamped with its last change. */
export function downloadInfraEnvFile(call: Call): Answer {
  const { service, query } = call;
  const infraEnv = infraEnvOf(call);
  const name = query.get('file_name') ?? '';
  const headers = { 'Last-Modified': new Date(infraEnv.updated_at).toUTCString() };
  if (name === 'discovery.ign')
    return { status: 200, octets: JSON.stringify(discoveryIgnition(service, infraEnv)), name, headers };
  if (name !== 'ipxe-script')
    throw new Refusal(400, 'file_name in query should be one of [discovery.ign ipxe-script]', 'openapi');
  const of = `arch=x86_64&version=${minor(infraEnv.openshift_version)}`;
  const artifact = (kind: string): string => `${service.baseUrl}/boot-artifacts/${kind}?${of}`;
  const lines = [
    '#!ipxe',
    `initrd --name initrd ${service.baseUrl}/images/${infraEnv.id}/pxe-initrd?${of}`,
    `kernel ${artifact('kernel')} initrd=initrd coreos.live.rootfs_url=${artifact('rootfs')} ignition.firstboot ignition.platform.id=metal`,
    'boot',
    '',
  ];
  return { status: 200, octets: lines.join('\n'), name: `${infraEnv.id}-ipxe-script`, headers };
}

/** GET files-presigned of an infra-env: the plain download URL, as without authentication. */
export function presignInfraEnvFile(call: Call): Answer {
  const { id } = infraEnvOf(call);
  const file = `${API}/v2/infra-envs/${id}/downloads/files?file_name=${call.query.get('file_name')}`;
  return { status: 200, json: { expires_at: shortTime(0), url: `${call.service.baseUrl}${file}` } };
}
