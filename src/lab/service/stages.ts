/** The installation stages of a single node: their order, percentages, limits, and the call that reports them (assisted-service.md §2.3, §2.5, §3.6). */
import type { Host } from './host-state.ts';
import { addEvent, type Call, hostName, hostOf, now, type Service, setHost, textIn } from './service.ts';
import type { Cluster } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

/** Stage → minutes that it may take, 0 = no limit; in their order. */
const LIMITS = {
  'Starting installation': 30,
  Installing: 60,
  'Waiting for bootkube': 60,
  'Writing image to disk': 30,
  'Copying registry data to disk': 90,
  Rebooting: 80,
  Joined: 60,
  Done: 0,
};
export const STAGES = Object.keys(LIMITS);

/** Every stage that the API knows. */
export const STAGE_NAMES = [
  ...STAGES,
  'Waiting for control plane',
  'Waiting for controller',
  'Waiting for ignition',
  'Configuring',
  'Failed',
];

const place = (stage: string): number => STAGES.indexOf(stage);
const isLeft = (stage: string): boolean => place(stage) >= place('Rebooting');

/** Whether the host has left the live system: from `Rebooting` on. */
export const hasRebooted = (host: Host): boolean => isLeft(host.progress.current_stage);

/** How far the host is, in whole percent. */
export function stagePercentage(host: Host): number {
  return Math.floor(((place(host.progress.current_stage) + 1) / STAGES.length) * 100);
}

/** The stage's limit in Go's spelling (`1h0m0s`) once it is over; the write is counted from its last percent. */
export function stageOverdue({ progress }: Host, at: number): string | undefined {
  const stage = progress.current_stage;
  const minutes = LIMITS[stage as keyof typeof LIMITS];
  const since = stage === 'Writing image to disk' ? progress.stage_updated_at : progress.stage_started_at;
  if (!minutes || at - since <= minutes * 60_000) return undefined;
  return minutes < 60 ? `${minutes}m0s` : `${Math.floor(minutes / 60)}h${minutes % 60}m0s`;
}

/** The cluster's percentages: 10 for the preparation, 70 for the hosts, 15 for the operators, 100 in the end (§7.3). */
export function totalProgress({ status, monitoredOperators: operators }: Cluster, hosts: Host[]) {
  const installing = hosts.reduce((sum, host) => sum + stagePercentage(host), 0) / Math.max(1, hosts.length);
  const ended = operators.filter((operator) => ['available', 'failed'].includes(operator.status));
  const finalizing = (ended.length / operators.length) * 100;
  const sum = Math.floor(10 + 0.7 * installing + 0.15 * finalizing);
  return { installing, finalizing, total: status === 'installed' ? 100 : sum };
}

const REPORTING = ['installing', 'installing-in-progress', 'installing-pending-user-action', 'installed'];

/** PUT progress of a host. A stage out of order is 409; after a cancel the early ones are taken and ignored. */
export function reportProgress(call: Call): Answer {
  const { service, json } = call;
  const host = hostOf(call);
  const stage = textIn(json, 'current_stage');
  const info = textIn(json, 'progress_info');
  if (!REPORTING.includes(host.status)) {
    if (stage === 'Configuring' || isLeft(stage))
      throw new Refusal(409, `Can't set progress <${stage}> to host in status <${host.status}>`);
    return { status: 200 };
  }
  if (stage === 'Failed') setHost(service, host, 'error', `Failed - ${info}`);
  else enterStage(service, host, stage, info);
  service.lab.record({ kind: 'stage', to: 'service', host: host.id, stage, info });
  const said = `Host: ${hostName(host)}, reached installation stage ${stage}${info ? `: ${info}` : ''}`;
  addEvent(service, host, 'host_install_progress_updated', said);
  return { status: 200 };
}

function enterStage(service: Service, host: Host, stage: string, info: string): void {
  const before = host.progress;
  if (place(stage) < 0)
    throw new Refusal(409, `Stages ${stage} isn't available for host role ${host.role} bootstrap ${host.bootstrap}`);
  if (place(stage) < place(before.current_stage))
    throw new Refusal(
      409,
      `Can't assign lower stage "${stage}" after host has been in stage "${before.current_stage}"`,
    );
  const at = now(service);
  const since = stage === before.current_stage ? before.stage_started_at : at;
  host.progress = { current_stage: stage, progress_info: info, stage_started_at: since, stage_updated_at: at };
  setHost(service, host, stage === 'Done' ? 'installed' : 'installing-in-progress', stage);
}
