/** The agent's answers to steps, from the machine and its network (assisted-service.md §3.4). */
import type { StepReply } from '../faults.ts';
import { DURATIONS } from '../durations.ts';
import { takeInventory } from './inventory.ts';
import { uploadLogs } from './logs.ts';
import type { Live } from './live-types.ts';
import { findDisk } from './disks.ts';

export interface Step {
  type: string;
  id: string;
  args: string[];
}

type Handler = (live: Live, args: string[]) => unknown;

/** Step type → output. A missing one is a step that this agent cannot do. */
const HANDLERS: Record<string, Handler> = {
  inventory: (live) => live.lab.faults.at('host.inventory', live.host.id, takeInventory(live)),
  'domain-resolution': resolveDomains,
  'free-network-addresses': (live, [networks]) => (parse(networks) as string[]).map((network) => freeIn(live, network)),
  'ntp-synchronizer': (live) => ({
    ntp_sources: [{ source_name: live.network.routes[0]?.gateway ?? 'pool.ntp.example', source_state: 'synced' }],
  }),
  'connectivity-check': (_, [hosts]) => ({ remote_hosts: (parse(hosts) as RemoteHost[]).map(reach) }),
  'container-image-availability': (_, [question]) => ({
    images: (parse(question) as { images: string[] }).images.map((name) => ({
      name,
      result: 'success',
      size_bytes: 333_000_000,
      time: 8.1,
      download_rate: 41.1,
    })),
  }),
  'installation-disk-speed-check': (_, [question]) => ({
    io_sync_duration: 3,
    path: (parse(question) as { path: string }).path,
  }),
  'logs-gather': async (live, [order]) => {
    await uploadLogs(live, (parse(order) as { cluster_id: string }).cluster_id);
    return '';
  },
  'stop-installation': (live) => {
    live.installer?.abort(new Error('told to stop'));
    return '';
  },
  'upgrade-agent': (live, [order]) => {
    const { agent_image } = parse(order) as { agent_image: string };
    live.config = { ...live.config, version: agent_image };
    return { agent_image, result: 'success' };
  },
};

const SLOW: Record<string, number> = {
  'installation-disk-speed-check': DURATIONS.diskSpeedStep,
  'container-image-availability': DURATIONS.imagesStep,
};

/** The reply; null for an install that can begin, which is answered by what it does. */
export async function answerStep(live: Live, { type, args }: Step): Promise<StepReply | null> {
  if (type === 'install') return installProblem(live, args[0]);
  await live.lab.clock.sleep(SLOW[type] ?? DURATIONS.step, live.signal);
  const handler = HANDLERS[type];
  if (!handler) return { exitCode: -1, output: '', error: `no such step: ${type}` };
  const output = await handler(live, args);
  return { exitCode: 0, output: output === '' ? '' : JSON.stringify(output), error: '' };
}

function installProblem(live: Live, order: string | undefined): StepReply | null {
  const { boot_device: device } = parse(order) as { boot_device: string };
  return findDisk(live.host, device) ? null : { exitCode: 1, output: '', error: `no disk ${device}` };
}

const parse = (text: string | undefined): unknown => JSON.parse(text ?? '{}');

/** A name server that knows the cluster's names, if the host was given one. */
function resolveDomains({ network }: Live, [question]: string[]): unknown {
  const own = network.interfaces.flatMap(({ addresses }) => addresses)[0]?.split('/')[0];
  const lookUp = (name: string): string[] => {
    if (network.dns.length === 0 || name.startsWith('validateNoWildcardDNS')) return [];
    return /^(api|api-int|[^.]+\.apps)\./.test(name) && own ? [own] : ['203.0.113.10'];
  };
  const { domains } = parse(question) as { domains: { domain_name: string }[] };
  return {
    resolutions: domains.map(({ domain_name }) => ({
      domain_name,
      ipv4_addresses: lookUp(domain_name),
      ipv6_addresses: [],
      cnames: [],
    })),
  };
}

function freeIn({ network }: Live, cidr: string): unknown {
  const taken = network.interfaces.flatMap(({ addresses }) => addresses.map((address) => address.split('/')[0]));
  const head = cidr.split('.').slice(0, 3).join('.');
  const candidates = Array.from({ length: 20 }, (_, i) => `${head}.${200 + i}`);
  return { network: cidr, free_addresses: candidates.filter((address) => !taken.includes(address)) };
}

interface RemoteHost {
  host_id: string;
  nics?: { mac: string; ip_addresses?: string[] }[];
}

function reach({ host_id, nics }: RemoteHost): unknown {
  const peers = (nics ?? []).flatMap(({ mac, ip_addresses }) => (ip_addresses ?? []).map((ip) => ({ mac, ip })));
  return {
    host_id,
    l2_connectivity: peers.map(({ mac, ip }) => ({ remote_ip_address: ip, remote_mac: mac, successful: true })),
    l3_connectivity: peers.map(({ ip }) => ({
      remote_ip_address: ip,
      successful: true,
      average_rtt_ms: 0.4,
      packet_loss_percentage: 0,
    })),
  };
}
