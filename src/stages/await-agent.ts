/** The agent of this machine at the service. Says what the machine did meanwhile: read the ISO, or booted something else. */
import { SnobootError } from '../core/errors.ts';
import { inventoryOf } from '../assisted/inventory.ts';
import type { Host } from '../assisted/types.ts';
import { type HostContext, fact } from './context.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';

/** After so long without a byte read since power-on the machine has booted something else. */
const NO_READ_MS = 10 * MINUTE;

export const awaitAgent: Stage<HostContext> = {
  name: 'await-agent',
  waitsFor: 'the agent to register',
  deadlineMs: 30 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 0,
  settleMs: 0,
  group: 'bmc',
  look: async (host) => {
    const cluster = await host.run.watch.cluster(fact(host.cluster, 'clusterId'));
    const hosts = cluster?.hosts ?? [];
    refuseExtraHosts(host, hosts);
    const mine = hosts.find((one) => isThisMachine(host, one)) ?? onlyUnknown(host, hosts);
    if (mine) return { so: true, facts: { hostId: mine.id } };
    host.facts['awaitedSince'] ??= host.run.clock.now();
    return reading(host, host.run.clock.now() - Number(host.facts['awaitedSince']));
  },
  expired: (host) =>
    new SnobootError(
      'E-HOST-NOAGENT',
      `${host.subject} read ${host.run.media.bytesRead(host.subject)} bytes of the ISO, but no agent registered within 30 minutes`,
      "look at the host's console: network (DHCP, static network, DNS), the way to the service, and the pull of the agent's image",
    ),
};

async function reading(host: HostContext, waitedMs: number): Promise<Look> {
  const size = Number(host.cluster.facts['isoSize']);
  const read = host.run.media.bytesRead(host.subject);
  if (read <= Number(host.facts['bytesAtPowerOn'] ?? 0)) {
    if (waitedMs >= NO_READ_MS) throw await nothingRead(host);
    return { so: false, seen: 'the host to read the ISO' };
  }
  const percent = Math.min(100, Math.floor((100 * read) / size));
  return percent < 100
    ? { so: false, seen: 'the host reads the ISO', percent }
    : { so: false, seen: 'the agent to register' };
}

/** An override that is still armed: the firmware never got that far. One that is gone: something else was booted. */
async function nothingRead(host: HostContext): Promise<SnobootError> {
  const { enabled } = await (await host.bmc()).readBoot();
  const pending = enabled === 'Once';
  return new SnobootError(
    pending ? 'E-MEDIA-NOREAD' : 'E-BOOT-IGNORED',
    pending
      ? `${host.subject} is powered on, but read nothing of the ISO in ten minutes and has not used its boot override`
      : `${host.subject} used up its boot override but read nothing of the ISO in ten minutes: it booted something else`,
    pending
      ? "look at the host's console: it hangs before it boots"
      : 'put the virtual CD first in the boot order of the BIOS, or update the BMC firmware, then deploy again',
  );
}

function isThisMachine(host: HostContext, one: Host): boolean {
  const wanted = [host.spec.bootMACAddress, ...host.spec.macs.map(({ mac }) => mac), ...bmcMacs(host)];
  const seen = (inventoryOf(one)?.interfaces ?? []).map(({ mac }) => mac);
  return seen.some((mac) => wanted.includes(mac));
}

/** Before its inventory came a host shows nothing but its id: with one machine in the cluster it can be nobody else. */
function onlyUnknown(host: HostContext, hosts: Host[]): Host | undefined {
  const [only] = hosts;
  return host.cluster.hosts.length === 1 && hosts.length === 1 && only && !inventoryOf(only) ? only : undefined;
}

function bmcMacs({ facts }: HostContext): string[] {
  return Array.isArray(facts['macs']) ? facts['macs'] : [];
}

function refuseExtraHosts(host: HostContext, hosts: Host[]): void {
  const expected = host.cluster.hosts.length;
  const strangers = hosts.filter(
    (one) => inventoryOf(one) && !host.cluster.hosts.some((known) => isThisMachine(known, one)),
  );
  if (strangers.length === 0) return;
  const names = strangers.map(
    (one) => `${one.requested_hostname ?? one.id} (${inventoryOf(one)?.interfaces[0]?.mac ?? 'no NIC'})`,
  );
  throw new SnobootError(
    'E-HOST-EXTRA',
    `a machine that is not in the inventory registered with this cluster: ${names.join(', ')}; expected ${expected}`,
    'find out who booted this ISO, delete that host at the service, then deploy again',
  );
}
