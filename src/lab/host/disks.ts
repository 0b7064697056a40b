/** The disks of a machine: the names under which Linux knows them, one that a fault puts in, and what formatting leaves. */
import { createHash } from 'node:crypto';
import type { Lab } from '../context.ts';
import type { LabDisk, LabHost } from '../world.ts';

/** The stable name that the agent gives as the disk's id. */
export const byId = ({ wwn }: LabDisk): string => `/dev/disk/by-id/wwn-${wwn}`;
export const byPath = (index: number): string => `/dev/disk/by-path/pci-0000:00:1f.2-ata-${index + 1}`;

/** The disk of a device path of any kind. */
export function findDisk(host: LabHost, device: string): LabDisk | undefined {
  return host.disks.find((disk, i) => [byId(disk), byPath(i), `/dev/${disk.name}`].includes(device));
}

/** A fault's disk is in the machine from then on, until the lab's folder goes. */
export function plugDisks(lab: Lab, host: LabHost): void {
  for (const disk of lab.faults.at('host.extra-disks', host.id, []))
    if (!host.disks.some(({ name }) => name === disk.name)) {
      const digest = createHash('sha256').update(`${host.id} ${disk.name}`).digest('hex');
      const named = { serial: `DATA${digest.slice(0, 8).toUpperCase()}`, wwn: `0x5${digest.slice(8, 23)}` };
      host.disks.push({ ...disk, ...named, isExtra: true, content: { kind: 'data', bytes: digest } });
      lab.changed();
    }
}

/** What lay on these disks is gone. */
export function format(lab: Lab, host: LabHost, devices: readonly string[], cluster: string): void {
  for (const disk of devices.flatMap((device) => findDisk(host, device) ?? [])) {
    disk.content = { kind: 'empty' };
    lab.record({ kind: 'disk', to: host.id, disk: disk.name, action: 'formatted', cluster });
    lab.changed();
  }
}
