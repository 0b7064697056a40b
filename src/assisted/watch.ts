/** One poll of the service for all clusters of a run; a cluster is read whole only when something in it moved. */
import type { Clock } from '../core/clock.ts';
import type { Assisted } from './client.ts';
import type { Cluster, Host } from './types.ts';

export interface ServiceWatch {
  /** The cluster as it was at most one interval ago; undefined when the service does not know it. */
  cluster(id: string): Promise<Cluster | undefined>;
  /** Makes the next call ask the service, e.g. after something was changed there. */
  refresh(): void;
}

/** Shorter intervals see nothing new: a status is stable for at least 8 s (assisted-service.md §7.2). */
export const POLL_MS = 5000;

export function createServiceWatch(assisted: Assisted, clock: Clock): ServiceWatch {
  let listed: { at: number; clusters: Promise<Cluster[]> } | undefined;
  const whole = new Map<string, { mark: string; cluster: Promise<Cluster> }>();
  const list = (): Promise<Cluster[]> => {
    if (!listed || clock.now() - listed.at >= POLL_MS) {
      const clusters = assisted.listClusters();
      const mine = { at: clock.now(), clusters };
      listed = mine;
      clusters.catch(() => (listed = listed === mine ? undefined : listed));
    }
    return listed.clusters;
  };
  return {
    refresh: () => {
      listed = undefined;
      whole.clear();
    },
    cluster: async (id) => {
      const brief = (await list()).find((cluster) => cluster.id === id);
      if (!brief) return undefined;
      const mark = markOf(brief);
      const known = whole.get(id);
      if (known?.mark === mark) return known.cluster;
      const cluster = assisted.getCluster(id);
      whole.set(id, { mark, cluster });
      cluster.catch(() => whole.delete(id));
      return cluster;
    },
  };
}

/** Changes whenever something that a stage looks at has changed. */
function markOf(cluster: Cluster): string {
  const { status, status_info, updated_at, progress, validations_info, machine_networks, hosts } = cluster;
  return JSON.stringify([
    status,
    status_info,
    updated_at,
    progress,
    validations_info,
    machine_networks,
    hosts.map(hostMark),
  ]);
}

function hostMark(host: Host): unknown {
  return [
    host.id,
    host.status,
    host.status_info,
    host.progress,
    host.updated_at,
    host.checked_in_at,
    host.validations_info,
    host.inventory,
  ];
}
