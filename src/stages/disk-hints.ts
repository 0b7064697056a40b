/** rootDeviceHints of install-config, held against a disk as Metal3 and Ironic do: all that are given must fit. */
import type { InventoryDisk } from '../assisted/inventory.ts';
import type { RootDeviceHints } from '../inventory/types.ts';

const GIB = 2 ** 30;

/** `0x` and the 16 hex digits that are the World Wide Name; what follows is the vendor's extension. */
const WWN_LENGTH = 18;

type Rules = {
  [Hint in keyof RootDeviceHints]-?: (disk: InventoryDisk, hint: NonNullable<RootDeviceHints[Hint]>) => boolean;
};

/** The agent sends one name for a disk, with the extension where there is one. */
const RULES: Rules = {
  deviceName: (disk, name) => [disk.path, disk.byId, disk.byPath, disk.id].includes(name),
  hctl: (disk, address) => disk.hctl === address,
  model: (disk, part) => contains(disk.model, part),
  vendor: (disk, part) => contains(disk.vendor, part),
  serialNumber: (disk, serial) => disk.serial === serial,
  minSizeGigabytes: (disk, least) => Math.floor(disk.sizeBytes / GIB) >= least,
  wwn: (disk, wwn) => [disk.wwn, wwnOf(disk)].some((name) => same(name, wwn)),
  wwnWithExtension: (disk, whole) => same(disk.wwn, whole),
  wwnVendorExtension: (disk, extension) => same(extensionOf(disk), extension),
  rotational: (disk, turns) => (disk.driveType === 'HDD') === turns,
};

export function fits(disk: InventoryDisk, hints: RootDeviceHints): boolean {
  return Object.entries(hints).every(([name, hint]) => {
    const rule = RULES[name as keyof RootDeviceHints] as (disk: InventoryDisk, hint: unknown) => boolean;
    return hint === undefined || rule(disk, hint);
  });
}

const wwnOf = ({ wwn }: InventoryDisk): string => wwn.slice(0, WWN_LENGTH);
const extensionOf = ({ wwn }: InventoryDisk): string => (wwn.length > WWN_LENGTH ? `0x${wwn.slice(WWN_LENGTH)}` : '');

function same(seen: string, hint: string): boolean {
  return seen !== '' && seen.toLowerCase() === hint.toLowerCase();
}

/** Ironic compares texts without regard to case. */
function contains(seen: string, part: string): boolean {
  return seen.toLowerCase().includes(part.toLowerCase());
}
