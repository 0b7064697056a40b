/** The installation stages of a single node: their order, percentages, limits, and the call that reports them (assisted-service.md §2.3, §2.5, §3.6). */
import { addEvent, type Call, hostName, hostOf, now, type Service, setHost, subjectOf } from './service.ts';
import type { Host } from './host-state.ts';
import type { Cluster } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

export const STAGES = [
  'Starting installation',
  'Installing',
  'Waiting for bootkube',
  'Writing image to disk',
  'Copying registry data to disk',
  'Rebooting',
  'Joined',
  'Done',
] as const;

/** Every stage that the API knows, in its order. */
export const STAGE_NAMES = [
  'Starting installation',
  'Waiting for control plane',
  'Waiting for bootkube',
  'Waiting for controller',
  'Installing',
  'Writing image to disk',
  'Copying registry data to disk',
  'Rebooting',
  'Waiting for ignition',
  'Configuring',
  'Joined',
  'Done',
  'Failed',
];

const LIMIT_MINUTES: Record<string, number> = {
  'Starting installation': 30,
  Installing: 60,
  'Waiting for bootkube': 60,
  'Writing image to disk': 30,
  'Copying registry data to disk': 90,
  Rebooting: 80,
  Joined: 60,
};

const place = (stage: string): number => (STAGES as readonly string[]).indexOf(stage);

/** Whether the host has left the live system: from `Rebooting` on. */
export function hasRebooted(host: Host): boolean {
  return place(host.stage) >= place('Rebooting');
}

/** How far the host is, in whole percent. */
export function stagePercentage(host: Host): number {
  return Math.floor(((place(host.stage) + 1) / STAGES.length) * 100);
}

/** The stage's limit in Go's spelling (`1h0m0s`) once it is over; the write is counted from its last percent. */
export function stageOverdue(host: Host, at: number): string | undefined {
  const minutes = LIMIT_MINUTES[host.stage];
  const since = host.stage === 'Writing image to disk' ? host.stageUpdatedAt : host.stageStartedAt;
  if (!minutes || at - since <= minutes * 60_000) return undefined;
  return minutes < 60 ? `${minutes}m0s` : `${Math.floor(minutes / 60)}h${minutes % 60}m0s`;
}

/** The cluster's percentages: 10 for the preparation, 70 for the hosts, 15 for the operators, 100 in the end (§7.3). */
export function totalProgress(
  cluster: Cluster,
  hosts: Host[],
): { installing: number; finalizing: number; total: number } {
  const installing = hosts.length ? hosts.reduce((sum, host) => sum + stagePercentage(host), 0) / hosts.length : 0;
  const ended = cluster.operators.filter(({ status }) => status === 'available' || status === 'failed').length;
  const finalizing = (ended / cluster.operators.length) * 100;
  const sum = Math.floor(10 + 0.7 * installing + 0.15 * finalizing);
  return {
    installing: Math.floor(installing),
    finalizing: Math.floor(finalizing),
    total: cluster.status === 'installed' ? 100 : sum,
  };
}

const REPORTING = ['installing', 'installing-in-progress', 'installing-pending-user-action', 'installed'];

/** PUT progress of a host. A stage out of order is 409; after a cancel the early ones are taken and ignored. */
export function reportProgress(call: Call): Answer {
  const { service, json } = call;
  const host = hostOf(call);
  const stage = String(json['current_stage']);
  const info = typeof json['progress_info'] === 'string' ? json['progress_info'] : '';
  if (!REPORTING.includes(host.status)) {
    if (stage === 'Configuring' || hasRebooted({ ...host, stage }))
      throw new Refusal(409, `Can't set progress <${stage}> to host in status <${host.status}>`);
    return { status: 200 };
  }
  if (stage === 'Failed') setHost(service, host, 'error', `Failed - ${info}`);
  else enterStage(service, host, stage, info);
  service.lab.record({ kind: 'stage', to: 'service', host: host.id, stage, info });
  const said = `Host: ${hostName(host)}, reached installation stage ${stage}${info ? `: ${info}` : ''}`;
  addEvent(service, subjectOf(host), 'host_install_progress_updated', said);
  return { status: 200 };
}

function enterStage(service: Service, host: Host, stage: string, info: string): void {
  if (place(stage) < 0)
    throw new Refusal(409, `Stages ${stage} isn't available for host role ${host.role} bootstrap ${host.bootstrap}`);
  if (place(stage) < place(host.stage))
    throw new Refusal(409, `Can't assign lower stage "${stage}" after host has been in stage "${host.stage}"`);
  const at = now(service);
  if (stage !== host.stage) host.stageStartedAt = at;
  Object.assign(host, { stage, stageInfo: info, stageUpdatedAt: at });
  setHost(service, host, stage === 'Done' ? 'installed' : 'installing-in-progress', stage);
}
