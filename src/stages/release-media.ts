/** The ways back: media out, override cleared and, where that is owed, power off or a restart into the disk. */
import { asSnobootError, SnobootError } from '../core/errors.ts';
import type { Bmc } from '../redfish/bmc.ts';
import type { HostContext } from './context.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';

const timing = { deadlineMs: 5 * MINUTE, pollMs: 2 * SECOND, tries: 3, settleMs: 30 * SECOND, group: 'bmc' as const };

/** Ejects at `Rebooting` and leaves the power alone. */
export const ejectMedia: Stage<HostContext> = {
  ...timing,
  name: 'eject-media',
  waitsFor: 'the BMC to let go of the ISO',
  look: async (host) => cleared(host, await host.bmc()),
  act: (host, due) => release(host, due),
  expired: (host, seen) => notEjected(host, seen),
};

/** For a host that booted the ISO again after the write (fault PB-24): out with the media, restart into the disk. */
export const bootDisk: Stage<HostContext> = {
  ...timing,
  name: 'boot-disk',
  waitsFor: 'the host to restart into its disk',
  look: async (host) => {
    const media = await cleared(host, await host.bmc());
    if (!media.so) return media;
    if (host.facts['restarted']) return { so: true };
    return { so: false, seen: 'media out, the host still runs the ISO', due: 'restart' };
  },
  act: async (host, due) => {
    if (due !== 'restart') return release(host, due);
    await (await host.bmc()).power('restart').catch(unlessRefused);
    Object.assign(host.facts, { restarted: true, restartedAt: host.run.clock.now() });
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

/** Leaves the machine as it is owed: fact `powerOff` says whether it must end switched off (design §5). */
export const cleanup: Stage<HostContext> = {
  ...timing,
  name: 'cleanup',
  waitsFor: 'the machine to be left clean',
  look: async (host) => {
    const { media, override, power } = host.done;
    if (host.facts['powerOff'] && host.facts['writing']) throw stillWriting(host);
    if (!media && !override && !power) return { so: true, facts: { clean: true } };
    const bmc = await host.bmc();
    const released = await cleared(host, bmc);
    if (!released.so) return released;
    if (isYoung(host, 'insertedAt') && host.facts['bytesAtInsert'] === undefined)
      return { so: false, seen: 'whether the accepted ISO shows up in the slot' };
    host.run.media.withdraw(host.subject);
    if (!host.facts['powerOff'] || !power) return { so: true, facts: { clean: true } };
    const state = await bmc.readPower();
    if (state !== 'Off') return { so: false, seen: `power is ${state}`, due: 'power-off' };
    return isYoung(host, 'poweredOnAt')
      ? { so: false, seen: 'whether the accepted power-on shows' }
      : { so: true, facts: { clean: true } };
  },
  act: async (host, due) => {
    if (due !== 'power-off') return release(host, due);
    await (await host.bmc()).power('off');
    host.facts['poweredOnAt'] = null;
  },
  expired: (host, seen) => notEjected(host, seen),
};

/** So long after a BMC accepted something it may still do it, though it reads as not done (VM-02, PB-13). */
const LATE_MS = MINUTE;

function isYoung({ facts, run }: HostContext, name: string): boolean {
  const at = facts[name];
  return typeof at === 'number' && run.clock.now() - at < LATE_MS;
}

function stillWriting({ subject }: HostContext): SnobootError {
  return new SnobootError(
    'E-INSTALL-STUCK',
    `${subject} was writing its disk when the service gave up: it was left on, with the ISO inserted`,
    "look at the host's console, then eject the ISO",
  );
}

async function cleared(host: HostContext, bmc: Bmc): Promise<Look> {
  const media = await bmc.readMedia();
  if (media.inserted) return { so: false, seen: 'media still in the slot', due: 'eject' };
  if (!host.done.override) return { so: true };
  const { enabled, target } = await bmc.readBoot();
  const clear =
    enabled === 'Disabled' || target === null || target === 'None' || host.facts['overrideCleared'] === true;
  return clear
    ? { so: true }
    : { so: false, seen: `boot override still reads ${enabled} ${target}`, due: 'clear-override' };
}

async function release(host: HostContext, due: string): Promise<void> {
  const bmc = await host.bmc();
  if (due === 'eject') return bmc.eject();
  await bmc.clearBoot();
  // Some emulators read back Continuous whatever is written (sushy-tools): once written it is owed no more.
  const { enabled } = await bmc.readBoot();
  host.facts['overrideCleared'] = enabled === 'Continuous';
}

function notEjected(host: HostContext, seen: string): SnobootError {
  return new SnobootError(
    'E-MEDIA-EJECT',
    `the BMC of ${host.subject} was not left clean: ${seen}`,
    `eject the virtual media and clear the boot override in the BMC at ${host.bmcHost}`,
  );
}
