/** Events with their count headers, and the logs that agents and controller upload (assisted-service.md §1.9). */
import { pack } from 'tar-stream';
import { addEvent, type Call, clusterOf, hostName, now, type Service, subjectOf, touch } from './service.ts';
import type { Host } from './host-state.ts';
import type { Cluster, ServiceEvent } from './state.ts';
import { type Answer, Refusal, shortTime } from './wire.ts';

const SEVERITIES = ['Info', 'Warning', 'Error', 'Critical'];
const MOST_EVENTS = 5000;

/** GET events. The severity counts ignore the severities filter; there are no metrics events here. */
export function listEvents({ service, query }: Call): Answer {
  const text = (name: string): string => query.get(name) ?? '';
  const list = (name: string): string[] => text(name).split(',').filter(Boolean);
  const hosts = [...list('host_ids'), ...list('host_id')];
  const matching = service.world.events.filter(
    (event) =>
      (!text('cluster_id') || event.clusterId === text('cluster_id')) &&
      (!text('infra_env_id') || event.infraEnvId === text('infra_env_id')) &&
      (!hosts.length || hosts.includes(event.hostId)) &&
      (text('cluster_level') !== 'true' || hosts.length > 0 || !event.hostId) &&
      event.message.includes(text('message')) &&
      (!text('categories') || list('categories').includes('user')),
  );
  const wanted = list('severities');
  const found = matching.filter((event) => !wanted.length || wanted.includes(event.severity));
  if (text('order') === 'descending') found.reverse();
  const offset = Number(text('offset'));
  const limit = Number(text('limit') || -1);
  const counts = SEVERITIES.map((name) => [
    `Severity-Count-${name}`,
    String(matching.filter(({ severity }) => severity === name.toLowerCase()).length),
  ]);
  return {
    status: 200,
    json: found.slice(offset, offset + (limit < 0 ? MOST_EVENTS : limit)).map(eventView),
    headers: { 'Event-Count': String(found.length), ...(Object.fromEntries(counts) as Record<string, string>) },
  };
}

function eventView(event: ServiceEvent): Record<string, string> {
  return {
    ...(event.clusterId ? { cluster_id: event.clusterId } : {}),
    ...(event.hostId ? { host_id: event.hostId } : {}),
    ...(event.infraEnvId ? { infra_env_id: event.infraEnvId } : {}),
    event_time: shortTime(event.at),
    name: event.name,
    severity: event.severity,
    message: event.message,
  };
}

/** POST logs: multipart with one file; kept per host, or as the controller's. */
export function uploadLogs(call: Call): Answer {
  const { service, query } = call;
  const cluster = clusterOf(call);
  const upload = { content: uploadedFile(call).toString('base64'), at: now(service) };
  if (query.get('logs_type') === 'controller') cluster.controllerLogs = upload;
  const host = service.world.hosts[query.get('host_id') ?? ''];
  if (host) {
    host.logs = upload;
    const said = `Uploaded logs for host ${hostName(host)} cluster ${cluster.id}`;
    addEvent(service, subjectOf(host), 'host_logs_uploaded', said);
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

/** GET logs: one host's, the controller's, or a tar of everything, which always has the events. */
export async function downloadLogs(call: Call): Promise<Answer> {
  const { service, query } = call;
  const cluster = clusterOf(call);
  const type = query.get('logs_type') ?? 'all';
  if (type === 'all')
    return { status: 200, octets: await archive(service, cluster), name: `${cluster.name}_${cluster.id}.tar` };
  const host = service.world.hosts[query.get('host_id') ?? ''];
  const found = type === 'controller' ? cluster.controllerLogs : host?.logs;
  if (!found) {
    const what =
      type === 'controller' ? 'Controller Logs for cluster' : `Logs for host ${query.get('host_id')} of cluster`;
    throw new Refusal(409, `${what} ${cluster.id} were not found`);
  }
  const name = host ? logsName(cluster, host) : `${cluster.name}_${cluster.id}_controller_logs.tar.gz`;
  return { status: 200, octets: Buffer.from(found.content, 'base64'), name };
}

function logsName(cluster: Cluster, host: Host): string {
  return `${cluster.name}_${host.bootstrap ? 'bootstrap' : host.role}_${hostName(host)}.tar.gz`;
}

async function archive(service: Service, cluster: Cluster): Promise<Buffer> {
  const events = service.world.events.filter((event) => event.clusterId === cluster.id).map(eventView);
  const hosts = Object.values(service.world.hosts).filter((host) => host.clusterId === cluster.id && host.logs);
  const tar = pack();
  const add = (name: string, content: Buffer): unknown => tar.entry({ name, mtime: new Date(now(service)) }, content);
  add('cluster_events.json', Buffer.from(JSON.stringify(events)));
  for (const host of hosts) add(logsName(cluster, host), Buffer.from(host.logs!.content, 'base64'));
  if (cluster.controllerLogs)
    add(`${cluster.name}_controller_logs.tar.gz`, Buffer.from(cluster.controllerLogs.content, 'base64'));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
