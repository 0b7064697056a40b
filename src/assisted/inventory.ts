/** What an agent saw of its machine: the `inventory` field of a host (assisted-service.md §3.5). */
import { type Json, objects, parseField, textOr } from './json.ts';
import type { Host } from './types.ts';

/** Text that the agent did not send is ''. */
export interface HostInventory {
  hostname: string;
  interfaces: InventoryInterface[];
  disks: InventoryDisk[];
  vendor: { manufacturer: string; product: string; serial: string };
}

export interface InventoryInterface {
  name: string;
  /** Lower case. */
  mac: string;
  /** Addresses with prefix length, of both families. */
  addresses: string[];
}

export interface InventoryDisk {
  /** What the service selects a disk by: a by-id path where there is one. */
  id: string;
  name: string;
  path: string;
  byId: string;
  byPath: string;
  wwn: string;
  serial: string;
  model: string;
  vendor: string;
  /** SCSI address, `0:0:0:0`. */
  hctl: string;
  /** HDD, SSD, ODD, Multipath, … (§3.5). */
  driveType: string;
  sizeBytes: number;
  /** The medium from which the agent runs, and what else can be taken out. */
  isRemovable: boolean;
  eligible: boolean;
  /** Why not, in the service's own sentences. */
  notEligible: string[];
}

/** The host's inventory; null before the agent has sent one. */
export function inventoryOf(host: Host): HostInventory | null {
  const raw = parseField(host.inventory);
  if (Object.keys(raw).length === 0) return null;
  const vendor = objects([raw['system_vendor']])[0] ?? {};
  return {
    hostname: textOr(raw['hostname'], ''),
    interfaces: objects(raw['interfaces']).map(interfaceOf),
    disks: objects(raw['disks']).map(diskOf),
    vendor: {
      manufacturer: textOr(vendor['manufacturer'], ''),
      product: textOr(vendor['product_name'], ''),
      serial: textOr(vendor['serial_number'], ''),
    },
  };
}

/** The parts of a comma list such as `disks_to_be_formatted`; [] for absent. */
export function listed(text: string | undefined): string[] {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

function interfaceOf(raw: Json): InventoryInterface {
  return {
    name: textOr(raw['name'], ''),
    mac: textOr(raw['mac_address'], '').toLowerCase(),
    addresses: [...texts(raw['ipv4_addresses']), ...texts(raw['ipv6_addresses'])],
  };
}

function diskOf(raw: Json): InventoryDisk {
  const text = (name: string): string => textOr(raw[name], '');
  const eligibility = objects([raw['installation_eligibility']])[0] ?? {};
  const size = raw['size_bytes'];
  return {
    id: text('id'),
    name: text('name'),
    path: text('path'),
    byId: text('by_id'),
    byPath: text('by_path'),
    wwn: text('wwn'),
    serial: text('serial'),
    model: text('model'),
    vendor: text('vendor'),
    hctl: text('hctl'),
    driveType: text('drive_type'),
    isRemovable: raw['removable'] === true || raw['is_installation_media'] === true,
    sizeBytes: typeof size === 'number' ? size : 0,
    eligible: eligibility['eligible'] === true,
    notEligible: texts(eligibility['not_eligible_reasons']),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
