/** The service's own loops: what moves hosts (8 s) and clusters (10 s) on, with their scan windows (assisted-service.md §2.1). */
import { refreshCluster } from './cluster-rules.ts';
import { nextHostStatus } from './host-rules.ts';
import { hostsOf, now, type Service, setHost } from './service.ts';
import type { Host } from './host-state.ts';
import type { Cluster } from './state.ts';
import { hostValidations } from './validations.ts';

const CLUSTER_INTERVAL = 10_000;
const HOST_INTERVAL = 8_000;
const MINUTE = 60_000;
/** The lab's own choice: a new cluster keeps its first status this long, so that who made it can read it also at factor 60. */
const FIRST_LOOK = 2_000;

/** Computes the host's validations anew and moves it by its rules. */
function refreshHost(service: Service, host: Host): void {
  const cluster = service.world.clusters[host.clusterId];
  if (!cluster) return;
  const at = now(service);
  host.validations = hostValidations({ cluster, host, now: at });
  const next = nextHostStatus({ cluster, host, validations: host.validations, now: at });
  if (next) setHost(service, host, ...next);
}

/** What a request does that changed data: hosts first, then the cluster. */
export function refreshAll(service: Service, cluster: Cluster): void {
  for (const host of hostsOf(service, cluster)) refreshHost(service, host);
  refreshCluster(service, cluster);
}

/** Both loops, until the lab goes down. */
export async function runMonitors(service: Service): Promise<void> {
  const tickHost = (cluster: Cluster): void => hostsOf(service, cluster).forEach((host) => refreshHost(service, host));
  const tickCluster = (cluster: Cluster): void => refreshCluster(service, cluster);
  await Promise.all([loop(service, HOST_INTERVAL, tickHost), loop(service, CLUSTER_INTERVAL, tickCluster)]);
}

async function loop(service: Service, interval: number, tick: (cluster: Cluster) => void): Promise<void> {
  const { clock, signal } = service.lab;
  for (let previous = now(service); !signal.aborted;) {
    await clock.sleep(interval, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (signal.aborted) return;
    dueClusters(service, previous).forEach(tick);
    previous = now(service);
  }
}

/** Clusters that something happened to in the last 5 minutes; 15 in a new minute's first tick, all in that of a 5-minute block. */
function dueClusters(service: Service, previous: number): Cluster[] {
  const at = now(service);
  const isNew = (block: number): boolean => Math.floor(at / block) !== Math.floor(previous / block);
  const reach = isNew(5 * MINUTE) ? Infinity : isNew(MINUTE) ? 15 * MINUTE : 5 * MINUTE;
  const isRead = (cluster: Cluster): boolean =>
    at - cluster.createdAt >= FIRST_LOOK && at - cluster.triggeredAt <= reach;
  return Object.values(service.world.clusters).filter(isRead);
}
