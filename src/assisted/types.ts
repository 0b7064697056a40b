/** The assisted-service's wire types: only the fields that are read here. Names and meaning: assisted-service.md §1, §2. */
import type { Secret } from '../core/secret.ts';

/**
 * `GET /v2/clusters/{id}`. Statuses are plain strings: a value that nobody here knows means "going on" (§2.2).
 * A JSON null is the same as an absent field. Fields said to hold JSON are read by `validationsOf`.
 */
export interface Cluster {
  id: string;
  name: string;
  /** insufficient, pending-for-input, ready, preparing-for-installation, installing, finalizing, installed, error, … */
  status: string;
  status_info: string;
  status_updated_at?: string;
  created_at?: string;
  updated_at?: string;
  install_started_at?: string;
  install_completed_at?: string;
  openshift_version?: string;
  base_dns_domain?: string;
  control_plane_count?: number;
  /** Comma list. */
  tags?: string;
  machine_networks?: { cidr: string }[];
  /** Absent before `installing`; stands still while images are written (§7.3). */
  progress?: { total_percentage?: number; finalizing_stage?: string };
  'last-installation-preparation'?: { status?: string; reason?: string };
  /** JSON. */
  validations_info?: string;
  hosts: Host[];
}

/** A host of a cluster or infra-env (§1.7). The answer of a registration may have no status: then it is ''. */
export interface Host {
  id: string;
  infra_env_id?: string;
  cluster_id?: string;
  status: string;
  status_info: string;
  status_updated_at?: string;
  registered_at?: string;
  checked_in_at?: string;
  updated_at?: string;
  progress?: HostProgress;
  progress_stages?: string[];
  role?: string;
  requested_hostname?: string;
  installation_disk_id?: string;
  installation_disk_path?: string;
  /** Comma lists of disk ids. */
  disks_to_be_formatted?: string;
  skip_formatting_disks?: string;
  /** These six hold JSON: `inventoryOf`, `validationsOf`, `warnings` read them. */
  inventory?: string;
  validations_info?: string;
  domain_name_resolutions?: string;
  ntp_sources?: string;
  disks_info?: string;
  images_status?: string;
}

/** `current_stage` is absent before the first stage; `progress_info` is e.g. `37%` while the image is written. */
export interface HostProgress {
  current_stage?: string;
  progress_info?: string;
  installation_percentage?: number;
  stage_started_at?: string;
  stage_updated_at?: string;
  stage_timed_out?: boolean;
}

/** `static_network_config` is a JSON string in answers, an array in requests (§1.6). */
export interface InfraEnv {
  id: string;
  name?: string;
  cluster_id?: string;
  openshift_version?: string;
  type?: string;
  static_network_config?: string;
  updated_at?: string;
}

export interface ManifestEntry {
  folder: string;
  file_name: string;
  manifest_source?: string;
}

/** `folder` is manifests or openshift; `content` is the text as it is. */
export interface ManifestText {
  folder: string;
  fileName: string;
  content: string;
}

/** What the service wrote down; `at` is ISO, severity info, warning, error or critical. */
export interface ServiceEvent {
  at: string;
  severity: string;
  message: string;
}

/** A value of `GET /v2/openshift-versions`; the keys are whole versions such as 4.20.3. */
export interface VersionInfo {
  support_level?: string;
  display_name?: string;
  cpu_architectures?: string[];
  default?: boolean;
}

/** Body of a request by the service's own field names; a Secret in it is revealed on the wire alone. */
export type Fields = Record<string, unknown>;
export type ClusterParams = Fields & { name: string; openshift_version: string; pull_secret: string | Secret };
export type InfraEnvParams = Fields & { name: string; pull_secret: string | Secret };

/** What a host's installation is at: the service's own words, and the percentage of the image written, else of the whole. */
export function stageOf(host: Host): { stage: string; info: string; percent: number | null } {
  const { current_stage, progress_info, installation_percentage } = host.progress ?? {};
  const written = /^(\d{1,3})%$/.exec(progress_info ?? '')?.[1];
  return {
    stage: current_stage ?? '',
    info: progress_info ?? '',
    percent: written === undefined ? (installation_percentage ?? null) : Number(written),
  };
}
