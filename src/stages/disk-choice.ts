/** Which disk is installed, and what becomes of the others: from the real list that the agent sent. */
import { SnobootError } from '../core/errors.ts';
import type { DiskRecord } from '../core/event-shapes.ts';
import { inventoryOf, type InventoryDisk, listed } from '../assisted/inventory.ts';
import type { Host } from '../assisted/types.ts';
import type { HostSpec } from '../inventory/types.ts';
import { fits } from './disk-hints.ts';

export interface DiskChoice {
  install: InventoryDisk;
  /** The other disks that the service would format. */
  formatted: InventoryDisk[];
  /** The rest, without what can be taken out. */
  left: InventoryDisk[];
}

/**
 * `formatted` are the ids of the disks that the service says it will format (`disks_to_be_formatted`); those on its skip
 * list may be among them. Throws E-DISK-NONE or E-DISK-AMBIGUOUS, with the list.
 */
export function chooseDisk(spec: HostSpec, disks: InventoryDisk[], formatted: string[]): DiskChoice {
  const install = onlyOne(spec, disks);
  const others = disks.filter(({ id }) => id !== install.id);
  const known = new Set(disks.map(({ id }) => id));
  return {
    install,
    formatted: [
      ...others.filter(({ id }) => formatted.includes(id)),
      ...formatted.filter((id) => !known.has(id)).map(nameless),
    ],
    left: others.filter(({ id, isRemovable }) => !isRemovable && !formatted.includes(id)),
  };
}

/** What the rule of the inventory makes of the host's disks as the service has them now. */
export function choiceFor(spec: HostSpec, record: Host): DiskChoice {
  return chooseDisk(spec, inventoryOf(record)?.disks ?? [], listed(record.disks_to_be_formatted));
}

/** The disks that the rule of the inventory allows: its hints, else whatever the service would install on. */
export function fitting(
  { rootDeviceHints }: Pick<HostSpec, 'rootDeviceHints'>,
  disks: InventoryDisk[],
): InventoryDisk[] {
  if (!rootDeviceHints) return disks.filter(({ eligible }) => eligible);
  return disks.filter((disk) => !disk.isRemovable && fits(disk, rootDeviceHints));
}

function onlyOne(spec: HostSpec, disks: InventoryDisk[]): InventoryDisk {
  const hints = spec.rootDeviceHints;
  const found = fitting(spec, disks);
  const [install, second] = found;
  const list = disks.map(describe).join('; ') || 'none';
  if (second)
    throw new SnobootError(
      'E-DISK-AMBIGUOUS',
      `${found.length} disks could be installed on: ${found.map(describe).join('; ')}`,
      'name one of them by rootDeviceHints (wwn or serialNumber) in the inventory',
    );
  if (!install)
    throw new SnobootError(
      'E-DISK-NONE',
      hints
        ? `no disk matches rootDeviceHints ${JSON.stringify(hints)}; the host has: ${list}`
        : `no disk can be installed on; the host has: ${list}`,
      hints ? 'correct rootDeviceHints of this host in the inventory' : 'give the host a disk that the service accepts',
    );
  if (install.eligible) return install;
  throw new SnobootError(
    'E-DISK-NONE',
    `the disk that rootDeviceHints mean cannot be installed on; the host has: ${list}`,
    'let rootDeviceHints of this host name another disk, or remove what the service names',
  );
}

export function recordOf({ id, path, name, sizeBytes, serial, wwn }: InventoryDisk): DiskRecord {
  return { id, path: path || name, sizeBytes, serial, wwn };
}

/** What the service names and the agent did not. */
function nameless(id: string): InventoryDisk {
  const unknown = { byId: '', byPath: '', wwn: '', serial: '', model: '', vendor: '', hctl: '', driveType: '' };
  return { id, name: id, path: '', ...unknown, sizeBytes: 0, isRemovable: false, eligible: false, notEligible: [] };
}

export function describe(disk: InventoryDisk): string {
  const why = disk.notEligible.length > 0 ? ` (${disk.notEligible.join(', ')})` : '';
  return `${disk.path || disk.name} ${Math.round(disk.sizeBytes / 1e9)} GB wwn ${disk.wwn || '-'} serial ${disk.serial || '-'}${why}`;
}
