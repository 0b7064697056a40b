/** Install, cancel, reset and removal of a cluster (assisted-service.md §1.3, §2.2). */
import { disksToFormat } from './hardware.ts';
import { validationsInfo } from './host-view.ts';
import { clusterView, WRITTEN } from './cluster-view.ts';
import { notInstalled } from './clusters.ts';
import {
  addEvent,
  type Call,
  clusterOf,
  hostName,
  hostsOf,
  now,
  type Service,
  setCluster,
  setHost,
  subjectOf,
} from './service.ts';
import type { Host } from './host-state.ts';
import type { Cluster, ClusterStatus } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

/** POST install: 202 from `ready` only, else 409 with the sentence and the validations. */
export function install(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  if (cluster.status !== 'ready') {
    const info = validationsInfo(cluster.validations ?? []);
    throw new Refusal(409, `Cluster is not ready for installation, ${cluster.statusInfo} validation_info=${info}`);
  }
  cluster.installStartedAt = now(service);
  hostsOf(service, cluster).forEach((host) => prepareHost(service, host));
  effect(service, cluster, 'install');
  const subject = { clusterId: cluster.id };
  addEvent(service, subject, 'cluster_prepare_installation_started', 'Cluster starting to prepare for installation');
  setCluster(service, cluster, 'preparing-for-installation', 'Preparing cluster for installation');
  return { status: 202, json: clusterView(service, cluster, WRITTEN) };
}

/** The only master becomes the bootstrap host; failed image checks are forgotten, so that they are made anew. */
function prepareHost(service: Service, host: Host): void {
  host.bootstrap = true;
  host.images = Object.fromEntries(Object.entries(host.images).filter(([, image]) => image.result === 'success'));
  for (const id of disksToFormat(host)) {
    const disk = host.inventory?.disks.find((candidate) => candidate.id === id);
    const said = `${hostName(host)}: Performing quick format of disk ${disk?.name}(${id})`;
    addEvent(service, subjectOf(host), 'quick_disk_format_performed', said);
  }
}

function effect(service: Service, cluster: Cluster, name: string): void {
  service.lab.record({ kind: 'lab', to: 'service', effect: name, cluster: cluster.name });
}

const CANCELLED = 'Installation was cancelled by user';
const CANCELLABLE: readonly ClusterStatus[] = ['installing', 'installing-pending-user-action', 'error', 'finalizing'];

/** POST cancel: back to `ready` while it prepares, else `cancelled`; 409 where nothing installs. */
export function cancel(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  const preparing = cluster.status === 'preparing-for-installation';
  if (!preparing && !CANCELLABLE.includes(cluster.status)) throw noTransition(service, cluster, 'cancel');
  effect(service, cluster, 'cancel');
  addEvent(service, { clusterId: cluster.id }, 'cluster_installation_canceled', 'Canceled cluster installation');
  return halfOldAnswer(service, cluster, () => {
    setCluster(service, cluster, preparing ? 'ready' : 'cancelled', CANCELLED);
    for (const host of preparing ? [] : hostsOf(service, cluster)) {
      setHost(service, host, 'cancelled', CANCELLED);
      addEvent(
        service,
        subjectOf(host),
        'host_installation_cancelled',
        `Installation cancelled for host ${hostName(host)}`,
      );
    }
  });
}

const RESETTABLE: readonly ClusterStatus[] = [...CANCELLABLE, 'preparing-for-installation', 'cancelled'];

/** POST reset: the cluster starts anew, its hosts wait for another boot of the image. */
export function reset(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  if (!RESETTABLE.includes(cluster.status)) throw noTransition(service, cluster, 'reset');
  effect(service, cluster, 'reset');
  addEvent(service, { clusterId: cluster.id }, 'cluster_installation_reset', 'Reset cluster installation');
  const answer = halfOldAnswer(service, cluster, () => {
    setCluster(service, cluster, 'insufficient', 'cluster was reset by user');
    for (const host of hostsOf(service, cluster)) {
      const info = 'Host requires booting into the discovery image to complete resetting the installation';
      setHost(service, host, 'resetting-pending-user-action', info);
      addEvent(service, subjectOf(host), 'host_installation_reset', `Installation reset for host ${hostName(host)}`);
    }
  });
  Object.assign(cluster, notInstalled());
  return answer;
}

function noTransition(service: Service, cluster: Cluster, verb: 'cancel' | 'reset'): Refusal {
  const why = 'no condition found to run transition';
  const said =
    verb === 'cancel' ? `Failed to cancel installation: ${why}` : `Failed to reset installation. Error: ${why}`;
  addEvent(service, { clusterId: cluster.id }, `${verb}_installation_failed`, said, 'error');
  return new Refusal(409, why);
}

/** Cancel and reset answer with the new status beside the previous sentence, and without the time of the end. */
function halfOldAnswer(service: Service, cluster: Cluster, change: () => void): Answer {
  const shown = { ...WRITTEN, stages: true };
  const before = clusterView(service, cluster, shown);
  change();
  const json = clusterView(service, cluster, shown);
  Object.assign(json, { status_info: before['status_info'], install_completed_at: before['install_completed_at'] });
  (json['hosts'] as Record<string, unknown>[]).forEach((host, i) => {
    host['status_info'] = (before['hosts'] as Record<string, unknown>[])[i]!['status_info'];
  });
  return { status: 202, json };
}

const BUSY: readonly ClusterStatus[] = [
  'preparing-for-installation',
  'installing',
  'installing-pending-user-action',
  'finalizing',
];

/** DELETE takes the hosts along, not the infra-env. */
export function deleteCluster(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  if (BUSY.includes(cluster.status))
    throw new Refusal(
      409,
      `cluster ${cluster.id} can not be removed while being installed, wait for the installation to timeout or reset the installation`,
    );
  for (const host of hostsOf(service, cluster)) delete service.world.hosts[host.id];
  delete service.world.clusters[cluster.id];
  service.lab.record({ kind: 'lab', to: 'service', effect: 'delete-cluster', cluster: cluster.name });
  addEvent(service, { clusterId: cluster.id }, 'cluster_deregistered', 'Deregistered cluster');
  service.lab.changed();
  return { status: 204 };
}
