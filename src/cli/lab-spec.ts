/** The lab's machines as an inventory describes them: what it leaves open is made up, the same each time. */
import { createHash } from 'node:crypto';
import { macsOf } from '../inventory/network.ts';
import type { ClusterSpec, HostSpec, Inventory, LabOptions } from '../inventory/types.ts';
import type { DhcpLease, LabHostSpec, LabSpec } from '../lab/spec.ts';

const DEFAULTS: LabOptions = { timeFactor: 60, faults: [], host: { cpus: 8, memoryGiB: 16, diskGB: 100 } };

export function labSpecOf(inventory: Inventory, timeFactor?: number): LabSpec {
  const options = inventory.lab ?? DEFAULTS;
  const pairs = inventory.clusters.flatMap((cluster) => cluster.hosts.map((host) => ({ cluster, host })));
  return {
    timeFactor: timeFactor ?? options.timeFactor,
    faults: options.faults,
    hosts: pairs.map(({ cluster, host }, index) => labHost(cluster, host, index, options.host)),
    apiNames: inventory.clusters.map(({ name, baseDomain }) => `api.${name}.${baseDomain}`),
  };
}

function labHost(cluster: ClusterSpec, host: HostSpec, index: number, size: LabOptions['host']): LabHostSpec {
  const id = `${cluster.name}/${host.name}`;
  const digest = createHash('sha256').update(id).digest('hex');
  const named = macsOf(host);
  return {
    id,
    profile: host.bmc.kind === 'lab' ? host.bmc.profile : 'generic',
    macs: named.length > 0 ? named : [`52:54:00:${digest.slice(0, 6).replace(/(..)(..)(..)/, '$1:$2:$3')}`],
    cpus: size.cpus,
    memoryMiB: size.memoryGiB * 1024,
    disks: [
      {
        name: 'sda',
        sizeBytes: size.diskGB * 1e9,
        serial: `LAB${digest.slice(0, 9).toUpperCase()}`,
        wwn: `0x5${digest.slice(9, 24)}`,
        driveType: 'SSD',
      },
    ],
    dhcp: host.networkConfig ? null : lease(index),
    bmc: { username: 'root', password: `lab-${digest.slice(24, 40)}` },
  };
}

const FIRST = 10;
const PER_NETWORK = 200;

function lease(index: number): DhcpLease {
  const network = `192.168.${122 + Math.floor(index / PER_NETWORK)}`;
  return { address: `${network}.${FIRST + (index % PER_NETWORK)}/24`, gateway: `${network}.1`, dns: [`${network}.1`] };
}
