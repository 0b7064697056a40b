/** The running service as its parts see it, and the only functions that change a status: each change is an event and a line of history. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Lab } from '../context.ts';
import type { Json } from './fields.ts';
import type { Host, HostStatus } from './host-state.ts';
import type { Cluster, ClusterStatus, InfraEnv, ServiceEvent, ServiceWorld } from './state.ts';
import { Refusal } from './wire.ts';

export interface Service {
  lab: Lab;
  world: ServiceWorld;
  /** Where the service is reached now, without a slash at its end; all URLs that it hands out begin so. */
  baseUrl: string;
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

/** The hosts registered to the cluster. */
export function hostsOf(service: Service, cluster: Cluster): Host[] {
  return Object.values(service.world.hosts).filter((host) => host.clusterId === cluster.id);
}

/** The cluster of the path. Throws Refusal 404. */
export function clusterOf({ service, params }: Call, prefix = true): Cluster {
  const id = params['cluster_id'] ?? '';
  const found = service.world.clusters[id];
  if (!found) throw new Refusal(404, prefix ? `Failed to get cluster ${id}: record not found` : 'record not found');
  return found;
}

/** The infra-env of the path. Throws Refusal 404. */
export function infraEnvOf({ service, params }: Call): InfraEnv {
  const found = service.world.infraEnvs[params['infra_env_id'] ?? ''];
  if (!found) throw new Refusal(404, 'record not found');
  return found;
}

/** The host of the path. Throws Refusal 404. */
export function hostOf({ service, params }: Call): Host {
  const { infra_env_id: infraEnv = '', host_id: id = '' } = params;
  const found = service.world.hosts[id];
  if (found?.infraEnvId !== infraEnv)
    throw new Refusal(404, `failed to get host ${id} in infra_env ${infraEnv}: record not found`);
  return found;
}

/** The name that was asked for, else the one that the host reports, else its id. */
export function hostName(host: Host): string {
  return host.requestedHostname || host.inventory?.hostname || host.id;
}

type EventSubject = Partial<Pick<ServiceEvent, 'clusterId' | 'hostId' | 'infraEnvId'>>;

/** Writes an event of the service, which GET events shows. */
export function addEvent(
  service: Service,
  subject: EventSubject,
  name: string,
  message: string,
  severity: ServiceEvent['severity'] = 'info',
): void {
  const ids = { clusterId: '', hostId: '', infraEnvId: '', ...subject };
  service.world.events.push({ at: now(service), name, severity, message, ...ids });
}

/** The ids that an event about a host carries. */
export function subjectOf(host: Host): EventSubject {
  return { clusterId: host.clusterId, hostId: host.id, infraEnvId: host.infraEnvId };
}

/** Marks the cluster for the monitors and the world for saving. */
export function touch(service: Service, cluster: Cluster | undefined): void {
  if (cluster) cluster.triggeredAt = now(service);
  service.lab.changed();
}

const ENDS: readonly ClusterStatus[] = ['installed', 'error', 'cancelled'];

/** `status_info` may change alone; only a new status is stamped, recorded and told by an event. */
export function setCluster(service: Service, cluster: Cluster, status: ClusterStatus, info: string): void {
  const at = now(service);
  const entered = cluster.status !== status;
  if (!entered && cluster.statusInfo === info) return;
  Object.assign(cluster, { status, statusInfo: info, updatedAt: at, triggeredAt: at });
  service.lab.changed();
  if (!entered) return;
  cluster.statusUpdatedAt = at;
  if (ENDS.includes(status)) cluster.installCompletedAt = at;
  service.lab.record({ kind: 'status', to: 'service', cluster: cluster.name, status, statusInfo: info });
  const subject = { clusterId: cluster.id };
  addEvent(service, subject, 'cluster_status_updated', `Updated status of the cluster to ${status}`);
  if (status === 'installed')
    addEvent(service, subject, 'cluster_installation_completed', 'Successfully completed installing cluster');
  if (status === 'error')
    addEvent(service, subject, 'cluster_installation_failed', `Failed installing cluster. Reason: ${info}`, 'critical');
}

const SEVERITIES: Partial<Record<HostStatus, ServiceEvent['severity']>> = {
  insufficient: 'warning',
  disconnected: 'warning',
  'installing-pending-user-action': 'warning',
  'preparing-failed': 'warning',
  error: 'error',
};

/** As `setCluster`, for a host. */
export function setHost(service: Service, host: Host, status: HostStatus, info: string): void {
  const at = now(service);
  const before = host.status;
  if (before === status && host.statusInfo === info) return;
  Object.assign(host, { status, statusInfo: info, updatedAt: at });
  const cluster = service.world.clusters[host.clusterId];
  touch(service, cluster);
  if (before === status) return;
  host.statusUpdatedAt = at;
  service.lab.record({
    kind: 'status',
    to: 'service',
    cluster: cluster?.name,
    host: host.id,
    status,
    statusInfo: info,
  });
  const text = `Host ${hostName(host)}: updated status from ${before} to ${status} (${info})`;
  addEvent(service, subjectOf(host), 'host_status_updated', text, SEVERITIES[status]);
}
