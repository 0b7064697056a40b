/** A host as the API shows it (assisted-service.md §1.1, §1.7): absent means zero, and some fields hold JSON in a string. */
import { INSTALLER_IMAGE } from './catalogue.ts';
import { disksToFormat, installationDisk } from './hardware.ts';
import { hostName } from './service.ts';
import { stagePercentage, STAGES } from './stages.ts';
import type { Host, Validation } from './host-state.ts';
import { longTime, shortTime } from './wire.ts';

export interface HostViewOptions {
  inventory: boolean;
  /** `progress_stages`; null without it. */
  stages: boolean;
  /** `free_addresses`: only the answers to writes have it. */
  freeAddresses?: boolean;
}

export const API = '/api/assisted-install';

/** Validations as the API nests them: JSON text, category → list. */
export function validationsInfo(validations: Validation[]): string {
  const byCategory: Record<string, unknown[]> = {};
  for (const { category, id, status, message } of validations)
    (byCategory[category] ??= []).push({ id, status, message });
  return JSON.stringify(byCategory);
}

/** Drops what Go's omitempty drops: empty strings, empty lists, undefined. */
function present(fields: Record<string, unknown>): Record<string, unknown> {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

const text = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : JSON.stringify(value);
const filled = (map: object): object | undefined => (Object.keys(map).length ? map : undefined);

/** The host as JSON; `options` say what the particular call shows of it. */
export function hostView(host: Host, options: HostViewOptions): Record<string, unknown> {
  return {
    ...identity(host),
    ...times(host),
    ...(host.inventory || host.stage ? { progress: progressView(host) } : {}),
    progress_stages: options.stages ? STAGES : null,
    ...findings(host, options),
  };
}

function identity(host: Host): Record<string, unknown> {
  return present({
    id: host.id,
    kind: 'Host',
    href: `${API}/v2/infra-envs/${host.infraEnvId}/hosts/${host.id}`,
    cluster_id: host.clusterId,
    infra_env_id: host.infraEnvId,
    status: host.status,
    status_info: host.statusInfo,
    role: host.role,
    suggested_role: 'master',
    bootstrap: host.bootstrap || undefined,
    requested_hostname: hostName(host),
    discovery_agent_version: host.agentVersion,
    user_name: 'admin',
  });
}

function times(host: Host): Record<string, unknown> {
  const logs = host.logs?.at ?? 0;
  return {
    created_at: longTime(host.createdAt),
    updated_at: longTime(host.updatedAt),
    deleted_at: null,
    registered_at: shortTime(host.registeredAt),
    checked_in_at: shortTime(host.checkedInAt),
    status_updated_at: shortTime(host.statusUpdatedAt),
    stage_started_at: shortTime(0),
    stage_updated_at: shortTime(0),
    logs_started_at: shortTime(host.logsStartedAt),
    logs_collected_at: shortTime(logs),
    ...(host.timestamp ? { timestamp: host.timestamp } : {}),
  };
}

function progressView(host: Host): Record<string, unknown> {
  return present({
    current_stage: host.stage,
    progress_info: host.stageInfo,
    installation_percentage: host.stage ? stagePercentage(host) : undefined,
    stage_started_at: shortTime(host.stageStartedAt),
    stage_updated_at: shortTime(host.stageUpdatedAt),
  });
}

function findings(host: Host, options: HostViewOptions): Record<string, unknown> {
  const disk = installationDisk(host);
  return present({
    inventory: options.inventory ? text(host.inventory) : undefined,
    installation_disk_id: host.installationDiskId,
    installation_disk_path: disk && (disk.path ?? `/dev/${disk.name}`),
    disks_to_be_formatted: disksToFormat(host).join(','),
    skip_formatting_disks: host.skipFormatting.join(','),
    disks_info: text(filled(disksInfo(host))),
    domain_name_resolutions: text(host.resolutions && { resolutions: host.resolutions }),
    ntp_sources: text(host.ntpSources),
    free_addresses: options.freeAddresses ? text(host.freeAddresses) : undefined,
    images_status: text(filled(host.images)),
    installer_version: host.stage ? INSTALLER_IMAGE : undefined,
    installer_args: host.userArgs.length ? JSON.stringify(host.userArgs) : undefined,
    ignition_config_overrides: host.ignitionOverride,
    media_status: host.mediaDisconnected ? 'disconnected' : undefined,
    logs_info: host.logsState,
    validations_info: host.validations ? validationsInfo(host.validations) : undefined,
  });
}

function disksInfo(host: Host): object {
  const entries = Object.entries(host.diskSpeed).map(([path, { exitCode, speedMs }]) => {
    const speed = exitCode ? { exit_code: exitCode, tested: true } : { speed_ms: speedMs, tested: true };
    return [path, { disk_speed: speed, path }];
  });
  return Object.fromEntries(entries) as object;
}
