/** The lab's world: one plain JSON value, saved as it changes and read at start. Nothing here acts. */
import type { ServiceWorld } from './service/state.ts';
import type { BmcProfile, DhcpLease, LabDiskSpec } from './spec.ts';

export interface World {
  format: 1;
  /** Lab time at the last save, milliseconds since the epoch; the lab's clock starts again from here. */
  now: number;
  /** The service's address when it was last up: installed disks know it, and move with it. */
  serviceUrl: string;
  hosts: Record<string, LabHost>;
  service: ServiceWorld;
}

export interface LabHost {
  id: string;
  profile: BmcProfile;
  serial: string;
  uuid: string;
  macs: string[];
  cpus: number;
  memoryMiB: number;
  disks: LabDisk[];
  dhcp: DhcpLease | null;
  power: 'On' | 'Off';
  /** What the firmware tries when no override says otherwise. */
  bootOrder: ('disk' | 'cd')[];
  bmc: BmcState;
}

export interface LabDisk extends LabDiskSpec {
  content: DiskContent;
  /** Put in by a fault: the spec does not know it. */
  isExtra?: true;
}

/** What lies on a disk: nothing, somebody's old system, or an installation that `install` wrote. */
export type DiskContent =
  | { kind: 'empty' }
  /** A boot sector and somebody's data behind it. */
  | { kind: 'data'; bytes: string }
  | { kind: 'old-system'; name: string }
  | {
      kind: 'installed';
      /** False while it is being written. */
      complete: boolean;
      clusterId: string;
      hostId: string;
      infraEnvId: string;
      serviceUrl: string;
      /** What the agent's unit gave as PULL_SECRET_TOKEN. */
      token: string;
      openshiftVersion: string;
      /** Lab time of its first start, and of the end of the installation that the controller on it reported. */
      startedAt?: number;
      finishedAt?: number;
      /** Arguments of the install step: `--append-karg` values and the rest, in order. */
      installerArgs: string[];
      /** Path to text, decoded from the MachineConfigs among the cluster's manifests. */
      files: Record<string, string>;
    };

export interface BmcState {
  username: string;
  password: string;
  /** PEM. */
  certificate: string;
  privateKey: string;
  /** SHA-256 of the certificate's DER form, hex in lower case. */
  fingerprint: string;
  media: { image: string | null; inserted: boolean };
  boot: { enabled: 'Disabled' | 'Once' | 'Continuous'; target: string; mode: 'UEFI' | 'Legacy' };
  /** What it wrote down, oldest first; absent until then. */
  log?: BmcLogEntry[];
}

export interface BmcLogEntry {
  number: number;
  /** Lab time. */
  at: number;
  what: 'powered-on' | 'powered-off' | 'reset' | 'inserted' | 'ejected' | 'unreadable' | 'restarted';
  /** E.g. the image's URL; may be empty. */
  detail: string;
}
