/** What installer and controller report: stages, operators, ingress CA, logs (assisted-service.md §3.6). */
import { addEvent, type Call, clusterOf, hostName, hostOf, now, textIn, touch } from './service.ts';
import { clusterView, operatorsView } from './views.ts';
import { type Answer, Refusal } from './wire.ts';

const REPORTING = ['installing', 'finalizing', 'installing-pending-user-action'];

/** PUT progress: the controller enters a finalizing stage. */
export function reportFinalizing(call: Call): Answer {
  const cluster = clusterOf(call);
  if (!REPORTING.includes(cluster.status))
    throw new Refusal(400, `cluster is ${cluster.status}, not in one of allowed statuses: [${REPORTING.join(' ')}]`);
  const stage = textIn(call.json, 'finalizing_stage');
  cluster.finalizing = { finalizing_stage: stage, finalizing_stage_started_at: now(call.service) };
  const said = `Updated finalizing stage of the cluster to '${stage}'`;
  addEvent(call.service, cluster, 'cluster_finalizing_stage_updated', said);
  touch(call.service, cluster);
  return { status: 200 };
}

/** GET monitored-operators. */
export function listOperators(call: Call): Answer {
  return { status: 200, json: operatorsView(clusterOf(call)) };
}

/** PUT monitored-operators: status of one operator, 404 for one that is not monitored. */
export function reportOperator({ service, json, ...call }: Call): Answer {
  const cluster = clusterOf({ service, json, ...call });
  const operator = cluster.monitoredOperators.find(({ name }) => name === json['name']);
  if (!operator) throw new Refusal(404, 'record not found');
  Object.assign(operator, json, { status_updated_at: now(service) });
  const message = `Operator ${operator.name} status: ${operator.status} message: ${operator.status_info}`;
  addEvent(service, cluster, 'cluster_operator_status', message);
  touch(service, cluster);
  return { status: 200 };
}

/** POST ingress-cert: a JSON string; without it a cluster never becomes installed. */
export function uploadIngressCa(call: Call): Answer {
  const cluster = clusterOf(call);
  if (cluster.status !== 'finalizing' && cluster.status !== 'installed') {
    const why = 'upload ingress ca can be done only in finalizing or installed state';
    throw new Refusal(400, `Cluster ${cluster.id} is in ${cluster.status} state, ${why}`);
  }
  cluster.ingressCa = true;
  touch(call.service, cluster);
  return { status: 201 };
}

/** Today this decides nothing: the monitor looks at operators and ingress CA. */
export function completeInstallation(call: Call): Answer {
  return { status: 202, json: clusterView(call.service, clusterOf(call), 'written') };
}

/** PUT logs-progress, of the controller or of a host. */
export function reportLogs(call: Call): Answer {
  const item = 'host_id' in call.params ? hostOf(call) : clusterOf(call);
  item.logs_info = textIn(call.json, 'logs_state');
  if (item.kind === 'Host' && item.logs_info === 'requested') item.logs_started_at = now(call.service);
  touch(call.service, item);
  return { status: 204 };
}

/** POST logs: multipart with one file, of a host. */
export function uploadLogs(call: Call): Answer {
  const { service, query } = call;
  const cluster = clusterOf(call);
  const host = service.world.hosts[query.get('host_id') ?? ''];
  const logArchive = uploadedFile(call).toString('base64');
  if (host) {
    Object.assign(host, { logArchive, logs_collected_at: now(service) });
    addEvent(service, host, 'host_logs_uploaded', `Uploaded logs for host ${hostName(host)} cluster ${cluster.id}`);
  }
  touch(service, cluster);
  return { status: 204 };
}

function uploadedFile({ headers, body }: Call): Buffer {
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1];
  const start = body.indexOf('\r\n\r\n') + 4;
  const end = boundary ? body.indexOf(`\r\n--${boundary}`, start) : -1;
  if (start < 4 || end < 0) throw new Refusal(400, 'upfile in formData is required', 'openapi');
  return body.subarray(start, end);
}
