/** The names under which Linux knows a disk. */
import type { LabDisk, LabHost } from '../world.ts';

/** The stable name that the agent gives as the disk's id. */
export const byId = ({ wwn }: LabDisk): string => `/dev/disk/by-id/wwn-${wwn}`;
export const byPath = (index: number): string => `/dev/disk/by-path/pci-0000:00:1f.2-ata-${index + 1}`;

/** The disk of a device path of any kind. */
export function findDisk(host: LabHost, device: string): LabDisk | undefined {
  return host.disks.find((disk, i) => [byId(disk), byPath(i), `/dev/${disk.name}`].includes(device));
}
