/** The lab's machines as an inventory describes them: what it leaves open is made up, the same each time. */
import { createHash } from 'node:crypto';
import { record } from '../inventory/loose.ts';
import { interfacesOf, macsOf } from '../inventory/network.ts';
import type { ClusterSpec, HostSpec, Inventory, LabOptions, RootDeviceHints } from '../inventory/types.ts';
import type { DhcpLease, LabDiskSpec, LabHostSpec, LabSpec } from '../lab/spec.ts';

const DEFAULTS: LabOptions = { timeFactor: 60, faults: [], host: { cpus: 8, memoryGiB: 16, diskGB: 100 } };

export function labSpecOf(inventory: Inventory, timeFactor?: number): LabSpec {
  const options = inventory.lab ?? DEFAULTS;
  const clusters = inventory.all ?? inventory.clusters;
  const pairs = clusters.flatMap((cluster) => cluster.hosts.map((host) => ({ cluster, host })));
  return {
    timeFactor: timeFactor ?? options.timeFactor,
    faults: options.faults,
    hosts: pairs.map(({ cluster, host }, index) => labHost(cluster, host, index, options.host)),
    versions: clusters.flatMap(({ openshiftVersion, hosts }) =>
      hosts.some(({ bmc }) => bmc.kind === 'lab' && bmc.rehearses) ? [openshiftVersion] : [],
    ),
    apiNames: clusters.map(({ name, baseDomain }) => `api.${name}.${baseDomain}`),
  };
}

function labHost(cluster: ClusterSpec, host: HostSpec, index: number, size: LabOptions['host']): LabHostSpec {
  const id = `${cluster.name}/${host.name}`;
  const digest = createHash('sha256').update(id).digest('hex');
  const named = macsOf(host);
  const rehearsed = host.bmc.kind === 'lab' && host.bmc.rehearses === true;
  const { serial, uuid } = host.identity;
  const disk: LabDiskSpec = {
    name: 'sda',
    sizeBytes: size.diskGB * 1e9,
    serial: `LAB${digest.slice(0, 9).toUpperCase()}`,
    wwn: `0x5${digest.slice(9, 24)}`,
    driveType: 'SSD',
  };
  return {
    id,
    profile: host.bmc.kind === 'lab' ? host.bmc.profile : 'generic',
    ...(rehearsed && serial !== null ? { serial } : {}),
    ...(rehearsed && uuid !== null ? { uuid } : {}),
    macs: named.length > 0 ? named : [`52:54:00:${digest.slice(0, 6).replace(/(..)(..)(..)/, '$1:$2:$3')}`],
    cpus: size.cpus,
    memoryMiB: size.memoryGiB * 1024,
    disks: [rehearsed ? diskLike(disk, host.rootDeviceHints ?? {}) : disk],
    dhcp: host.networkConfig && !(rehearsed && takesLease(host.networkConfig)) ? null : lease(index),
    bmc: { username: 'root', password: `lab-${digest.slice(24, 40)}` },
  };
}

/** The disk that the hints of a rehearsed host mean. */
function diskLike(disk: LabDiskSpec, hints: RootDeviceHints): LabDiskSpec {
  const { deviceName, serialNumber: serial, model, vendor, hctl, minSizeGigabytes = 0, rotational } = hints;
  const wwn = hints.wwnWithExtension ?? hints.wwn;
  return {
    ...disk,
    sizeBytes: Math.max(disk.sizeBytes, minSizeGigabytes * 2 ** 30),
    ...(deviceName === undefined ? {} : { name: deviceName.slice('/dev/'.length) }),
    ...(serial === undefined ? {} : { serial }),
    ...(wwn === undefined ? {} : { wwn }),
    ...(model === undefined ? {} : { model }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(hctl === undefined ? {} : { hctl }),
    ...(rotational === undefined ? {} : { driveType: rotational ? ('HDD' as const) : ('SSD' as const) }),
  };
}

function takesLease(networkConfig: object): boolean {
  return interfacesOf(networkConfig).some((nic) => record(nic['ipv4'])['dhcp'] === true);
}

const FIRST = 10;
const PER_NETWORK = 200;

function lease(index: number): DhcpLease {
  const network = `192.168.${122 + Math.floor(index / PER_NETWORK)}`;
  return { address: `${network}.${FIRST + (index % PER_NETWORK)}/24`, gateway: `${network}.1`, dns: [`${network}.1`] };
}
