/** Clusters and hosts as the API shows them (assisted-service.md §1.1, §1.5, §1.7). */
import { CLUSTER_NETWORK, INSTALLER_IMAGE, releaseImage, SERVICE_NETWORK } from './catalogue.ts';
import { formattableDisks, installationDisk, networksOf } from './hardware.ts';
import type { Host } from './host-state.ts';
import { hostName, hostsOf, type Service } from './service.ts';
import { stagePercentage, STAGES, totalProgress } from './stages.ts';
import type { Cluster } from './state.ts';
import { type Json, longTime, shortTime, shown } from './wire.ts';

/** The host as JSON; only some calls show the list of its stages. */
export function hostView(host: Host, { stages }: { stages: boolean }): Json {
  const { current_stage: stage } = host.progress;
  const percent = stage ? { installation_percentage: stagePercentage(host) } : {};
  const disk = installationDisk(host);
  const derived = {
    requested_hostname: hostName(host),
    suggested_role: 'master',
    user_name: 'admin',
    installation_disk_path: disk && (disk.path ?? `/dev/${disk.name}`),
    disks_to_be_formatted: formattableDisks(host).join(','),
    skip_formatting_disks: host.skipFormatting.join(','),
    installer_version: stage && INSTALLER_IMAGE,
    stage_started_at: 0,
    stage_updated_at: 0,
    progress: host.inventory || stage ? { ...shown(host.progress), ...percent } : {},
  };
  return { ...shown({ ...host, ...derived }), deleted_at: null, progress_stages: stages ? STAGES : null };
}

/**
 * How much of its hosts a cluster shows: in `read` (GET of one) each with its stages, beside lists that are null elsewhere;
 * in `written` (answers to writes, the list) each without; none in `bare`; in `without` there is no list of hosts.
 */
export type Form = 'read' | 'written' | 'bare' | 'without';

/** What the lab's service does not act on stands as the real one's default. */
const DEFAULTS = {
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

/** The cluster as JSON. */
export function clusterView(service: Service, cluster: Cluster, form: Form): Json {
  const hosts = hostsOf(service, cluster);
  const listed = form === 'read' || form === 'written';
  const views = listed ? hosts.map((host) => hostView(host, { stages: form === 'read' })) : [];
  const networks = form === 'read' ? hostNetworks(hosts) : [];
  const ready = hosts.filter(({ status }) => status === 'known').length;
  const counts = { enabled_host_count: hosts.length, total_host_count: hosts.length, ready_host_count: ready };
  return {
    ...DEFAULTS,
    ...shown({ controller_logs_started_at: 0, controller_logs_collected_at: 0, ...cluster }),
    ...networkView(cluster),
    ...(listed ? shown(counts) : {}),
    ...(cluster.validations_info ? { ip_collisions: '{}' } : {}),
    ocp_release_image: releaseImage(cluster.openshift_version),
    pull_secret_set: cluster.pullSecret !== '',
    hosts: form === 'without' ? null : views,
    host_networks: form === 'written' ? null : networks,
    operator_bundles: form === 'written' ? null : [],
    monitored_operators: operatorsView(cluster),
    progress: progressView(cluster, hosts),
    'last-installation-preparation': preparationView(cluster),
  };
}

function networkView(cluster: Cluster): Json {
  const { id, vip, machine_networks: machines } = cluster;
  const owned = (items: unknown): Json[] => (items as object[]).map((item) => ({ cluster_id: id, ...item }));
  const vips = vip ? owned([{ ip: vip }]) : [];
  return {
    api_vips: vips,
    ingress_vips: vips,
    machine_networks: owned(machines),
    cluster_networks: owned(cluster['cluster_networks'] ?? [CLUSTER_NETWORK]),
    service_networks: owned(cluster['service_networks'] ?? [SERVICE_NETWORK]),
  };
}

function hostNetworks(hosts: Host[]): Json[] {
  const cidrs = [...new Set(hosts.flatMap(networksOf))];
  return cidrs.map((cidr) => ({
    cidr,
    host_ids: hosts.filter((host) => networksOf(host).includes(cidr)).map(({ id }) => id),
  }));
}

/** How the service's own part of the preparation went. */
function preparationView(cluster: Cluster): Json {
  if (cluster.openshift_cluster_id) return { status: 'success', reason: 'Installation preparation successful' };
  return cluster.install_started_at ? { status: 'not_started', reason: 'Installation preparation not performed' } : {};
}

/** The monitored operators; they have no status until the controller reported one. */
export function operatorsView(cluster: Cluster): Json[] {
  const constant = { cluster_id: cluster.id, operator_type: 'builtin', timeout_seconds: 3600 };
  const unknown = { bundles: null, source_bundles: null };
  return cluster.monitoredOperators.map((operator) => ({ ...constant, ...unknown, ...shown(operator) }));
}

/** No percentages before the installation has begun. */
function progressView(cluster: Cluster, hosts: Host[]): Json {
  if (!cluster.vip) return shown(cluster.finalizing);
  const { installing, finalizing, total } = totalProgress(cluster, hosts);
  return shown({
    ...cluster.finalizing,
    preparing_for_installation_stage_percentage: 100,
    installing_stage_percentage: installing,
    finalizing_stage_percentage: finalizing,
    total_percentage: total,
  });
}
