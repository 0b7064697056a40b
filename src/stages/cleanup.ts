/** The way back: media out, override cleared and, where that is owed, power off. */
import type { HostContext } from './context.ts';
import { recordOf } from './current-cluster.ts';
import type { Deed } from './deeds.ts';
import { CLEAR, cleared, notEjected, release, timing } from './release-media.ts';
import { type Look, MINUTE, type Stage } from './stage.ts';
import { isWriting } from './writing.ts';

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
