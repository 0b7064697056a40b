/** The agent's inventory of the machine that it runs on (assisted-service.md §3.5). */
import type { AgentInventory } from '../faults.ts';
import { PROFILES } from '../bmc/profiles.ts';
import { byId, byPath } from './disks.ts';
import type { Live } from './live-types.ts';

const MIB = 1024 * 1024;
const LINUX_AF_INET = 2;

export function takeInventory({ host, network, drive, lab }: Live): AgentInventory {
  const { manufacturer, model } = PROFILES[host.profile];
  const bytes = host.memoryMiB * MIB;
  return {
    hostname: `host-${host.macs[0]!.replaceAll(':', '-')}`,
    bmc_address: '0.0.0.0',
    bmc_v6address: '::/0',
    boot: { current_boot_mode: host.bmc.boot.mode === 'UEFI' ? 'uefi' : 'bios', secure_boot_state: 'NotSupported' },
    cpu: { count: host.cpus, architecture: 'x86_64', model_name: 'Lab CPU', frequency: 2400, flags: ['vmx', 'sse4_2'] },
    memory: { physical_bytes: bytes, usable_bytes: bytes, physical_bytes_method: 'dmidecode' },
    disks: [...host.disks.map(diskOf), opticalDrive(drive.size)],
    gpus: [],
    interfaces: network.interfaces.map(({ name, mac, type, addresses }) => ({
      name,
      mac_address: mac,
      type,
      ipv4_addresses: addresses,
      ipv6_addresses: [],
      mtu: 1500,
      flags: ['up', 'broadcast', 'multicast'],
      has_carrier: addresses.length > 0,
      speed_mbps: addresses.length > 0 ? 1000 : 0,
      product: '0x1533',
      vendor: '0x8086',
    })),
    routes: network.routes.map(({ interface: nic, gateway, destination }) => ({
      interface: nic,
      gateway,
      destination: destination.split('/')[0]!,
      family: LINUX_AF_INET,
      metric: 100,
    })),
    system_vendor: { manufacturer, product_name: model, serial_number: host.serial },
    tpm_version: '2.0',
    timestamp: Math.round(lab.clock.wall() / 1000),
  };
}

function diskOf(disk: Live['host']['disks'][number], index: number): AgentInventory['disks'][number] {
  const id = byId(disk);
  return {
    id,
    by_id: id,
    by_path: byPath(index),
    name: disk.name,
    path: `/dev/${disk.name}`,
    size_bytes: disk.sizeBytes,
    serial: disk.serial,
    wwn: disk.wwn,
    drive_type: disk.driveType,
    hctl: disk.hctl ?? `${index}:0:0:0`,
    model: disk.model ?? 'Lab disk',
    vendor: disk.vendor ?? 'ATA',
    bootable: disk.content.kind !== 'empty',
    installation_eligibility: { eligible: true, not_eligible_reasons: null },
  };
}

function opticalDrive(size: number): AgentInventory['disks'][number] {
  const path = '/dev/disk/by-path/pci-0000:00:1d.0-usb-0:1:1.0-scsi-0:0:0:0';
  return {
    id: path,
    by_path: path,
    name: 'sr0',
    path: '/dev/sr0',
    size_bytes: size,
    drive_type: 'ODD',
    hctl: '9:0:0:0',
    model: 'Virtual_CDROM',
    vendor: 'Lab',
    removable: true,
    is_installation_media: true,
    installation_eligibility: { eligible: false, not_eligible_reasons: null },
  };
}
