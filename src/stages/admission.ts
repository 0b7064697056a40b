/** The gate before a machine: who is behind its BMC, who vouches for it, and from when on it is known. */
import { SnobootError } from '../core/errors.ts';
import { claimsOf, type HostContext } from './context.ts';
import { introduction, judge, type Meeting, pinOf } from './identity.ts';

/** What is known before anything is decided of this host: throws E-PROTECTED, and what `host.bmc` throws. */
export async function meetingOf(host: HostContext, signal: AbortSignal): Promise<Meeting> {
  const { machines } = host.run;
  const { shown, neighbours } = await machines.rollCall(host.subject, () => host.bmc(), signal);
  const protection = machines.protectedBy(shown);
  if (protection !== null)
    throw new SnobootError(
      'E-PROTECTED',
      `the machine behind the BMC of ${host.subject} is protected: ${protection}`,
      'leave the host out, by the inventory or --limit; no flag overrides this, and nothing was changed on it',
    );
  const { bmc } = host.spec;
  return {
    address: bmc.kind === 'redfish' ? bmc.origin.replace(/^\w+:\/\//, '') : host.bmcHost,
    wanted: claimsOf(host),
    others: machines.claims.filter(({ subject }) => subject !== host.subject),
    shown,
    neighbours,
    pin: host.pin.recall(),
    place: host.pin.place,
    hasCertificate: bmc.kind === 'redfish' && bmc.trust.kind === 'pin',
  };
}

const verdicts = new WeakMap<HostContext, Promise<void>>();

/**
 * Before the first write to a BMC (design §5): nothing contradicts, and something agrees or somebody vouches. From then on
 * the BMC is known. The verdict holds for the life. Throws E-IDENT, E-IDENT-NEW, E-PROTECTED, and what `host.bmc` throws.
 */
export function admit(host: HostContext, signal: AbortSignal): Promise<void> {
  const verdict = verdicts.get(host) ?? meet(host, signal);
  verdicts.set(host, verdict);
  verdict.catch(() => signal.aborted && verdicts.delete(host));
  return verdict;
}

async function meet(host: HostContext, signal: AbortSignal): Promise<void> {
  const meeting = await meetingOf(host, signal);
  const verdict = judge(meeting);
  const how = verdict === 'new' ? await vouched(host, meeting, signal) : 'inventory';
  const pin = pinOf(meeting);
  const { pin: before } = meeting;
  if (before?.fingerprint === pin.fingerprint && before.serial === pin.serial && before.uuid === pin.uuid) return;
  host.pin.keep(pin, how);
  host.run.say(host.subject, { type: 'pinned', bmc: meeting.address, ...pin, how });
}

async function vouched(host: HostContext, meeting: Meeting, signal: AbortSignal): Promise<'asked' | 'accept-new'> {
  const who = introduction(meeting);
  const how = await host.run.machines.vouch(`${host.subject}: its BMC was never met before: ${who}`, signal);
  if (how) return how;
  const { serial, uuid } = pinOf(meeting);
  const line = serial ? `serialNumber: ${serial}` : uuid ? `uuid: ${uuid}` : 'its fingerprint';
  throw new SnobootError(
    'E-IDENT-NEW',
    `the BMC of ${host.subject} was never met before, and nothing in the inventory says whose it is: ${who}`,
    `compare it with the machine, then put ${line} into the inventory, or add --accept-new; nothing was changed on it`,
  );
}
