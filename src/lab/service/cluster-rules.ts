/** The cluster's state machine for a single node: assisted-service.md §2.2, the rules in their order. */
import { uuid } from '../../core/random.ts';
import { addressIn, networksOf } from './hardware.ts';
import { hostsOf, now, type Service, setCluster } from './service.ts';
import type { Host } from './host-state.ts';
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
  if (cluster.status === 'preparing-for-installation' && !cluster.prepared) prepare(service, cluster);
  cluster.validations = clusterValidations(cluster, hosts);
  const next = nextStatus(cluster, hosts, now(service));
  if (cluster.machineNetworks.length === 0) cluster.machineNetworks = computedNetworks(hosts);
  if (!next) return;
  if (next[0] === 'installing' && cluster.status === 'preparing-for-installation')
    cluster.vip = cluster.machineNetworks.map((network) => addressIn(hosts[0]!, network)).find(Boolean) ?? '';
  setCluster(service, cluster, ...next);
}

/** The service's own part of the preparation: it makes the cluster's identity. */
function prepare(service: Service, cluster: Cluster): void {
  const { random } = service.lab;
  const kubeadminPassword = random
    .bytes(10)
    .toString('hex')
    .replace(/(.{5})(?=.)/g, '$1-');
  Object.assign(cluster, { prepared: true, openshiftClusterId: uuid(random), kubeadminPassword });
}

/** The machine network is taken from the hosts only when they have exactly one; else the user must choose. */
function computedNetworks(hosts: Host[]): string[] {
  const networks = [...new Set(hosts.flatMap((host) => (host.inventory ? networksOf(host.inventory) : [])))];
  return networks.length === 1 ? networks : [];
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
  const bad = (cluster.validations ?? []).filter(({ status }) => status !== 'success').map(({ id }) => id);
  if (bad.some((id) => INPUTS.includes(id))) return ['pending-for-input', 'User input required'];
  return bad.length ? ['insufficient', 'Cluster is not ready for install'] : ['ready', 'Cluster ready to be installed'];
}

function whilePreparing(cluster: Cluster, hosts: Host[], at: number): Next {
  const failed = hosts.some(({ status }) => status === 'preparing-failed');
  if (at - cluster.statusUpdatedAt > PREPARATION_LIMIT && !failed)
    return ['ready', 'Preparing cluster for installation timeout'];
  if (cluster.prepared && hosts.every(({ status }) => status === 'preparing-successful'))
    return ['installing', 'Installation in progress'];
  if (hosts.some(({ status }) => status !== 'known' && !status.startsWith('preparing-')))
    return ['insufficient', 'At least one host has stopped preparing for installation'];
  return failed ? ['ready', 'Cluster failed to prepare for installation'] : null;
}

function whileInstalling(cluster: Cluster, hosts: Host[], at: number): Next {
  const installed = hosts.length === 1 && hosts[0]!.status === 'installed';
  const alive = hosts.length === 1 && ALIVE.test(hosts[0]!.status);
  const waiting = hosts.some(({ status }) => status === 'installing-pending-user-action');
  if (!alive && cluster.status !== 'finalizing') return ['error', 'cluster has hosts in error'];
  if (waiting && cluster.status !== 'installing-pending-user-action')
    return ['installing-pending-user-action', 'Cluster has hosts pending user action'];
  if (waiting) {
    if (at - cluster.installStartedAt <= INSTALLATION_LIMIT) return null;
    return [
      'error',
      'cluster installation timed out while pending user action (a manual booting from installation disk)',
    ];
  }
  if (cluster.status !== 'finalizing')
    return installed ? ['finalizing', 'Finalizing cluster installation'] : ['installing', 'Installation in progress'];
  if (at - cluster.statusUpdatedAt > FINALIZING_LIMIT)
    return ['error', 'Cluster installation timeout while finalizing'];
  const done = cluster.ingressCa && cluster.operators.every(({ status }) => status === 'available');
  return done ? ['installed', 'Cluster is installed'] : null;
}
