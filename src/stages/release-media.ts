/** Media out and override cleared: after the write, and before a restart into the disk. */
import { asSnobootError, SnobootError } from '../core/errors.ts';
import type { Bmc } from '../redfish/bmc.ts';
import type { HostContext } from './context.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';

export const timing = {
  deadlineMs: 5 * MINUTE,
  pollMs: 2 * SECOND,
  tries: 3,
  settleMs: 30 * SECOND,
  group: 'bmc' as const,
};

export const CLEAR = { 'clear-override': 'clear the boot override' };

/** Ejects at `Rebooting` and leaves the power alone. */
export const ejectMedia: Stage<HostContext> = {
  ...timing,
  name: 'eject-media',
  waitsFor: 'the BMC to let go of the ISO',
  look: async (host) => {
    const released = await cleared(host, await host.bmc(), true);
    if (released.so) await host.run.media.withdraw(host.subject);
    return released;
  },
  effects: { eject: 'eject our ISO' },
  ifNeeded: CLEAR,
  isSo: 'our ISO is out',
  act: (host, due) => release(host, due),
  expired: (host, seen) => notEjected(host, seen),
};

/** For a host that booted the ISO again after the write (fault PB-24): out with the media, restart into the disk. */
export const bootDisk: Stage<HostContext> = {
  ...timing,
  name: 'boot-disk',
  waitsFor: 'the host to restart into its disk',
  look: async (host) => {
    const media = await cleared(host, await host.bmc(), true);
    if (!media.so) return media;
    // One whose result nobody wrote down may have happened: a second one would hit the first boot from the disk.
    const restart = host.deeds.tries('boot-disk').get('restart');
    if (restart && restart.outcome !== 'failed')
      return { so: true, facts: { restarts: Number(host.facts['restarts'] ?? 0) + 1 } };
    return { so: false, seen: 'media out, the host still runs the ISO', due: 'restart' };
  },
  effects: { restart: 'restart it into its disk' },
  ifNeeded: { eject: 'eject our ISO', ...CLEAR },
  act: async (host, due) => {
    if (due !== 'restart') return release(host, due);
    await (await host.bmc()).power('restart').catch(unlessRefused);
    host.run.say(host.subject, {
      type: 'recovered',
      text: 'the host had not booted from its disk after the write: media out, restarted into its disk',
    });
  },
  expired: (host, seen) => notEjected(host, seen),
};

/** A restart whose answer was lost may have happened: a second one would hit the first boot from the disk. */
function unlessRefused(error: unknown): void {
  if (asSnobootError(error).code !== 'E-BMC-UNREACH') throw error;
}

/** `ejects`: what is in the slot is ours. */
export async function cleared(host: HostContext, bmc: Bmc, ejects: boolean): Promise<Look> {
  const media = await bmc.readMedia();
  if (ejects && media.inserted) return { so: false, seen: 'media still in the slot', due: 'eject' };
  if (!host.deeds.owes.has('override')) return { so: true };
  const { enabled, target } = await bmc.readBoot();
  const clear =
    enabled === 'Disabled' || target === null || target === 'None' || host.notes['overrideCleared'] === true;
  return clear
    ? { so: true }
    : { so: false, seen: `boot override still reads ${enabled} ${target}`, due: 'clear-override' };
}

export async function release(host: HostContext, due: string): Promise<void> {
  const bmc = await host.bmc();
  if (due === 'eject') return bmc.eject();
  await bmc.clearBoot();
  // Some emulators read back Continuous whatever is written (sushy-tools): once written it is owed no more.
  const { enabled } = await bmc.readBoot();
  host.notes['overrideCleared'] = enabled === 'Continuous';
}

export function notEjected(host: HostContext, seen: string): SnobootError {
  return new SnobootError(
    'E-MEDIA-EJECT',
    `the BMC of ${host.subject} was not left clean: ${seen}`,
    `eject the virtual media and clear the boot override in the BMC at ${host.bmcHost}`,
  );
}
