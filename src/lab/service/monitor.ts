/** The service's own loops: what moves hosts (8 s) and clusters (10 s) on, with their scan windows (assisted-service.md §2.1). */
import { refreshCluster } from './cluster-rules.ts';
import { nextHostStatus } from './host-rules.ts';
import type { Host } from './host-state.ts';
import { forget, isAlive } from './outage.ts';
import { hostsOf, now, type Service, setHost } from './service.ts';
import type { Cluster } from './state.ts';
import { hostValidations } from './validations.ts';

const CLUSTER_INTERVAL = 10_000;
const HOST_INTERVAL = 8_000;
const MINUTE = 60_000;
/**
 * The soonest that a new cluster left its first status in the recordings with these intervals (§7.1: after 5.1 and 10.1 s).
 * The real service may be quicker; here, at factor 60, who made the cluster could hardly read that status then.
 */
const FIRST_LOOK = 5_000;

function refreshHost(service: Service, cluster: Cluster, host: Host): void {
  const seen = { cluster, host, now: now(service) };
  const validations = hostValidations(seen);
  host.validations_info = validations;
  const next = nextHostStatus({ ...seen, validations });
  if (next) setHost(service, host, ...next);
}

const refreshHosts = (service: Service, cluster: Cluster): void =>
  hostsOf(service, cluster).forEach((host) => refreshHost(service, cluster, host));

/** What a request does that changed data: hosts first, then the cluster. */
export function refreshAll(service: Service, cluster: Cluster): void {
  refreshHosts(service, cluster);
  refreshCluster(service, cluster);
}

/** The loops, until the lab goes down; what is to be forgotten from the start is gone when this returns. */
export async function runMonitors(service: Service): Promise<void> {
  const forgetSome = (): void => Object.values(service.world.clusters).forEach((cluster) => forget(service, cluster));
  forgetSome();
  await Promise.all([
    loop(service, HOST_INTERVAL, (previous) => refreshDue(service, previous, refreshHosts)),
    loop(service, CLUSTER_INTERVAL, (previous) => {
      forgetSome();
      refreshDue(service, previous, refreshCluster);
    }),
  ]);
}

/** While the service is down no tick comes, and the first one after it has that whole time behind it. */
async function loop(service: Service, interval: number, tick: (previous: number) => void): Promise<void> {
  const { clock, signal } = service.lab;
  const sleep = (): Promise<boolean> =>
    clock.sleep(interval, signal).then(
      () => true,
      () => false,
    );
  for (let previous = now(service); await sleep();) {
    if (!isAlive(service)) continue;
    tick(previous);
    previous = now(service);
  }
}

function refreshDue(service: Service, previous: number, refresh: typeof refreshCluster): void {
  for (const cluster of dueClusters(service, previous)) refresh(service, cluster);
}

/** Clusters that something happened to in the last 5 minutes; 15 in a new minute's first tick, all in that of a 5-minute block. */
function dueClusters(service: Service, previous: number): Cluster[] {
  const at = now(service);
  const isNew = (block: number): boolean => Math.floor(at / block) !== Math.floor(previous / block);
  const reach = isNew(5 * MINUTE) ? Infinity : isNew(MINUTE) ? 15 * MINUTE : 5 * MINUTE;
  return Object.values(service.world.clusters).filter(
    (cluster) => at - cluster.created_at >= FIRST_LOOK && at - cluster.triggeredAt <= reach,
  );
}
