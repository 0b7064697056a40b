/** What is known of a machine's disks and NICs since an agent ran on it: from the service, else from journals of earlier runs. */
import { inventoryOf, type HostInventory } from '../assisted/inventory.ts';
import type { Cluster, Host } from '../assisted/types.ts';
import type { DiskRecord, RunEvent } from '../core/events.ts';
import { macsOf } from '../inventory/network.ts';
import type { HostSpec, Inventory } from '../inventory/types.ts';
import { fitting } from '../stages/disk-choice.ts';
import type { Discovered, ProbedHost } from '../view/probe-text.ts';
import { inventoryName } from './folders.ts';
import { earlierRuns } from './last-run.ts';

export interface Known {
  clusters: Cluster[];
  /** Newest first. */
  runs: RunEvent[][];
}

export function knownOf(written: Inventory, clusters: Cluster[]): Known {
  return { clusters, runs: earlierRuns(written.home, inventoryName(written)) };
}

export function discoveredBy(
  { clusters, runs }: Known,
  { cluster, host, machine }: Omit<ProbedHost, 'discovered'>,
  spec: HostSpec,
): Discovered | null {
  const records = clusters.filter(({ name }) => name === cluster).flatMap(({ hosts }) => hosts);
  const own = records.find((record) => isOf(record, spec, machine)) ?? (records.length === 1 ? records[0] : undefined);
  const inventory = own && inventoryOf(own);
  return inventory ? fromAgent(inventory, spec) : fromJournal(runs, `${cluster}/${host}`);
}

/** By a serial number or a MAC address that both show. */
function isOf(record: Host, spec: HostSpec, machine: ProbedHost['machine']): boolean {
  const seen = inventoryOf(record);
  const macs = [...macsOf(spec), ...(machine?.macs ?? [])];
  if (seen?.interfaces.some(({ mac }) => macs.includes(mac))) return true;
  const serial = seen?.vendor.serial.toLowerCase() ?? '';
  return serial !== '' && [machine?.serial, spec.identity.serial].some((one) => one?.toLowerCase() === serial);
}

function fromAgent({ disks, interfaces }: HostInventory, spec: HostSpec): Discovered {
  const chosen = fitting(spec, disks);
  const shown = disks.filter(({ isRemovable }) => !isRemovable);
  return {
    by: 'service',
    disks: shown.map((disk) => {
      const { id, path, name, sizeBytes, model, serial, wwn, notEligible } = disk;
      return { id, path: path || name, sizeBytes, model, serial, wwn, notEligible, isChosen: chosen.includes(disk) };
    }),
    nics: interfaces.map(({ name, mac, addresses }) => ({ name, mac, addresses })),
  };
}

/** The newest word on its disks; NICs are not in it. */
function fromJournal(runs: RunEvent[][], subject: string): Discovered | null {
  for (const events of runs) {
    const event = events.findLast((one) => one.type === 'disks' && one.subject === subject);
    if (event?.type !== 'disks') continue;
    const disk = (record: DiskRecord, isChosen: boolean) => ({ ...record, model: '', notEligible: [], isChosen });
    const others = [...event.kept, ...event.erased].map((record) => disk(record, false));
    return { by: 'journal', disks: [disk(event.install, true), ...others], nics: [] };
  }
  return null;
}
