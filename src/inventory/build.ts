/** A checked inventory in its normal form: defaults filled in, addresses in one spelling, references taken apart. */
import { resolve } from 'node:path';
import { normalFingerprint } from '../core/fingerprint.ts';
import { parseCidr, parseMac } from './addresses.ts';
import { isProblem, parseBmcAddress } from './bmc-address.ts';
import { nicsOf } from './network.ts';
import { batchSizes } from './rollout.ts';
import type { RawCluster, RawHost, RawInventory } from './schema.ts';
import { parseSecretRef } from './secrets.ts';
import { sourceOf } from './source.ts';
import type {
  BmcSpec,
  ClusterSpec,
  HostSpec,
  LabOptions,
  Manifest,
  Problem,
  Rollout,
  RootDeviceHints,
  SecretRef,
  ServiceSpec,
} from './types.ts';

/** What was read from other files for one cluster. */
export interface ClusterFiles {
  manifests: Manifest[];
  sshKey: string;
}

const DEFAULT_TIME_FACTOR = 60;
const DEFAULT_LAB_HOST = { cpus: 8, memoryGiB: 16, diskGB: 100 };

export function buildService(raw: RawInventory['service'], dir: string): ServiceSpec {
  if (raw.type === 'lab') return { type: 'lab' };
  return {
    type: 'assisted',
    url: (raw.url ?? '').replace(/\/+$/, ''),
    offlineToken: raw.offlineToken === undefined ? null : secretRef(raw.offlineToken, dir),
    trust: raw.insecureTLS ? 'insecure' : 'verify',
    agentUrl: raw.agentUrl?.replace(/\/+$/, '') ?? null,
    caFile: raw.caFile === undefined ? null : resolve(dir, raw.caFile),
  };
}

export function buildLab(raw: RawInventory): LabOptions | null {
  if (raw.service.type !== 'lab' && !raw.lab) return null;
  const { cpus, memoryGiB, diskGB } = raw.lab?.host ?? {};
  return {
    timeFactor: raw.lab?.timeFactor ?? DEFAULT_TIME_FACTOR,
    faults: raw.lab?.faults ?? [],
    host: {
      cpus: cpus ?? DEFAULT_LAB_HOST.cpus,
      memoryGiB: memoryGiB ?? DEFAULT_LAB_HOST.memoryGiB,
      diskGB: diskGB ?? DEFAULT_LAB_HOST.diskGB,
    },
  };
}

export function buildRollout({ serial, maxFailPercentage }: RawInventory): Rollout {
  return { serial: serial === undefined ? null : batchSizes(serial), maxFailPercentage: maxFailPercentage ?? null };
}

export function buildCluster(raw: RawCluster, files: ClusterFiles, dir: string): ClusterSpec {
  const cluster = {
    name: raw.name,
    baseDomain: raw.baseDomain,
    openshiftVersion: raw.openshiftVersion,
    cpuArchitecture: raw.cpuArchitecture ?? ('x86_64' as const),
    imageType: raw.imageType ?? ('full-iso' as const),
    pullSecret: secretRef(raw.pullSecret, dir),
    sshKey: files.sshKey.trim(),
    machineNetwork: raw.machineNetwork === undefined ? null : (parseCidr(raw.machineNetwork)?.cidr ?? null),
    apiVIPs: raw.apiVIPs ?? [],
    ingressVIPs: raw.ingressVIPs ?? [],
    groups: raw.groups ?? [],
    manifests: files.manifests,
    hosts: raw.hosts.map((host) => buildHost(host, dir)),
  };
  let source: unknown;
  return {
    ...cluster,
    /** Made when somebody asks: only a run does. */
    get digestSource() {
      return (source ??= sourceOf(cluster, dir));
    },
  };
}

function buildHost(raw: RawHost, dir: string): HostSpec {
  const hints = raw.rootDeviceHints === undefined ? {} : hintsOf(raw.rootDeviceHints);
  return {
    name: raw.name,
    bmc: buildBmc(raw.bmc, dir),
    bootMACAddress: raw.bootMACAddress === undefined ? null : parseMac(raw.bootMACAddress),
    rootDeviceHints: Object.keys(hints).length > 0 ? hints : null,
    disks: { others: raw.disks?.others ?? 'keep' },
    networkConfig: raw.networkConfig ?? null,
    macs: nicsOf(raw.networkConfig),
    identity: { serial: raw.serialNumber ?? null, uuid: raw.uuid?.toLowerCase() ?? null },
    groups: raw.groups ?? [],
    isProtected: raw.protected ?? false,
  };
}

/** Without those that are not given. */
function hintsOf(raw: NonNullable<RawHost['rootDeviceHints']>): RootDeviceHints {
  return Object.fromEntries(Object.entries(raw).filter(([, hint]) => hint !== undefined));
}

function buildBmc(raw: RawHost['bmc'], dir: string): BmcSpec {
  const address = sound(parseBmcAddress(raw.address));
  if (address.kind === 'lab') return address;
  const pin = raw.fingerprint === undefined ? null : normalFingerprint(raw.fingerprint);
  const { kind, origin, systemPath, family } = address;
  return {
    kind,
    origin,
    systemPath,
    family,
    username: raw.username ?? '',
    password: secretRef(raw.password ?? '', dir),
    trust: pin ? { kind: 'pin', fingerprint: pin } : { kind: raw.insecureTLS ? 'insecure' : 'verify' },
  };
}

function secretRef(text: string, dir: string): SecretRef {
  return sound(parseSecretRef(text, dir));
}

/** What was checked before cannot be a problem any more. */
function sound<T extends object>(parsed: T | Problem): T {
  if (isProblem(parsed)) throw new Error(`not checked: ${parsed.message}`);
  return parsed;
}
