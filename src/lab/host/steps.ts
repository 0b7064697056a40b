/** The agent's answers to steps, from the machine and its network (assisted-service.md §3.4). */
import type { StepReply } from '../faults.ts';
import { DURATIONS } from '../durations.ts';
import { takeInventory } from './inventory.ts';
import { uploadLogs } from './logs.ts';
import type { Live } from './live-types.ts';
import { findDisk } from './disks.ts';

type Handler = (live: Live, argument: string) => unknown;

/** Step type → output. A missing one is a step that this agent cannot do. */
const HANDLERS: Record<string, Handler> = {
  inventory: (live) => live.lab.faults.at('host.inventory', live.host.id, takeInventory(live)),
  'domain-resolution': resolveDomains,
  'free-network-addresses': (live, networks) => (JSON.parse(networks) as string[]).map((cidr) => freeIn(live, cidr)),
  'ntp-synchronizer': ({ network }) => ({
    ntp_sources: [{ source_name: network.routes[0]?.gateway ?? 'pool.ntp.example', source_state: 'synced' }],
  }),
  // A single node has no peers.
  'connectivity-check': () => ({ remote_hosts: [] }),
  'container-image-availability': (_, question) => ({
    images: (JSON.parse(question) as { images: string[] }).images.map((name) => ({
      name,
      result: 'success',
      size_bytes: 333_000_000,
      time: 8.1,
      download_rate: 41.1,
    })),
  }),
  'installation-disk-speed-check': (_, question) => ({
    io_sync_duration: 3,
    path: (JSON.parse(question) as { path: string }).path,
  }),
  'logs-gather': async (live, order) => {
    await uploadLogs(live, (JSON.parse(order) as { cluster_id: string }).cluster_id);
    return '';
  },
  'stop-installation': (live) => {
    live.installer?.abort(new Error('told to stop'));
    return '';
  },
};

const SLOW: Record<string, number> = {
  'installation-disk-speed-check': DURATIONS.diskSpeedStep,
  'container-image-availability': DURATIONS.imagesStep,
};

/** The reply; null for an install that can begin, which is answered by what it does. */
export async function answerStep(live: Live, type: string, [argument = '{}']: string[]): Promise<StepReply | null> {
  if (type === 'install') return installProblem(live, argument);
  await live.lab.clock.sleep(SLOW[type] ?? DURATIONS.step, live.signal);
  const handler = HANDLERS[type];
  if (!handler) return { exitCode: -1, output: '', error: `no such step: ${type}` };
  const output = await handler(live, argument);
  return { exitCode: 0, output: output === '' ? '' : JSON.stringify(output), error: '' };
}

function installProblem(live: Live, order: string): StepReply | null {
  const { boot_device: device } = JSON.parse(order) as { boot_device: string };
  return findDisk(live.host, device) ? null : { exitCode: 1, output: '', error: `no disk ${device}` };
}

const addressesOf = ({ network }: Live): string[] =>
  network.interfaces.flatMap(({ addresses }) => addresses.map((address) => address.split('/')[0]!));

/** A name server that knows the cluster's names, if the host was given one. */
function resolveDomains(live: Live, question: string): unknown {
  const [own] = addressesOf(live);
  const lookUp = (name: string): string[] => {
    if (live.network.dns.length === 0 || name.startsWith('validateNoWildcardDNS')) return [];
    return /^(api|api-int|[^.]+\.apps)\./.test(name) && own ? [own] : ['203.0.113.10'];
  };
  const { domains } = JSON.parse(question) as { domains: { domain_name: string }[] };
  const resolutions = domains.map(({ domain_name: name }) => ({
    domain_name: name,
    ipv4_addresses: lookUp(name),
    ipv6_addresses: [],
    cnames: [],
  }));
  return { resolutions };
}

function freeIn(live: Live, cidr: string): unknown {
  const taken = addressesOf(live);
  const head = cidr.split('.').slice(0, 3).join('.');
  const candidates = Array.from({ length: 20 }, (_, i) => `${head}.${200 + i}`);
  return { network: cidr, free_addresses: candidates.filter((address) => !taken.includes(address)) };
}
