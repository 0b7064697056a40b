/** Which disk is installed, and which others must not be formatted: from the real list that the agent sent. */
import { SnobootError } from '../core/errors.ts';
import type { InventoryDisk } from '../assisted/inventory.ts';
import type { HostSpec } from '../inventory/types.ts';

export interface DiskChoice {
  install: InventoryDisk;
  /** Ids of the other disks that the service would format. */
  skipFormatting: string[];
}

/** `formatted` are the ids of the disks that the service says it will format (`disks_to_be_formatted`). */
export function chooseDisk(spec: HostSpec, disks: InventoryDisk[], formatted: string[]): DiskChoice {
  const hints = spec.rootDeviceHints;
  const eligible = disks.filter((disk) => disk.eligible);
  const fitting = hints ? disks.filter((disk) => matches(disk, hints)) : eligible;
  const [install, second] = fitting;
  const list = disks.map(describe).join('; ') || 'none';
  if (!install)
    throw new SnobootError(
      'E-DISK-NONE',
      hints
        ? `no disk matches rootDeviceHints ${JSON.stringify(hints)}; the host has: ${list}`
        : `no disk can be installed on; the host has: ${list}`,
      hints ? 'correct rootDeviceHints of this host in the inventory' : 'give the host a disk that the service accepts',
    );
  if (second)
    throw new SnobootError(
      'E-DISK-AMBIGUOUS',
      `${fitting.length} disks could be installed on: ${fitting.map(describe).join('; ')}`,
      'name one of them by rootDeviceHints (wwn or serialNumber) in the inventory',
    );
  return { install, skipFormatting: formatted.filter((id) => id !== install.id) };
}

function matches(disk: InventoryDisk, hints: NonNullable<HostSpec['rootDeviceHints']>): boolean {
  const { deviceName, wwn, serialNumber } = hints;
  const names = [disk.path, disk.byId, disk.byPath, disk.id];
  return (
    (deviceName === undefined || names.includes(deviceName)) &&
    (wwn === undefined || disk.wwn.toLowerCase() === wwn.toLowerCase()) &&
    (serialNumber === undefined || disk.serial === serialNumber)
  );
}

function describe(disk: InventoryDisk): string {
  const why = disk.notEligible.length > 0 ? ` (${disk.notEligible.join(', ')})` : '';
  return `${disk.path || disk.name} ${Math.round(disk.sizeBytes / 1e9)} GB wwn ${disk.wwn || '-'} serial ${disk.serial || '-'}${why}`;
}
