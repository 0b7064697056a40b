/** Networks and disks of an inventory: what the service concludes from them (assisted-service.md §2.6, §3.5). */
import { NEEDED } from './catalogue.ts';
import type { Host, Inventory, InventoryDisk } from './host-state.ts';

/** `10.1.2.3/24` → `10.1.2.0/24`. */
function networkOf(address: string): string {
  const [ip = '', prefix = '32'] = address.split('/');
  const number = ip.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
  const mask = prefix === '0' ? 0 : -1 << (32 - Number(prefix));
  return `${[24, 16, 8, 0].map((shift) => ((number & mask) >>> shift) & 255).join('.')}/${prefix}`;
}

/** The host's IPv4 addresses, `ip/prefix`; none before it sent its inventory. */
export function addressesOf(host: Host): string[] {
  return host.inventory?.interfaces.flatMap((nic) => nic.ipv4_addresses ?? []) ?? [];
}

/** The distinct IPv4 networks of the host. */
export function networksOf(host: Host): string[] {
  return [...new Set(addressesOf(host).map(networkOf))];
}

/** The host's address in the network, without prefix; undefined when it has none there. */
export function addressIn(host: Host, network: string): string | undefined {
  const prefix = network.split('/')[1] ?? '32';
  const plain = addressesOf(host).map((address) => address.split('/')[0]!);
  return plain.find((ip) => networkOf(`${ip}/${prefix}`) === networkOf(network));
}

const TYPES = ['HDD', 'SSD', 'Multipath', 'RAID', 'iSCSI', 'FC'];

/** The disk with the service's own verdict in it: reasons only when it is not eligible. */
export function judged(disk: InventoryDisk): InventoryDisk {
  const reasons = new Set(disk.installation_eligibility?.not_eligible_reasons ?? []);
  const size = Math.round(disk.size_bytes / 1e8) / 10;
  if (disk.size_bytes < NEEDED.diskGB * 1e9)
    reasons.add(`Disk is too small (disk only has ${size} GB, but ${NEEDED.diskGB} GB are required)`);
  if (disk.drive_type && !TYPES.includes(disk.drive_type))
    reasons.add(`Drive type is ${disk.drive_type}, it must be one of ${TYPES.join(', ')}.`);
  if (disk.removable) reasons.add('Disk is removable');
  const eligible = { eligible: true, not_eligible_reasons: null };
  return { ...disk, installation_eligibility: reasons.size ? { not_eligible_reasons: [...reasons] } : eligible };
}

/** The eligible disks, the preferred one first: bootable, not NVMe, HDD, smaller, lower HCTL. */
export function eligibleDisks(inventory: Inventory): InventoryDisk[] {
  const rank = (disk: InventoryDisk): (number | string)[] => [
    disk.bootable ? 0 : 1,
    disk.name.startsWith('nvme') ? 1 : 0,
    disk.drive_type === 'HDD' ? 0 : 1,
    disk.size_bytes,
    disk.hctl ?? '',
  ];
  return inventory.disks
    .filter((disk) => disk.installation_eligibility?.eligible)
    .sort((a, b) => {
      const [left, right] = [rank(a), rank(b)];
      const at = left.findIndex((value, i) => value !== right[i]);
      return at < 0 ? 0 : left[at]! < right[at]! ? -1 : 1;
    });
}

/** The disk that is chosen for the installation; undefined when there is none. */
export function installationDisk(host: Host): InventoryDisk | undefined {
  return host.inventory?.disks.find((disk) => disk.id === host.installation_disk_id);
}

/** Ids of the disks that the installation formats unless they are on the skip list: bootable ones but for the medium. */
export function formattableDisks(host: Host): string[] {
  const disks = host.inventory?.disks ?? [];
  const formatted = disks.filter((disk) => disk.bootable && !disk.is_installation_media && !disk.removable);
  return formatted.map((disk) => disk.id);
}

/** Those that it really formats. */
export function disksToFormat(host: Host): string[] {
  return formattableDisks(host).filter((id) => !host.skipFormatting.includes(id));
}

/** `MODEL SERIAL (sda, /dev/disk/by-id/…)`, as the sentences about booting from disk name it. */
export function diskLabel(host: Host): string {
  const disk = installationDisk(host);
  return disk ? `${disk.model ?? ''} ${disk.serial ?? ''} (${disk.name}, ${disk.id})` : '';
}
