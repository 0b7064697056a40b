/** The agent of this machine at the service. Says what the machine did meanwhile: read the ISO, or booted something else. */
import { SnobootError } from '../core/errors.ts';
import { inventoryOf } from '../assisted/inventory.ts';
import type { Host } from '../assisted/types.ts';
import { type HostContext, fact } from './context.ts';
import { HOUR, type Look, MINUTE, SECOND, type Stage } from './stage.ts';
import { isMediumLost } from './keep-media.ts';
import { isThisMachine } from './witness.ts';

/** After so long without a byte read since power-on the machine has booted something else. */
const NO_READ_MS = 10 * MINUTE;
/** And after so long since the last byte no agent comes any more: a slow BMC may read for hours, and is let (HO-03). */
const NO_AGENT_MS = 30 * MINUTE;

/** Less than this part of the ISO is a live system that pages, not one that boots. */
const MOVED = 0.01;

export const awaitAgent: Stage<HostContext> = {
  name: 'await-agent',
  waitsFor: 'the agent to register',
  isSo: 'its agent is at the service',
  deadlineMs: 6 * HOUR,
  pollMs: 5 * SECOND,
  tries: 0,
  settleMs: 0,
  group: 'bmc',
  look: async (host) => {
    if (!Array.isArray(host.notes['agentsBefore'])) host.run.watch.refresh();
    const cluster = await host.run.watch.cluster(fact(host.cluster, 'clusterId'));
    refuseExtraHosts(host, cluster?.hosts ?? []);
    const hosts = aliveNow(host, cluster?.hosts ?? []);
    const mine = hosts.find((one) => isThisMachine(host, one)) ?? onlyUnknown(host, hosts);
    if (mine && isCutOff(mine)) return bootAgain(host);
    if (mine) return { so: true, facts: { hostId: mine.id } };
    if (await isMediumLost(host)) return { so: true, facts: { mediaLost: true } };
    return reading(host);
  },
  expired: (host) => noAgent(host, 'six hours'),
};

/** The live system lost its ISO, as it does when the run was away for longer than the media server waits: it does not come back by itself. */
function isCutOff({ status, status_info }: Host): boolean {
  return status === 'disconnected' && /discovery media/.test(status_info);
}

function bootAgain({ run, subject }: HostContext): Look {
  run.say(subject, { type: 'recovered', text: 'the host lost its ISO while nobody served it: one more boot' });
  return { so: true, facts: { mediaLost: true } };
}

function noAgent(host: HostContext, time: string): SnobootError {
  return new SnobootError(
    'E-HOST-NOAGENT',
    `${host.subject} read ${host.run.media.bytesRead(host.subject)} bytes of the ISO, but no agent registered within ${time}`,
    "look at the host's console: network (DHCP, static network, DNS), the way to the service, and the pull of the agent's image",
  );
}

/** A record of an earlier boot looks alive for minutes (§2.3): only one that checked in since power-on counts. */
function aliveNow({ notes }: HostContext, hosts: Host[]): Host[] {
  const sign = ({ id, checked_in_at }: Host): string => `${id} ${checked_in_at ?? ''}`;
  const known = notes['agentsBefore'];
  const before = Array.isArray(known) ? known : hosts.map(sign);
  notes['agentsBefore'] = before;
  return hosts.filter((one) => one.checked_in_at === undefined || !before.includes(sign(one)));
}

async function reading(host: HostContext): Promise<Look> {
  const { notes, run } = host;
  const now = run.clock.now();
  const read = run.media.bytesRead(host.subject);
  notes['awaitedSince'] ??= now;
  const size = Number(host.cluster.facts['isoSize']);
  if (read >= Number(notes['bytesSeen'] ?? notes['bytesAtPowerOn'] ?? 0) + size * MOVED) {
    notes['bytesSeen'] = read;
    notes['movedAt'] = now;
  }
  if ((notes['movedAt'] ?? null) === null) {
    if (now - Number(notes['awaitedSince']) >= NO_READ_MS) throw await nothingRead(host);
    return { so: false, seen: 'the host to read the ISO' };
  }
  const quiet = now - Number(notes['movedAt']);
  if (quiet >= NO_AGENT_MS) throw noAgent(host, '30 minutes after the last one');
  const percent = Math.min(100, Math.floor((100 * read) / size));
  return quiet < 2 * MINUTE && percent < 100
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

/** Before its inventory came a host shows nothing but its id: with one machine in the cluster it can be nobody else. */
function onlyUnknown(host: HostContext, hosts: Host[]): Host | undefined {
  const [only] = hosts;
  return host.cluster.hosts.length === 1 && hosts.length === 1 && only && !inventoryOf(only) ? only : undefined;
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
  );
}
