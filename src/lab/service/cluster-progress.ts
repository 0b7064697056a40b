/** How far a cluster is, as the API shows it: preparation, percentages, operators (assisted-service.md §2.2, §7.3). */
import type { Host } from './host-state.ts';
import { totalProgress } from './stages.ts';
import type { Cluster } from './state.ts';
import { shortTime } from './wire.ts';

/** How the service's own part of the preparation went. */
export function preparationView({ prepared, installStartedAt }: Cluster): Record<string, string> {
  if (prepared) return { status: 'success', reason: 'Installation preparation successful' };
  return installStartedAt ? { status: 'not_started', reason: 'Installation preparation not performed' } : {};
}

/** The monitored operators; they have no status until the controller reported one. */
export function operatorsView(cluster: Cluster): object[] {
  return cluster.operators.map((operator) => ({
    bundles: null,
    cluster_id: cluster.id,
    name: operator.name,
    operator_type: 'builtin',
    source_bundles: null,
    status_updated_at: shortTime(operator.statusUpdatedAt),
    timeout_seconds: 3600,
    ...(operator.status
      ? { status: operator.status, status_info: operator.statusInfo, version: operator.version }
      : {}),
  }));
}

/** No percentages before the installation has begun. */
export function progressView(cluster: Cluster, hosts: Host[]): Record<string, unknown> {
  const started = { finalizing_stage_started_at: shortTime(cluster.finalizingStageAt) };
  if (!cluster.vip) return started;
  const { installing, finalizing, total } = totalProgress(cluster, hosts);
  return {
    ...started,
    ...(cluster.finalizingStage ? { finalizing_stage: cluster.finalizingStage } : {}),
    preparing_for_installation_stage_percentage: 100,
    ...(installing ? { installing_stage_percentage: installing } : {}),
    ...(finalizing ? { finalizing_stage_percentage: finalizing } : {}),
    total_percentage: total,
  };
}
