/** The ways back: media out, override cleared and, where that is owed, power off or a restart into the disk. */
import { asSnobootError, SnobootError } from '../core/errors.ts';
import type { Bmc } from '../redfish/bmc.ts';
import type { HostContext } from './context.ts';
import { recordOf } from './current-cluster.ts';
import type { Deed } from './deeds.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';
import { isWriting } from './writing.ts';

const timing = { deadlineMs: 5 * MINUTE, pollMs: 2 * SECOND, tries: 3, settleMs: 30 * SECOND, group: 'bmc' as const };

const CLEAR = { 'clear-override': 'clear the boot override' };

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

/** Leaves the machine as it is owed: note `powerOff` says whether it must end switched off (design §5). */
export const cleanup: Stage<HostContext> = {
  ...timing,
  name: 'cleanup',
  waitsFor: 'the machine to be left clean',
  look: async (host) => {
    const { owes } = host.deeds;
    if (owes.size === 0) {
      // It may have been published, and not been inserted yet.
      await host.run.media.withdraw(host.subject);
      return { so: true };
    }
    const bmc = await host.bmc();
    const released = await cleared(host, bmc, owes.has('media'));
    if (!released.so) return released;
    if (isYoung(host, host.deeds.last('insert-media', 'insert')) && (host.facts['bytesAtInsert'] ?? null) === null)
      return { so: false, seen: 'whether the accepted ISO shows up in the slot' };
    await host.run.media.withdraw(host.subject);
    if (!host.notes['powerOff'] || !owes.has('power')) return { so: true };
    if (await mayBeWriting(host)) return leftOn(host);
    const state = await bmc.readPower();
    if (state !== 'Off') return { so: false, seen: `power is ${state}`, due: 'power-off' };
    const switchedOff = host.deeds.tries('cleanup').has('power-off');
    return !switchedOff && isYoung(host, host.deeds.last('boot-once', 'power-on'))
      ? { so: false, seen: 'whether the accepted power-on shows' }
      : { so: true };
  },
  ifNeeded: {
    eject: 'eject our ISO',
    ...CLEAR,
    'power-off': 'switch it off, if the installation was not begun',
  },
  act: async (host, due) => {
    if (due !== 'power-off') return release(host, due);
    await (await host.bmc()).power('off');
  },
  expired: (host, seen) => notEjected(host, seen),
};

/** So long after a BMC accepted something it may still do it, though it reads as not done (VM-02, PB-13). */
const LATE_MS = MINUTE;

function isYoung({ run }: HostContext, deed: Deed | undefined): boolean {
  return deed !== undefined && run.clock.now() - deed.at < LATE_MS;
}

/** What the service says of it now; where it does not answer, or forgot the host, whether it ever came to an installation. */
async function mayBeWriting(host: HostContext): Promise<boolean> {
  if (host.notes['writing'] === true) return true;
  const { clusterId } = host.cluster.facts;
  if (typeof clusterId !== 'string') return false;
  const triggered = host.cluster.deeds.last('install', 'install') !== undefined;
  const cluster = await host.run.watch.cluster(clusterId).catch(() => undefined);
  if (!cluster) return triggered;
  const record = recordOf(host, cluster.hosts);
  return record ? isWriting(record) : false;
}

/** Never off while it may write (design §5), not even where the service gave it up. */
function leftOn({ run, subject }: HostContext): Look {
  const text = 'left on, because it may still be writing its disk: look at its console before you switch it off';
  run.say(subject, { type: 'warning', text });
  return { so: true };
}

/** `ejects`: what is in the slot is ours. */
async function cleared(host: HostContext, bmc: Bmc, ejects: boolean): Promise<Look> {
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

async function release(host: HostContext, due: string): Promise<void> {
  const bmc = await host.bmc();
  if (due === 'eject') return bmc.eject();
  await bmc.clearBoot();
  // Some emulators read back Continuous whatever is written (sushy-tools): once written it is owed no more.
  const { enabled } = await bmc.readBoot();
  host.notes['overrideCleared'] = enabled === 'Continuous';
}

function notEjected(host: HostContext, seen: string): SnobootError {
  return new SnobootError(
    'E-MEDIA-EJECT',
    `the BMC of ${host.subject} was not left clean: ${seen}`,
    `eject the virtual media and clear the boot override in the BMC at ${host.bmcHost}`,
  );
}
