/** What an inventory means once it is read: plain data, every default filled in, secrets still references. */
import type { Trust } from '../core/http.ts';

export interface Inventory {
  /** The path as it was given. */
  file: string;
  /** Absolute path of the folder that holds it; relative paths in it start there. */
  dir: string;
  /** Absolute path of the folder where its runs and credentials are kept: `.snoboot` beside it. */
  home: string;
  service: ServiceSpec;
  /** What the lab is like, in place of the service or in a rehearsal; null where nothing is said of it. */
  lab: LabOptions | null;
  media: { address: string | null; port: number | null };
  clusters: ClusterSpec[];
  /** Every cluster of the file, where --limit left only some. */
  all?: ClusterSpec[];
  rollout: Rollout;
  warnings: Issue[];
}

/** How clusters are begun one batch after the other. */
export interface Rollout {
  /** Hosts in each batch, the last one for all that follow; null: all at once. */
  serial: BatchSize[] | null;
  /** Above this share of failed hosts in a batch nothing more is begun; null: a failure stops nothing. */
  maxFailPercentage: number | null;
}

/** A number of hosts, or a share of all of them in percent. */
export type BatchSize = { hosts: number } | { percent: number };

export type ServiceSpec = { type: 'lab' } | AssistedService;

export interface AssistedService {
  type: 'assisted';
  /** Scheme and authority, with a path only if one was given; no trailing slash. */
  url: string;
  /** What agents call, where it is another name of the same service. */
  agentUrl: string | null;
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
  apiVIPs: string[];
  ingressVIPs: string[];
  /** The groups that the inventory puts it in. */
  groups: string[];
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
  rootDeviceHints: RootDeviceHints | null;
  /** What becomes of other disks that the service would format. */
  disks: { others: 'keep' | 'erase' };
  /** nmstate as it was written. */
  networkConfig: object | null;
  /** The physical NICs of `networkConfig`, in its order. */
  macs: { mac: string; nic: string }[];
  identity: { serial: string | null; uuid: string | null };
  groups: string[];
  /** Never to be touched, whatever the flags. */
  isProtected: boolean;
}

/** As install-config's rootDeviceHints: all that is given must fit. Texts of vendor and model may be a part of the disk's. */
export interface RootDeviceHints {
  deviceName?: string;
  hctl?: string;
  model?: string;
  vendor?: string;
  serialNumber?: string;
  minSizeGigabytes?: number;
  wwn?: string;
  wwnWithExtension?: string;
  wwnVendorExtension?: string;
  rotational?: boolean;
}

export type BmcSpec =
  | {
      kind: 'lab';
      profile: 'dell-idrac9' | 'hpe-ilo5' | 'generic';
      /** The lab's machine is what the inventory says of a real one: its serial number, its UUID, its disk. */
      rehearses?: true;
    }
  | {
      kind: 'redfish';
      /** `https://host[:port]`, lower case. */
      origin: string;
      /** `/redfish/v1/Systems/<id>` without trailing slash; null: the only system there. */
      systemPath: string | null;
      /** Whose scheme the address has, where it has a vendor's. */
      family: 'dell' | 'hpe' | null;
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
