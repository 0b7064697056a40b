/** A cluster as the journal keeps it, so that a later run can say what changed: plain, small, in the inventory's words. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { BmcSpec, ClusterSpec, HostSpec, SecretRef } from './types.ts';

/**
 * JSON with sorted keys and without what is not given; the same wherever the inventory's folder `dir` lies. Hosts go by name,
 * manifests by `folder/name` with `sha256:…` in place of their text; secrets are references.
 */
export function sourceOf(cluster: Omit<ClusterSpec, 'digestSource'>, dir: string): unknown {
  const manifests = cluster.manifests.map(({ folder, fileName, content }) => {
    return [`${folder}/${fileName}`, `sha256:${createHash('sha256').update(content).digest('hex')}`] as const;
  });
  const { apiVIPs, ingressVIPs, groups: _, ...rest } = cluster;
  return plain({
    ...rest,
    apiVIPs: apiVIPs.length > 0 ? apiVIPs : null,
    ingressVIPs: ingressVIPs.length > 0 ? ingressVIPs : null,
    pullSecret: reference(cluster.pullSecret, dir),
    manifests: Object.fromEntries(manifests),
    hosts: Object.fromEntries(cluster.hosts.map((host) => [host.name, hostOf(host, dir)])),
  });
}

function hostOf(host: HostSpec, dir: string): object {
  const { bmc, bootMACAddress, rootDeviceHints, networkConfig, identity } = host;
  const { serial: serialNumber, uuid } = identity;
  const disks = host.disks.others === 'keep' ? null : host.disks;
  return { bmc: bmcOf(bmc, dir), bootMACAddress, rootDeviceHints, disks, networkConfig, serialNumber, uuid };
}

function bmcOf(bmc: BmcSpec, dir: string): object {
  if (bmc.kind === 'lab') return { address: `lab://${bmc.profile}` };
  const { origin, systemPath, username, password, trust } = bmc;
  return {
    address: `${origin}${systemPath ?? ''}`,
    username,
    password: reference(password, dir),
    fingerprint: trust.kind === 'pin' ? trust.fingerprint : null,
    insecureTLS: trust.kind === 'insecure' ? true : null,
  };
}

function reference(ref: SecretRef, dir: string): string {
  if (ref.from === 'env') return `env:${ref.name}`;
  return ref.from === 'cmd' ? `cmd:${ref.command}` : `file:${relative(dir, ref.path)}`;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, part]: [string, unknown]) => part !== null && part !== undefined);
  const sorted = given.map(([key, part]) => [key, plain(part)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}
