/** A host as the service keeps it, by the rules of state.ts. */
import { API } from './wire.ts';

type BeforeInstall = 'discovering' | 'insufficient' | 'pending-for-input' | 'known' | 'disconnected';
type Preparing = `preparing-${'for-installation' | 'successful' | 'failed'}`;
type Installing = 'installing' | `installing-${'in-progress' | 'pending-user-action'}`;
type Ended = 'installed' | 'error' | 'cancelled' | 'resetting-pending-user-action';
export type HostStatus = BeforeInstall | Preparing | Installing | Ended;

export const WAITING = 'Waiting for host to send hardware details';

/** A host that registers now, of that infra-env. */
export function newHost(id: string, infraEnv: { id: string; cluster_id: string }, at: number) {
  return {
    ...nothingTold(),
    kind: 'Host' as const,
    id,
    href: `${API}/v2/infra-envs/${infraEnv.id}/hosts/${id}`,
    infra_env_id: infraEnv.id,
    cluster_id: infraEnv.cluster_id,
    discovery_agent_version: '',
    status: 'discovering' as HostStatus,
    status_info: WAITING,
    status_updated_at: at,
    created_at: at,
    updated_at: at,
    registered_at: at,
    checked_in_at: at,
    role: 'master',
    bootstrap: true,
    /** As a PATCH asked for it. */
    requested_hostname: '',
    /** Disks that the installation is to leave alone. */
    skipFormatting: [] as string[],
  };
}

export type Host = ReturnType<typeof newHost>;

/** What a host has told and done since it booted the image, when that is nothing yet. */
export function nothingTold() {
  return {
    /** The agent's own unix seconds at its last check-in, and by how many real milliseconds they were behind; 0 and 0 = none yet. */
    timestamp: 0,
    behindMs: 0,
    inventory: null as Inventory | null,
    installation_disk_id: '',
    domain_name_resolutions: null as { resolutions: Resolution[] } | null,
    ntp_sources: [] as { source_name: string; source_state: string }[],
    free_addresses: null as unknown,
    disks_info: {} as Record<string, { path: string; disk_speed: DiskSpeed }>,
    images_status: {} as Record<string, ImageStatus>,
    media_status: '' as '' | 'disconnected',
    progress: { current_stage: '', progress_info: '', stage_started_at: 0, stage_updated_at: 0 },
    logs_info: '',
    logs_started_at: 0,
    logs_collected_at: 0,
    /** Base64; '' = none. */
    logArchive: '',
    validations_info: null as Validations | null,
  };
}

export interface Resolution {
  domain_name: string;
  ipv4_addresses?: string[];
  ipv6_addresses?: string[];
}

/** The agent's inventory, as far as the service computes with it (§3.5); everything else in it is kept and shown. */
export interface Inventory {
  hostname: string;
  cpu: { count: number };
  memory: { physical_bytes: number };
  disks: InventoryDisk[];
  interfaces: { mac_address: string; ipv4_addresses?: string[] }[];
  routes?: { destination: string }[];
  timestamp?: number;
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

interface DiskSpeed {
  tested: true;
  speed_ms?: number;
  exit_code?: number;
}

export interface ImageStatus {
  name: string;
  result: string;
  size_bytes?: number;
  time?: number;
  download_rate?: number;
}

export interface Validation {
  id: string;
  status: 'success' | 'failure' | 'pending' | 'error';
  message: string;
}

/** Category → validations. */
export type Validations = Record<string, Validation[]>;
