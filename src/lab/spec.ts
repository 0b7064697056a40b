/** What somebody asks the lab to be: machines with their cables. Plain JSON; the inventory is turned into it by the command line. */

export type BmcProfile = 'dell-idrac9' | 'hpe-ilo5' | 'generic';

export interface LabSpec {
  /** How many times faster than real time the lab lives. */
  timeFactor: number;
  /** Armed faults, `name@subject[:when]`: core/armed-fault.ts. */
  faults: string[];
  hosts: LabHostSpec[];
  /** What DNS knows beside: the clusters' API names, `api.<cluster>.<baseDomain>`. */
  apiNames: string[];
  /** OpenShift versions that the service offers besides its own, `4.19` or `4.19.8`. */
  versions?: string[];
}

export interface LabHostSpec {
  /** `cluster/host`: the name under which the host stands in history, faults and `up.json`. */
  id: string;
  profile: BmcProfile;
  /** Left out: made from the id. */
  serial?: string;
  uuid?: string;
  /** Lower case, colons; the first one is the NIC that boots. */
  macs: string[];
  cpus: number;
  memoryMiB: number;
  disks: LabDiskSpec[];
  /** What the DHCP server on the host's network would give it; null where there is none. */
  dhcp: DhcpLease | null;
  bmc: { username: string; password: string };
}

export interface LabDiskSpec {
  /** Kernel name without /dev, e.g. `sda`. */
  name: string;
  sizeBytes: number;
  serial: string;
  /** `0x` and 16 hex digits. */
  wwn: string;
  driveType: 'HDD' | 'SSD';
  /** Left out: what is usual in the lab. */
  model?: string;
  vendor?: string;
  hctl?: string;
}

export interface DhcpLease {
  /** IPv4 with prefix length, `192.168.122.10/24`. */
  address: string;
  gateway: string;
  dns: string[];
}

/** An OpenShift release that the service can install. */
export interface Release {
  version: string;
  /** OS build of the live image. */
  os: string;
  /** CPUs that a single node needs (§1.9: four from 4.22 on). */
  cpus: number;
}
