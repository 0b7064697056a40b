/** What the controller in the new cluster reports in the end: stages, operators, ingress CA, logs (assisted-service.md §3.6). */
import { operatorsView } from './cluster-progress.ts';
import { clusterView, WRITTEN } from './cluster-view.ts';
import { addEvent, type Call, clusterOf, now, touch } from './service.ts';
import type { ClusterStatus } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

const REPORTING: readonly ClusterStatus[] = ['installing', 'finalizing', 'installing-pending-user-action'];

/** PUT progress: the controller enters a finalizing stage. */
export function reportFinalizing(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  if (!REPORTING.includes(cluster.status))
    throw new Refusal(400, `cluster is ${cluster.status}, not in one of allowed statuses: [${REPORTING.join(' ')}]`);
  const stage = String(call.json['finalizing_stage']);
  Object.assign(cluster, { finalizingStage: stage, finalizingStageAt: now(service) });
  const said = `Updated finalizing stage of the cluster to '${stage}'`;
  addEvent(service, { clusterId: cluster.id }, 'cluster_finalizing_stage_updated', said);
  touch(service, cluster);
  return { status: 200 };
}

/** GET monitored-operators. */
export function listOperators(call: Call): Answer {
  return { status: 200, json: operatorsView(clusterOf(call, false)) };
}

/** PUT monitored-operators: status of one operator, 404 for one that is not monitored. */
export function reportOperator(call: Call): Answer {
  const { service, json } = call;
  const cluster = clusterOf(call, false);
  const operator = cluster.operators.find(({ name }) => name === json['name']);
  if (!operator) throw new Refusal(404, 'record not found');
  const text = (name: string): string => (typeof json[name] === 'string' ? json[name] : '');
  const said = { status: text('status'), statusInfo: text('status_info'), version: text('version') };
  Object.assign(operator, said, { statusUpdatedAt: now(service) });
  const message = `Operator ${operator.name} status: ${said.status} message: ${said.statusInfo}`;
  addEvent(service, { clusterId: cluster.id }, 'cluster_operator_status', message);
  touch(service, cluster);
  return { status: 200 };
}

/** POST ingress-cert: a JSON string; without it a cluster never becomes installed. */
export function uploadIngressCa(call: Call): Answer {
  const cluster = clusterOf(call);
  if (cluster.status !== 'finalizing' && cluster.status !== 'installed') {
    const why = `Cluster ${cluster.id} is in ${cluster.status} state, upload ingress ca can be done only in finalizing or installed state`;
    throw new Refusal(400, why);
  }
  cluster.ingressCa = true;
  touch(call.service, cluster);
  return { status: 201 };
}

/** Today this decides nothing: the monitor looks at operators and ingress CA. */
export function completeInstallation(call: Call): Answer {
  return { status: 202, json: clusterView(call.service, clusterOf(call), WRITTEN) };
}

/** PUT logs-progress of the controller. */
export function reportClusterLogs(call: Call): Answer {
  const cluster = clusterOf(call);
  cluster.logsState = String(call.json['logs_state']);
  touch(call.service, cluster);
  return { status: 204 };
}
