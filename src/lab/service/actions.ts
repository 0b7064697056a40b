/** Install, cancel and reset of a cluster (assisted-service.md §1.3, §2.2). */
import { disksToFormat } from './hardware.ts';
import type { Host } from './host-state.ts';
import {
  addEvent,
  type Call,
  clusterOf,
  hostName,
  hostsOf,
  now,
  recordEffect,
  type Service,
  setCluster,
  setHost,
} from './service.ts';
import { STAGES } from './stages.ts';
import { notInstalled } from './state.ts';
import { clusterView } from './views.ts';
import { type Answer, type Json, Refusal } from './wire.ts';

/** POST install: 202 from `ready` only, else 409 with the sentence and the validations. */
export function install(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  if (cluster.status !== 'ready') {
    const info = JSON.stringify(cluster.validations_info ?? {});
    throw new Refusal(409, `Cluster is not ready for installation, ${cluster.status_info} validation_info=${info}`);
  }
  cluster.install_started_at = now(service);
  hostsOf(service, cluster).forEach((host) => prepareHost(service, host));
  recordEffect(service, 'install', { cluster: cluster.name });
  addEvent(service, cluster, 'cluster_prepare_installation_started', 'Cluster starting to prepare for installation');
  setCluster(service, cluster, 'preparing-for-installation', 'Preparing cluster for installation');
  return { status: 202, json: clusterView(service, cluster, 'written') };
}

/** The only master becomes the bootstrap host; failed image checks are forgotten, so that they are made anew. */
function prepareHost(service: Service, host: Host): void {
  host.bootstrap = true;
  const images = Object.entries(host.images_status);
  host.images_status = Object.fromEntries(images.filter(([, image]) => image.result === 'success'));
  for (const id of disksToFormat(host)) {
    const name = host.inventory?.disks.find((disk) => disk.id === id)?.name;
    const said = `${hostName(host)}: Performing quick format of disk ${name}(${id})`;
    addEvent(service, host, 'quick_disk_format_performed', said);
  }
}

const CANCELLED = 'Installation was cancelled by user';
const CANCELLABLE = /^(installing.*|error|finalizing|preparing-for-installation)$/;

/** POST cancel: back to `ready` while it prepares, else `cancelled`; 409 where nothing installs. */
export function cancel(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  const preparing = cluster.status === 'preparing-for-installation';
  if (!CANCELLABLE.test(cluster.status))
    throw noTransition(call, 'cancel_installation_failed', 'Failed to cancel installation');
  recordEffect(service, 'cancel', { cluster: cluster.name });
  addEvent(service, cluster, 'cluster_installation_canceled', 'Canceled cluster installation');
  return halfOldAnswer(call, 'host_installation_cancelled', 'Installation cancelled', (hosts) => {
    setCluster(service, cluster, preparing ? 'ready' : 'cancelled', CANCELLED);
    if (!preparing) hosts.forEach((host) => setHost(service, host, 'cancelled', CANCELLED));
  });
}

/** POST reset: the cluster starts anew, its hosts wait for another boot of the image. */
export function reset(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  if (!CANCELLABLE.test(cluster.status) && cluster.status !== 'cancelled')
    throw noTransition(call, 'reset_installation_failed', 'Failed to reset installation. Error');
  recordEffect(service, 'reset', { cluster: cluster.name });
  addEvent(service, cluster, 'cluster_installation_reset', 'Reset cluster installation');
  return halfOldAnswer(call, 'host_installation_reset', 'Installation reset', (hosts) => {
    setCluster(service, cluster, 'insufficient', 'cluster was reset by user');
    Object.assign(cluster, notInstalled());
    const info = 'Host requires booting into the discovery image to complete resetting the installation';
    hosts.forEach((host) => setHost(service, host, 'resetting-pending-user-action', info));
  });
}

function noTransition(call: Call, event: string, said: string): Refusal {
  const why = 'no condition found to run transition';
  addEvent(call.service, clusterOf(call), event, `${said}: ${why}`, 'error');
  return new Refusal(409, why);
}

/** Cancel and reset answer with what was before, but for the new statuses; each host has an event of its own. */
function halfOldAnswer(call: Call, event: string, said: string, change: (hosts: Host[]) => void): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  const hosts = hostsOf(service, cluster);
  const before = clusterView(service, cluster, 'written');
  change(hosts);
  for (const host of hosts) addEvent(service, host, event, `${said} for host ${hostName(host)}`);
  const views = (before['hosts'] as Json[]).map((view, i) => ({
    ...view,
    status: hosts[i]!.status,
    progress_stages: STAGES,
  }));
  return { status: 202, json: { ...before, hosts: views, status: cluster.status } };
}
