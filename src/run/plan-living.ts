/** What lives on machines now, and what became of the last run: from the service, the record here and the journals. */
import { inventoryOf } from '../assisted/inventory.ts';
import type { Cluster, Host } from '../assisted/types.ts';
import type { RunEvent } from '../core/events.ts';
import { macsOf } from '../inventory/network.ts';
import type { ClusterContext, HostContext } from '../stages/context.ts';
import { same } from '../stages/identifiers.ts';
import { readInstalled } from '../stages/installed-record.ts';
import type { LastWord, Living } from '../view/plan.ts';

/** The cluster of that name at the service, else the one that was installed from here. */
export async function livingOf(context: ClusterContext, held: Cluster[]): Promise<Living | null> {
  const there = held.find(({ name }) => name === context.spec.name);
  if (there) return living(there);
  const record = await readInstalled(context);
  if (!record) return null;
  const { at, openshiftVersion } = record;
  return { cluster: context.spec.name, status: 'installed from here', since: at, openshiftVersion };
}

/** The newest cluster of any name whose agent showed this machine's serial number or one of its MACs. */
export function livingOn({ spec }: HostContext, serial: string | null, held: Cluster[]): Living | null {
  const macs = macsOf(spec);
  const isThis = (record: Host): boolean => {
    const seen = inventoryOf(record);
    return same(serial, seen?.vendor.serial ?? null) || (seen?.interfaces ?? []).some(({ mac }) => macs.includes(mac));
  };
  const found = held.filter(({ hosts }) => hosts.some(isThis));
  const newest = found.sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''))[0];
  return newest ? living(newest) : null;
}

function living({ name, status, created_at, install_completed_at, openshift_version }: Cluster): Living {
  const completed = install_completed_at?.startsWith('0001') ? undefined : install_completed_at;
  return {
    cluster: name,
    status,
    since: completed ?? created_at ?? null,
    openshiftVersion: openshift_version ?? null,
  };
}

/** How the newest run that brought the cluster to an end did so. */
export function lastWordOf(cluster: string, runs: readonly RunEvent[][]): LastWord | null {
  for (const events of runs) {
    const end = events.findLast((event) => event.type === 'cluster.ended' && event.subject === cluster);
    if (end?.type === 'cluster.ended') return { at: end.at, outcome: end.outcome };
  }
  return null;
}
