/** A host as the service keeps it, plain JSON. Times are lab time in milliseconds, 0 = never. */

export type HostStatus =
  | 'discovering'
  | 'insufficient'
  | 'pending-for-input'
  | 'known'
  | 'disconnected'
  | 'preparing-for-installation'
  | 'preparing-successful'
  | 'preparing-failed'
  | 'installing'
  | 'installing-in-progress'
  | 'installing-pending-user-action'
  | 'installed'
  | 'error'
  | 'cancelled'
  | 'resetting-pending-user-action';

export interface Host {
  id: string;
  infraEnvId: string;
  clusterId: string;
  agentVersion: string;
  status: HostStatus;
  statusInfo: string;
  statusUpdatedAt: number;
  createdAt: number;
  updatedAt: number;
  registeredAt: number;
  checkedInAt: number;
  /** The agent's own unix seconds at its last check-in, and by how many real milliseconds they were behind; 0 and 0 = none yet. */
  timestamp: number;
  behindMs: number;
  role: string;
  bootstrap: boolean;
  requestedHostname: string;
  inventory: Inventory | null;
  installationDiskId: string;
  skipFormatting: string[];
  /** Step replies as they came: JSON values, null = none yet. */
  resolutions: { domain_name: string; ipv4_addresses?: string[]; ipv6_addresses?: string[] }[] | null;
  ntpSources: { source_name: string; source_state: string }[] | null;
  freeAddresses: unknown;
  diskSpeed: Record<string, { speedMs?: number; exitCode?: number }>;
  images: Record<string, ImageStatus>;
  mediaDisconnected: boolean;
  stage: string;
  stageInfo: string;
  stageStartedAt: number;
  stageUpdatedAt: number;
  logs: UploadedLog | null;
  logsStartedAt: number;
  logsState: string;
  /** Installer arguments that the user set. */
  userArgs: string[];
  ignitionOverride: string;
  validations: Validation[] | null;
}

/** The agent's inventory, as far as the service computes with it (§3.5); everything else in it is kept and shown. */
export interface Inventory {
  hostname: string;
  cpu: { count: number };
  memory: { physical_bytes: number };
  disks: InventoryDisk[];
  interfaces: { name: string; mac_address: string; ipv4_addresses?: string[] }[];
  routes?: { destination: string; gateway?: string; interface: string; family?: number }[];
}

export interface InventoryDisk {
  id: string;
  name: string;
  path?: string;
  size_bytes: number;
  drive_type?: string;
  bootable?: boolean;
  removable?: boolean;
  is_installation_media?: boolean;
  model?: string;
  serial?: string;
  hctl?: string;
  installation_eligibility?: { eligible?: boolean; not_eligible_reasons: string[] | null };
}

export interface ImageStatus {
  name: string;
  result: string;
  size_bytes?: number;
  time?: number;
  download_rate?: number;
}

export interface UploadedLog {
  /** Base64. */
  content: string;
  at: number;
}

export interface Validation {
  category: string;
  id: string;
  status: 'success' | 'failure' | 'pending' | 'error';
  message: string;
}
