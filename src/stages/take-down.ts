/** A machine is taken out of its cluster: off, our medium out, no boot from a CD armed. What others inserted stays. */
import { SnobootError } from '../core/errors.ts';
import { installing, refuseBusy } from './cancel-install.ts';
import type { BootState } from '../redfish/bmc.ts';
import type { HostContext } from './context.ts';
import { ownCluster } from './own-cluster.ts';
import { isCdArmed, isOurs, warnOfForeign } from './slot.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';
import { busyHost } from './writing.ts';

export const takeDown: Stage<HostContext> = {
  name: 'take-down',
  waitsFor: 'the machine to be off, without our ISO',
  deadlineMs: 10 * MINUTE,
  pollMs: 2 * SECOND,
  tries: 3,
  settleMs: MINUTE,
  group: 'bmc',
  look: async (host, signal) => {
    const bmc = await host.bmc();
    const power = await bmc.readPower();
    if (power !== 'Off') return switchOff(host, power, signal);
    const { inserted, image } = await bmc.readMedia();
    if (inserted && isOurs(host, image)) return missing(host, 'E-MEDIA-EJECT', 'our ISO is still in the slot', 'eject');
    if (inserted) warnOfForeign(host);
    const boot = await bmc.readBoot();
    return isCdArmed(boot) && !isCleared(host, boot)
      ? missing(host, 'E-MEDIA-EJECT', `boot override still reads ${boot.enabled} ${boot.target}`, 'clear-override')
      : { so: true };
  },
  ifNeeded: {
    'power-off': 'switch it off, if it is on',
    eject: 'eject our ISO',
    'clear-override': 'clear the boot override',
  },
  isSo: 'it is off, without our ISO',
  act: async (host, due) => {
    const bmc = await host.bmc();
    if (due === 'eject') return bmc.eject();
    if (due === 'clear-override') return bmc.clearBoot();
    await refuseBusy(host.cluster);
    await bmc.power('off');
  },
  expired: (host, seen) => {
    const code = host.notes['missing'];
    if (code !== 'E-POWER' && code !== 'E-MEDIA-EJECT') return installing(seen);
    return new SnobootError(
      code,
      `${host.subject} could not be taken out of its cluster: ${seen}`,
      `look at power and virtual media in the BMC at ${host.bmcHost}, then run this again`,
    );
  },
};

async function switchOff(host: HostContext, power: string, signal: AbortSignal): Promise<Look> {
  const cluster = await ownCluster(host.cluster, signal);
  const busy = cluster && (await busyHost(host.cluster, cluster));
  host.notes['missing'] = null;
  if (busy) return { so: false, ...busy };
  return missing(host, 'E-POWER', `power is ${power}`, power === 'On' ? 'power-off' : undefined);
}

function missing(host: HostContext, code: 'E-POWER' | 'E-MEDIA-EJECT', seen: string, due?: string): Look {
  host.notes['missing'] = code;
  return { so: false, seen, ...(due === undefined ? {} : { due }) };
}

/** Some emulators read back Continuous whatever is written (sushy-tools): once written it is owed no more. */
function isCleared({ deeds }: HostContext, { enabled }: BootState): boolean {
  return enabled === 'Continuous' && deeds.last('take-down', 'clear-override')?.outcome === 'done';
}
