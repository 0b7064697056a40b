/** One machine of a plan: who it is, what lives there, which disk, which ISO by which address. */
import type { Cluster } from '../assisted/types.ts';
import { asSnobootError, type ErrorRecord } from '../core/errors.ts';
import type { Facts } from '../core/events.ts';
import { routedAddress } from '../media/address.ts';
import { meetingOf } from '../stages/admission.ts';
import type { HostContext } from '../stages/context.ts';
import { judge } from '../stages/identity.ts';
import type { PlannedHost } from '../view/plan.ts';
import type { Gate } from './gate.ts';
import type { LookRequest } from './look-only.ts';
import { livingOn } from './plan-living.ts';

export interface HostLooks {
  /** In place of check-bmc: nothing is pinned, nothing is served. The first answer holds. */
  meet(host: HostContext): Promise<Facts>;
  of(host: HostContext): Promise<PlannedHost>;
}

type Met = Pick<PlannedHost, 'identity' | 'known' | 'power' | 'medium' | 'problem'>;

const NOT_MET: Met = { identity: null, known: null, power: null, medium: null, problem: null };

export function createHostLooks(
  { inventory }: LookRequest,
  held: Cluster[],
  gate: Gate,
  signal: AbortSignal,
): HostLooks {
  const met = new Map<string, Met>();
  const meetOnce = async (host: HostContext): Promise<Facts> => {
    try {
      const { identity } = await gate(() => host.bmc());
      const meeting = await meetingOf(host, signal);
      met.set(host.subject, await metOf(host));
      const known = judge(meeting);
      met.set(host.subject, { ...met.get(host.subject)!, known });
      return { ...identity };
    } catch (error) {
      const problem: ErrorRecord = asSnobootError(error).record();
      met.set(host.subject, { ...(met.get(host.subject) ?? NOT_MET), problem });
      throw error;
    }
  };
  const meetings = new Map<string, Promise<Facts>>();
  const meet = (host: HostContext): Promise<Facts> => {
    const meeting = meetings.get(host.subject) ?? meetOnce(host);
    meetings.set(host.subject, meeting);
    return meeting;
  };
  return {
    meet,
    of: async (host) => {
      const seen = met.get(host.subject) ?? NOT_MET;
      const { imageType, openshiftVersion } = host.cluster.spec;
      const { bmc } = host.spec;
      return {
        name: host.spec.name,
        bmc: bmc.kind === 'redfish' ? bmc.origin : '',
        ...seen,
        livesThere: livingOn(host, seen.identity?.serial ?? host.spec.identity.serial, held),
        disk: diskRule(host.spec),
        iso: `${imageType} of OpenShift ${openshiftVersion}`,
        mediaAddress: await mediaAddress(host, inventory.media),
      };
    },
  };
}

async function metOf(host: HostContext): Promise<Met> {
  const bmc = await host.bmc();
  const { vendor, model, serial, uuid, macs, firmware } = bmc.identity;
  const [power, medium] = [await bmc.readPower(), await bmc.readMedia()];
  return {
    identity: { vendor, model, serial, uuid, macs, firmware },
    known: null,
    power,
    medium: medium.inserted ? (medium.image ?? 'something') : null,
    problem: null,
  };
}

function diskRule({ rootDeviceHints: hints, disks }: HostContext['spec']): string {
  const given = Object.entries(hints ?? {}).map(([name, value]) => `${name} ${value}`);
  const which = given.length > 0 ? `the disk with ${given.join(' and ')}` : 'the only eligible disk';
  return `${which} is erased; ${disks.others === 'keep' ? 'others are kept' : 'others that are bootable are erased too, after they were shown'}`;
}

async function mediaAddress(host: HostContext, media: LookRequest['inventory']['media']): Promise<string | null> {
  const address = media.address ?? (await routedAddress(host.bmcHost).catch(() => null));
  if (address === null) return null;
  const name = address.includes(':') ? `[${address}]` : address;
  return `http://${name}${media.port === null ? '' : `:${media.port}`}`;
}
