/** A cluster as the API shows it (assisted-service.md §1.1, §1.5). What the lab's service does not act on stands as the real one's default. */
import { CLUSTER_NETWORK, releaseImage, SERVICE_NETWORK } from './catalogue.ts';
import { networksOf } from './hardware.ts';
import { API, hostView, type HostViewOptions, validationsInfo } from './host-view.ts';
import { hostsOf, type Service } from './service.ts';
import { operatorsView, preparationView, progressView } from './cluster-progress.ts';
import type { Host } from './host-state.ts';
import type { Cluster } from './state.ts';
import { longTime, shortTime } from './wire.ts';

/** Whether the hosts are shown: all of each, an empty list, or null. */
export type ShownHosts = HostViewOptions | 'empty' | 'null';

/** GET of one cluster fills lists that answers to writes and the list of clusters leave null. */
const isRead = (shown: ShownHosts): boolean => typeof shown === 'object' && shown.stages && !shown.freeAddresses;

/** The hosts as answers to writes show them. */
export const WRITTEN: HostViewOptions = { inventory: true, stages: false, freeAddresses: true };

/** The cluster as JSON, with as much of its hosts as `shown` says. */
export function clusterView(service: Service, cluster: Cluster, shown: ShownHosts): Record<string, unknown> {
  const hosts = hostsOf(service, cluster);
  const networks = shown === 'null' ? [] : isRead(shown) ? hostNetworks(hosts) : null;
  const views = typeof shown === 'object' ? hosts.map((host) => hostView(host, shown)) : shown === 'empty' ? [] : null;
  return {
    ...DEFAULTS,
    ...identity(cluster),
    ...times(cluster),
    ...network(cluster),
    ...(typeof shown === 'object' ? hostCounts(hosts) : {}),
    operator_bundles: networks && [],
    hosts: views,
    host_networks: networks,
    monitored_operators: operatorsView(cluster),
    progress: progressView(cluster, hosts),
    'last-installation-preparation': preparationView(cluster),
    ...(cluster.logsState ? { logs_info: cluster.logsState } : {}),
    ...(cluster.validations ? { validations_info: validationsInfo(cluster.validations), ip_collisions: '{}' } : {}),
  };
}

const DEFAULTS = {
  kind: 'Cluster',
  control_plane_count: 1,
  high_availability_mode: 'None',
  cpu_architecture: 'x86_64',
  deleted_at: null,
  disk_encryption: { enable_on: 'none', mode: 'tpmv2' },
  email_domain: 'Unknown',
  hyperthreading: 'all',
  ignition_endpoint: {},
  image_info: { created_at: longTime(0), expires_at: shortTime(0) },
  load_balancer: { type: 'cluster-managed' },
  network_type: 'OVNKubernetes',
  org_soft_timeouts_enabled: true,
  platform: { external: {}, type: 'none' },
  schedulable_masters: false,
  schedulable_masters_forced_true: true,
  user_managed_networking: true,
  user_name: 'admin',
  vip_dhcp_allocation: false,
};

function identity(cluster: Cluster): Record<string, unknown> {
  return {
    ...cluster.extra,
    id: cluster.id,
    name: cluster.name,
    href: `${API}/v2/clusters/${cluster.id}`,
    status: cluster.status,
    status_info: cluster.statusInfo,
    openshift_version: cluster.openshiftVersion,
    ocp_release_image: releaseImage(cluster.openshiftVersion),
    ...(cluster.baseDomain ? { base_dns_domain: cluster.baseDomain } : {}),
    ...(cluster.sshKey ? { ssh_public_key: cluster.sshKey } : {}),
    ...(cluster.tags ? { tags: cluster.tags } : {}),
    ...(cluster.openshiftClusterId ? { openshift_cluster_id: cluster.openshiftClusterId } : {}),
    pull_secret_set: cluster.pullSecret !== '',
  };
}

function times(cluster: Cluster): Record<string, unknown> {
  const logs = cluster.controllerLogs?.at ?? 0;
  return {
    created_at: longTime(cluster.createdAt),
    updated_at: longTime(cluster.updatedAt),
    status_updated_at: shortTime(cluster.statusUpdatedAt),
    install_started_at: shortTime(cluster.installStartedAt),
    install_completed_at: shortTime(cluster.installCompletedAt),
    controller_logs_started_at: shortTime(logs),
    controller_logs_collected_at: shortTime(logs),
  };
}

function network({ id, extra, machineNetworks, vip }: Cluster): Record<string, unknown> {
  const owned = (items: unknown): unknown => (items as object[]).map((item) => ({ cluster_id: id, ...item }));
  const vips = vip ? [{ cluster_id: id, ip: vip }] : [];
  return {
    api_vips: vips,
    ingress_vips: vips,
    machine_networks: owned(machineNetworks.map((cidr) => ({ cidr }))),
    cluster_networks: owned(extra['cluster_networks'] ?? [CLUSTER_NETWORK]),
    service_networks: owned(extra['service_networks'] ?? [SERVICE_NETWORK]),
  };
}

function hostCounts(hosts: Host[]): Record<string, number> {
  if (hosts.length === 0) return {};
  const ready = hosts.filter(({ status }) => status === 'known').length;
  return {
    enabled_host_count: hosts.length,
    total_host_count: hosts.length,
    ...(ready ? { ready_host_count: ready } : {}),
  };
}

function hostNetworks(hosts: Host[]): object[] {
  const networks = [...new Set(hosts.flatMap((host) => (host.inventory ? networksOf(host.inventory) : [])))];
  return networks.map((cidr) => ({
    cidr,
    host_ids: hosts.filter((host) => host.inventory && networksOf(host.inventory).includes(cidr)).map(({ id }) => id),
  }));
}
