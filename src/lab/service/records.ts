/** What can be read back: events with their count headers, and the logs (assisted-service.md §1.9). */
import { pack } from 'tar-stream';
import type { Host } from './host-state.ts';
import { type Call, clusterOf, hostName, hostsOf, now } from './service.ts';
import type { Cluster, ServiceEvent } from './state.ts';
import { type Answer, Refusal, shown } from './wire.ts';

const SEVERITIES = ['Info', 'Warning', 'Error', 'Critical'];
const MOST_EVENTS = 5000;

/** GET events. The severity counts ignore the severities filter. */
export function listEvents({ service, query }: Call): Answer {
  const text = (name: string): string => query.get(name) ?? '';
  const isWanted = (name: string, value: string): boolean => !text(name) || text(name).split(',').includes(value);
  const matching = service.world.events.filter(
    (event) =>
      isWanted('cluster_id', event.cluster_id) &&
      isWanted('infra_env_id', event.infra_env_id) &&
      isWanted('host_ids', event.host_id) &&
      (text('cluster_level') !== 'true' || !event.host_id) &&
      event.message.includes(text('message')),
  );
  const found = matching.filter((event) => isWanted('severities', event.severity));
  if (text('order') === 'descending') found.reverse();
  const offset = Number(text('offset'));
  const count = (severity: string): string =>
    String(matching.filter((event) => event.severity === severity.toLowerCase()).length);
  return {
    status: 200,
    json: found.slice(offset, offset + Number(text('limit') || MOST_EVENTS)).map(shown),
    headers: {
      'Event-Count': String(found.length),
      ...Object.fromEntries(SEVERITIES.map((name) => [`Severity-Count-${name}`, count(name)])),
    },
  };
}

/** GET logs: one host's, or a tar of everything, which always has the events. The controller here uploads none. */
export async function downloadLogs(call: Call): Promise<Answer> {
  const { service, query } = call;
  const cluster = clusterOf(call);
  const type = query.get('logs_type') ?? 'all';
  if (type === 'controller') throw new Refusal(409, `Controller Logs for cluster ${cluster.id} were not found`);
  const hosts = hostsOf(service, cluster).filter((host) => host.logArchive);
  if (type === 'all') {
    const events = service.world.events.filter((event) => event.cluster_id === cluster.id);
    return {
      status: 200,
      octets: await archive(cluster, hosts, events, now(service)),
      name: `${cluster.name}_${cluster.id}.tar`,
    };
  }
  const host = hosts.find(({ id }) => id === query.get('host_id'));
  if (!host) throw new Refusal(409, `Logs for host ${query.get('host_id')} of cluster ${cluster.id} were not found`);
  return { status: 200, octets: Buffer.from(host.logArchive, 'base64'), name: logsName(cluster, host) };
}

function logsName(cluster: Cluster, host: Host): string {
  return `${cluster.name}_${host.bootstrap ? 'bootstrap' : host.role}_${hostName(host)}.tar.gz`;
}

async function archive(cluster: Cluster, hosts: Host[], events: ServiceEvent[], at: number): Promise<Buffer> {
  const tar = pack();
  const mtime = new Date(at);
  tar.entry({ name: 'cluster_events.json', mtime }, JSON.stringify(events.map(shown)));
  for (const host of hosts) tar.entry({ name: logsName(cluster, host), mtime }, Buffer.from(host.logArchive, 'base64'));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk);
  return Buffer.concat(chunks);
}
