/** The running service as its parts see it, and the only functions that change a status: each change is an event and a line of history. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Lab } from '../context.ts';
import type { Host, HostStatus } from './host-state.ts';
import type { Cluster, ClusterStatus, InfraEnv, ServiceEvent, ServiceWorld } from './state.ts';
import { type Json, Refusal } from './wire.ts';

export interface Service {
  lab: Lab;
  world: ServiceWorld;
  /** Where the service is reached now, without a slash at its end; all URLs that it hands out begin so. */
  baseUrl: string;
  /** Lab time since which it is down; null while it is up. */
  downSince: number | null;
}

/** One request, taken apart. `json` is the checked body, empty where the route has none. */
export interface Call {
  service: Service;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  json: Json;
}

export const now = (service: Service): number => service.lab.clock.now();

/** A text of the body, '' where it has none. */
export const textIn = (json: Json, name: string): string => (typeof json[name] === 'string' ? json[name] : '');

/** The hosts registered to the cluster. */
export function hostsOf(service: Service, cluster: Cluster): Host[] {
  return Object.values(service.world.hosts).filter((host) => host.cluster_id === cluster.id);
}

/** The cluster of the path, or of `id`. Throws Refusal 404. */
export function clusterOf({ service, params }: Call, id = params['cluster_id'] ?? ''): Cluster {
  const found = service.world.clusters[id];
  if (!found) throw new Refusal(404, `Failed to get cluster ${id}: record not found`);
  return found;
}

/** The infra-env of the path. Throws Refusal 404. */
export function infraEnvOf({ service, params }: Call): InfraEnv {
  const found = service.world.infraEnvs[params['infra_env_id'] ?? ''];
  if (!found) throw new Refusal(404, 'record not found');
  return found;
}

/** The host of the path. Throws Refusal, 404 unless told otherwise. */
export function hostOf({ service, params }: Call, missing = 404): Host {
  const { infra_env_id: infraEnv = '', host_id: id = '' } = params;
  const found = service.world.hosts[id];
  if (found?.infra_env_id !== infraEnv)
    throw new Refusal(missing, `failed to get host ${id} in infra_env ${infraEnv}: record not found`);
  return found;
}

/** The name that was asked for, else the one that the host reports, else its id. */
export function hostName(host: Host): string {
  return host.requested_hostname || host.inventory?.hostname || host.id;
}

/** Writes an event of the service, which GET events shows. */
export function addEvent(
  service: Service,
  about: Cluster | Host | InfraEnv,
  name: string,
  message: string,
  severity: ServiceEvent['severity'] = 'info',
): void {
  service.world.events.push({
    cluster_id: about.kind === 'Cluster' ? about.id : about.cluster_id,
    host_id: about.kind === 'Host' ? about.id : '',
    infra_env_id: about.kind === 'Host' ? about.infra_env_id : about.kind === 'InfraEnv' ? about.id : '',
    event_time: now(service),
    name,
    severity,
    message,
  });
}

/** Marks the cluster, or the host's cluster, for the monitors and the world for saving. */
export function touch(service: Service, item: Cluster | Host): void {
  const cluster = item.kind === 'Cluster' ? item : service.world.clusters[item.cluster_id];
  if (cluster) cluster.triggeredAt = now(service);
  service.lab.changed();
}

/** Writes a line of history about what somebody made the service do. */
export function recordEffect(service: Service, effect: string, about: Record<string, unknown>): void {
  service.lab.record({ kind: 'lab', to: 'service', effect, ...about });
  service.lab.changed();
}

/** `status_info` may change alone; only a new status is stamped, recorded and told by an event. True for a new one. */
function enter(service: Service, item: Cluster | Host, status: string, info: string): boolean {
  const at = now(service);
  const isNew = item.status !== status;
  if (!isNew && item.status_info === info) return false;
  Object.assign(item, { status, status_info: info, updated_at: at });
  touch(service, item);
  if (!isNew) return false;
  item.status_updated_at = at;
  recordStatus(service, item);
  return true;
}

/** Writes the status as it is into the history. */
export function recordStatus(service: Service, item: Cluster | Host): void {
  const host = item.kind === 'Host' ? { host: item.id } : {};
  const cluster = item.kind === 'Host' ? service.world.clusters[item.cluster_id] : item;
  const { status, status_info: statusInfo } = item;
  service.lab.record({ kind: 'status', to: 'service', cluster: cluster?.name, ...host, status, statusInfo });
}

const ENDS: readonly ClusterStatus[] = ['installed', 'error', 'cancelled'];

/** Moves the cluster. */
export function setCluster(service: Service, cluster: Cluster, status: ClusterStatus, info: string): void {
  if (!enter(service, cluster, status, info)) return;
  if (ENDS.includes(status)) cluster.install_completed_at = now(service);
  addEvent(service, cluster, 'cluster_status_updated', `Updated status of the cluster to ${status}`);
  if (status === 'installed')
    addEvent(service, cluster, 'cluster_installation_completed', 'Successfully completed installing cluster');
  if (status === 'error')
    addEvent(service, cluster, 'cluster_installation_failed', `Failed installing cluster. Reason: ${info}`, 'critical');
}

const WARNINGS: readonly HostStatus[] = [
  'insufficient',
  'disconnected',
  'installing-pending-user-action',
  'preparing-failed',
];

/** Moves the host. */
export function setHost(service: Service, host: Host, status: HostStatus, info: string): void {
  const before = host.status;
  if (!enter(service, host, status, info)) return;
  const severity = status === 'error' ? 'error' : WARNINGS.includes(status) ? 'warning' : 'info';
  const text = `Host ${hostName(host)}: updated status from ${before} to ${status} (${info})`;
  addEvent(service, host, 'host_status_updated', text, severity);
}
