/** What an inventory means once it is read: plain data, every default filled in, secrets still references. */
import type { Trust } from '../core/http.ts';

export interface Inventory {
  /** The path as it was given. */
  file: string;
  /** Absolute path of the folder that holds it; relative paths in it start there. */
  dir: string;
  service: ServiceSpec;
  /** Null unless the service is the lab. */
  lab: LabOptions | null;
  media: { address: string | null; port: number | null };
  clusters: ClusterSpec[];
  warnings: Issue[];
}

export type ServiceSpec = { type: 'lab' } | AssistedService;

export interface AssistedService {
  type: 'assisted';
  /** Scheme and authority, with a path only if one was given; no trailing slash. */
  url: string;
  offlineToken: SecretRef | null;
  trust: 'verify' | 'insecure';
  /** Absolute path of a PEM file. */
  caFile: string | null;
}

export interface LabOptions {
  timeFactor: number;
  /** `name@host`, `name@cluster/host` or `name@service`. */
  faults: string[];
  host: { cpus: number; memoryGiB: number; diskGB: number };
}

export interface ClusterSpec {
  name: string;
  baseDomain: string;
  openshiftVersion: string;
  cpuArchitecture: 'x86_64' | 'aarch64';
  imageType: 'full-iso' | 'minimal-iso';
  pullSecret: SecretRef;
  /** The public key itself, one line. */
  sshKey: string;
  /** CIDR. */
  machineNetwork: string | null;
  manifests: Manifest[];
  hosts: HostSpec[];
  /** All of the above as the journal keeps it, to see whether it is still the same: see source.ts. */
  digestSource: unknown;
}

export interface Manifest {
  folder: 'manifests' | 'openshift';
  fileName: string;
  content: string;
  /** Absolute path of the file. */
  path: string;
}

export interface HostSpec {
  name: string;
  bmc: BmcSpec;
  /** Lower case, colons. */
  bootMACAddress: string | null;
  rootDeviceHints: { deviceName?: string; wwn?: string; serialNumber?: string } | null;
  /** nmstate as it was written. */
  networkConfig: object | null;
  /** The physical NICs of `networkConfig`, in its order. */
  macs: { mac: string; nic: string }[];
  identity: { serial: string | null; uuid: string | null };
}

export type BmcSpec =
  | { kind: 'lab'; profile: 'dell-idrac9' | 'hpe-ilo5' | 'generic' }
  | {
      kind: 'redfish';
      /** `https://host[:port]`, lower case. */
      origin: string;
      /** `/redfish/v1/Systems/<id>` without trailing slash; null: the only system there. */
      systemPath: string | null;
      username: string;
      password: SecretRef;
      trust: Trust;
    };

export type SecretRef =
  { from: 'env'; name: string } | { from: 'file'; path: string } | { from: 'cmd'; command: string };

/** What is wrong with a value: what was seen, and what to do. */
export interface Problem {
  message: string;
  todo: string;
}

export interface Issue extends Problem {
  /** `file:line:col`, lines and columns from 1. */
  where: string;
  severity: 'error' | 'warning';
}
