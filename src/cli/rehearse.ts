/** `--rehearse`: the lab made from an inventory of real machines, so that the same command line can be tried without them. */
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import type { BmcSpec, ClusterSpec, HostSpec, Inventory, RootDeviceHints } from '../inventory/types.ts';

export interface Rehearsal {
  inventory: Inventory;
  /** What is not rehearsed as it is written, one line each. */
  notes: string[];
}

/** Named by the rehearsed inventory in place of its pull secrets; the lab's target puts a value under it. */
export const REHEARSAL_PULL_SECRET = 'SNOBOOT_REHEARSAL_PULL_SECRET';

/**
 * The same clusters and hosts on machines of the lab: serial numbers, MAC addresses, disks and vendors are those of the
 * inventory, its secrets are not read, its runs and credentials are kept apart. Throws E-USAGE for one of the lab's own.
 */
export function rehearsalOf(inventory: Inventory): Rehearsal {
  if (inventory.service.type === 'lab')
    throw new SnobootError('E-USAGE', `${inventory.file} is for the lab already`, 'leave --rehearse out');
  const notes: string[] = [];
  return {
    inventory: {
      ...inventory,
      home: join(inventory.home, 'rehearsal'),
      service: { type: 'lab' },
      media: { address: null, port: null },
      clusters: inventory.clusters.map((cluster) => clusterOf(cluster, notes)),
    },
    notes,
  };
}

function clusterOf(cluster: ClusterSpec, notes: string[]): ClusterSpec {
  if (cluster.cpuArchitecture !== 'x86_64')
    notes.push(`${cluster.name}: the lab has x86_64 alone, so ${cluster.cpuArchitecture} is rehearsed as that`);
  return {
    ...cluster,
    cpuArchitecture: 'x86_64',
    pullSecret: { from: 'env', name: REHEARSAL_PULL_SECRET },
    hosts: cluster.hosts.map((host) => hostOf(cluster.name, host, notes)),
  };
}

function hostOf(cluster: string, host: HostSpec, notes: string[]): HostSpec {
  return {
    ...host,
    bmc: { kind: 'lab', profile: profileOf(host.bmc), rehearses: true },
    rootDeviceHints: host.rootDeviceHints && hintsOf(`${cluster}/${host.name}`, host.rootDeviceHints, notes),
  };
}

/** By the scheme of the address, else by the name that the vendor gives a system. */
function profileOf(bmc: BmcSpec): 'dell-idrac9' | 'hpe-ilo5' | 'generic' {
  if (bmc.kind === 'lab') return bmc.profile;
  if (bmc.family === 'dell' || bmc.systemPath?.endsWith('/System.Embedded.1')) return 'dell-idrac9';
  return bmc.family === 'hpe' ? 'hpe-ilo5' : 'generic';
}

/** Names that say where a disk is plugged in are not those of the lab. */
function hintsOf(host: string, hints: RootDeviceHints, notes: string[]): RootDeviceHints | null {
  const { deviceName, wwnVendorExtension, ...rest } = hints;
  const isPlain = deviceName !== undefined && /^\/dev\/[a-z0-9]+$/.test(deviceName);
  if (deviceName !== undefined && !isPlain) notes.push(`${host}: the hint deviceName ${deviceName} is not rehearsed`);
  if (wwnVendorExtension !== undefined) notes.push(`${host}: the hint wwnVendorExtension is not rehearsed`);
  const kept = { ...rest, ...(isPlain ? { deviceName } : {}) };
  return Object.keys(kept).length > 0 ? kept : null;
}
