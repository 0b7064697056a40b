/** The table of faults and cut wires: name → the one seam that it changes, and how. */
import { flipByte, otherInfraEnv, otherMacs } from './fault-changes.ts';
import { type FaultRow, row } from './fault-row.ts';
import { OUTAGES } from './outages.ts';
import type { AgentInventory, StepReply } from './seams.ts';

function reply(about: string, stepType: string, change: (reply: StepReply | null) => StepReply | null): FaultRow {
  return row('host.reply', about, (v) => (v.stepType === stepType ? { ...v, reply: change(v.reply) } : v));
}

/** A reply whose JSON output is another one. */
function output(about: string, stepType: string, change: (output: Record<string, unknown>) => unknown): FaultRow {
  return reply(about, stepType, (r) => {
    if (!r?.output) return r;
    return { ...r, output: JSON.stringify(change(JSON.parse(r.output) as Record<string, unknown>)) };
  });
}

function inventory(about: string, change: (inventory: AgentInventory) => Partial<AgentInventory>): FaultRow {
  return row('host.inventory', about, (v) => ({ ...v, ...change(v) }));
}

interface Resolution {
  domain_name: string;
  ipv4_addresses: string[];
}

function resolutions(about: string, names: RegExp, addresses: string[]): FaultRow {
  return output(about, 'domain-resolution', (out) => ({
    resolutions: (out['resolutions'] as Resolution[]).map((r) =>
      names.test(r.domain_name) ? { ...r, ipv4_addresses: addresses } : r,
    ),
  }));
}

const UNAUTHORIZED = {
  status: 401,
  headers: { 'WWW-Authenticate': 'Basic realm="BMC"' },
  body: { error: { code: 'Base.1.12.GeneralError', message: 'The account is not allowed to log in.' } },
};
const BUSY = {
  status: 503,
  headers: { 'Retry-After': '5' },
  body: {
    error: { code: 'Base.1.12.ServiceTemporarilyUnavailable', message: 'The service is temporarily unavailable.' },
  },
};
const ROOTS = /^\/redfish(\/v1)?\/?$/;
const BUSY_MS = 60_000;
const GIB = 1024 ** 3;
const NO_REPLY = (): null => null;
const exits = (code: number, out: unknown, error: string): StepReply => ({
  exitCode: code,
  output: out === '' ? '' : JSON.stringify(out),
  error,
});

export const FAULTS: Record<string, FaultRow> = {
  'embed-byte': row('service.embed-area', 'a byte of the compressed embed area is flipped', flipByte),
  'wrong-infra-env': row('service.ignition', 'agent.service names another infra-env', otherInfraEnv),
  'wrong-mac': row('service.ignition', 'the map of MACs to interfaces names other MACs', otherMacs),
  'no-dns-reply': reply('the agent never replies to domain-resolution', 'domain-resolution', NO_REPLY),
  'wildcard-dns': resolutions('the name that must not resolve has an address', /^validateNoWildcardDNS/, [
    '192.0.2.53',
  ]),
  'clock-behind': row('host.clock-offset', "the host's clock is 30 minutes behind", (ms) => ms - 30 * 60_000),
  'image-pull': output('one container image cannot be pulled', 'container-image-availability', (out) => ({
    images: (out['images'] as object[]).map((image, i) => (i === 0 ? { ...image, result: 'failure' } : image)),
  })),
  'disk-speed-exit': reply('the disk-speed check exits with 1 and an output', 'installation-disk-speed-check', (r) =>
    exits(1, r?.output ? (JSON.parse(r.output) as unknown) : {}, 'fio exited with status 1'),
  ),
  'install-exit': reply('the install step exits with 1', 'install', () =>
    exits(1, '', 'installer container exited with 1'),
  ),
  'early-eject': row('host.media-pulled', 'the medium is pulled at `Writing image to disk`', (v) =>
    v.stage === 'Writing image to disk' ? { ...v, pulled: true } : v,
  ),
  'no-inventory': reply('the agent never sends its inventory', 'inventory', NO_REPLY),
  'hostname-localhost': inventory('the host calls itself localhost', () => ({ hostname: 'localhost' })),
  'name-not-kept': row('service.host-name', 'the service drops the name that a PATCH gives', () => null),
  'no-address': inventory('no interface has an IPv4 address', (i) => ({
    interfaces: i.interfaces.map((nic) => ({ ...nic, ipv4_addresses: [] })),
  })),
  'other-subnet': inventory("the host's address lies outside the machine network", (i) => ({
    interfaces: i.interfaces.map((nic) => ({
      ...nic,
      ipv4_addresses: nic.ipv4_addresses.map(() => '198.51.100.77/24'),
    })),
  })),
  'no-default-route': inventory('the host has no default route', (i) => ({
    routes: i.routes.filter(({ destination }) => destination !== '0.0.0.0'),
  })),
  'few-cpus': inventory('the host has one CPU', (i) => ({ cpu: { ...i.cpu, count: 1 } })),
  'little-memory': inventory('the host has 4 GiB of memory', (i) => ({
    memory: { ...i.memory, physical_bytes: 4 * GIB, usable_bytes: 4 * GIB },
  })),
  'small-disk': inventory('each disk has 10 GB', (i) => ({
    disks: i.disks.map((disk) => ({ ...disk, size_bytes: 10_000_000_000 })),
  })),
  'extra-disk': row(
    'host.extra-disks',
    'a second disk of 32 GB, bootable and full of data, is in the host',
    (disks) => [...disks, { name: 'sdb', sizeBytes: 32_000_000_000, driveType: 'HDD' as const }],
  ),
  'skip-not-kept': row('service.skips-disk', 'the service drops what a PATCH puts on the skip list', () => false),
  'ntp-unsynced': output('no NTP source is synced', 'ntp-synchronizer', (out) => ({
    ntp_sources: (out['ntp_sources'] as object[]).map((source) => ({ ...source, source_state: 'unreachable' })),
  })),
  'dns-unresolved': resolutions(
    'api, api-int and apps do not resolve',
    /^(api|api-int|console-openshift-console\.apps)\./,
    [],
  ),
  'slow-disk': output('a synced write takes 45 ms', 'installation-disk-speed-check', (out) => ({
    ...out,
    io_sync_duration: 45,
  })),
  'bmc-401': row('bmc.answer', 'the BMC refuses every login', (v) =>
    ROOTS.test(v.path) ? v : { ...v, answer: UNAUTHORIZED },
  ),
  'bmc-503': row('bmc.answer', 'the BMC answers each GET of its first 60 s with 503 and Retry-After', (v) =>
    v.method === 'GET' && v.elapsedMs < BUSY_MS ? { ...v, answer: BUSY } : v,
  ),
  'override-ignored': row(
    'host.boot-device',
    'the firmware boots an old system from disk, whatever it is told',
    () => 'old-system',
  ),
  'iso-unreachable': row(
    'bmc.media-url',
    'the BMC has no route to the address of the ISO',
    () => 'http://127.0.0.1:9/gone.iso',
  ),
  'no-agent': row('host.agent-starts', 'the agent does not come up on the live system', () => false),
  'boots-iso-again': row(
    'host.reboot',
    'after the write the host is back in the ISO before anybody can eject it',
    // Without POST the service does not lose the silent host before it is back.
    () => ({ bootOrder: ['cd', 'disk'], postMs: 0, reportedLate: true }),
  ),
  ...OUTAGES,
};
