/** The cluster's state machine for a single node: assisted-service.md §2.2, the rules in their order. */
import { uuid } from '../../core/random.ts';
import { addressIn, networksOf } from './hardware.ts';
import type { Host } from './host-state.ts';
import { hostsOf, now, type Service, setCluster } from './service.ts';
import type { Cluster, ClusterStatus } from './state.ts';
import { clusterValidations } from './validations.ts';

const MINUTE = 60_000;
const PREPARATION_LIMIT = 18 * MINUTE;
const INSTALLATION_LIMIT = 24 * 60 * MINUTE;
const FINALIZING_LIMIT = 5 * 60 * MINUTE;

const ALIVE = /^(installing.*|installed|preparing-successful)$/;
const INPUTS = ['machine-cidr-defined', 'dns-domain-defined', 'pull-secret-set'];

type Next = readonly [status: ClusterStatus, info: string] | null;

/** Computes the cluster's validations anew and moves it by its rules. A network found now counts from the next time on. */
export function refreshCluster(service: Service, cluster: Cluster): void {
  const hosts = hostsOf(service, cluster);
  if (cluster.status === 'preparing-for-installation' && !cluster.openshift_cluster_id) prepare(service, cluster);
  cluster.validations_info = clusterValidations(cluster, hosts);
  const next = nextStatus(cluster, hosts, now(service));
  if (cluster.machine_networks.length === 0) cluster.machine_networks = computedNetworks(hosts);
  if (!next) return;
  if (next[0] === 'installing')
    cluster.vip ||= cluster.machine_networks.map(({ cidr }) => addressIn(hosts[0]!, cidr)).find(Boolean) ?? '';
  setCluster(service, cluster, ...next);
}

/** The service's own part of the preparation: it makes the cluster's identity. */
function prepare({ lab: { random } }: Service, cluster: Cluster): void {
  cluster.openshift_cluster_id = uuid(random);
  const digits = random.bytes(10).toString('hex');
  cluster.kubeadminPassword = digits.replace(/(.{5})(?=.)/g, '$1-');
}

/** The machine network is taken from the hosts only when they have exactly one; else the user must choose. */
function computedNetworks(hosts: Host[]): { cidr: string }[] {
  const networks = [...new Set(hosts.flatMap(networksOf))];
  return networks.length === 1 ? networks.map((cidr) => ({ cidr })) : [];
}

function nextStatus(cluster: Cluster, hosts: Host[], at: number): Next {
  switch (cluster.status) {
    case 'insufficient':
    case 'ready':
    case 'pending-for-input':
      return beforeInstall(cluster);
    case 'preparing-for-installation':
      return whilePreparing(cluster, hosts, at);
    case 'installing':
    case 'installing-pending-user-action':
    case 'finalizing':
      return whileInstalling(cluster, hosts, at);
    default:
      return null;
  }
}

function beforeInstall(cluster: Cluster): Next {
  const validations = Object.values(cluster.validations_info ?? {}).flat();
  const bad = validations.filter(({ status }) => status !== 'success').map(({ id }) => id);
  if (bad.some((id) => INPUTS.includes(id))) return ['pending-for-input', 'User input required'];
  return bad.length ? ['insufficient', 'Cluster is not ready for install'] : ['ready', 'Cluster ready to be installed'];
}

function whilePreparing(cluster: Cluster, hosts: Host[], at: number): Next {
  const failed = hosts.some(({ status }) => status === 'preparing-failed');
  if (at - cluster.status_updated_at > PREPARATION_LIMIT && !failed)
    return ['ready', 'Preparing cluster for installation timeout'];
  if (hosts.length && hosts.every(({ status }) => status === 'preparing-successful'))
    return ['installing', 'Installation in progress'];
  if (hosts.some(({ status }) => status !== 'known' && !status.startsWith('preparing-')))
    return ['insufficient', 'At least one host has stopped preparing for installation'];
  return failed ? ['ready', 'Cluster failed to prepare for installation'] : null;
}

function whileInstalling(cluster: Cluster, hosts: Host[], at: number): Next {
  const status = hosts.length === 1 ? hosts[0]!.status : '';
  if (cluster.status === 'finalizing') {
    if (at - cluster.status_updated_at > FINALIZING_LIMIT)
      return ['error', 'Cluster installation timeout while finalizing'];
    const done = cluster.ingressCa && cluster.monitoredOperators.every((operator) => operator.status === 'available');
    return done ? ['installed', 'Cluster is installed'] : null;
  }
  if (!ALIVE.test(status)) return ['error', 'cluster has hosts in error'];
  if (status === 'installed') return ['finalizing', 'Finalizing cluster installation'];
  if (status !== 'installing-pending-user-action') return ['installing', 'Installation in progress'];
  if (at - cluster.install_started_at <= INSTALLATION_LIMIT)
    return ['installing-pending-user-action', 'Cluster has hosts pending user action'];
  const why = 'cluster installation timed out while pending user action (a manual booting from installation disk)';
  return ['error', why];
}
