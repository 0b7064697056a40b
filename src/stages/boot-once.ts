/** Off, the one-time boot from the virtual CD, on: each step read back before the next one. */
import { SnobootError } from '../core/errors.ts';
import type { HostContext } from './context.ts';
import type { Deed } from './deeds.ts';
import { isCdArmed } from './slot.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

/** What await-agent and keep-media note of a boot: the next one begins without. */
const OF_A_BOOT = ['agentsBefore', 'awaitedSince', 'bytesSeen', 'movedAt', 'slotReadAt', 'slotEmpty'];

export const bootOnce: Stage<HostContext> = {
  name: 'boot-once',
  waitsFor: 'the host to be powered on with the ISO as its next boot',
  deadlineMs: 10 * MINUTE,
  pollMs: 2 * SECOND,
  tries: 3,
  settleMs: MINUTE,
  group: 'bmc',
  look: async (host) => {
    const bmc = await host.bmc();
    const power = await bmc.readPower();
    const switchedOn = host.deeds.last('boot-once', 'power-on');
    if (switchedOn && power === 'On') return { so: true };
    if (switchedOn && isYoung(host, switchedOn)) return { so: false, seen: `power is ${power} after power-on` };
    if (power === 'On') return { so: false, seen: 'power is On', due: 'power-off' };
    if (power !== 'Off') return { so: false, seen: `power is ${power}` };
    if (!host.deeds.last('boot-once', 'override')) return { so: false, seen: 'power is Off', due: 'override' };
    const boot = await bmc.readBoot();
    const seen = `boot override reads ${boot.enabled} ${boot.target ?? '(no target)'}`;
    return { so: false, seen, due: isCdArmed(boot) ? 'power-on' : 'override' };
  },
  effects: { override: 'boot from the ISO once', 'power-on': 'switch it on' },
  ifNeeded: { 'power-off': 'switch it off' },
  isSo: 'it was booted from the ISO',
  act: async (host, due) => {
    const bmc = await host.bmc();
    if (due === 'override') return bmc.bootOnce();
    if (due === 'power-off') return bmc.power('off');
    for (const note of OF_A_BOOT) host.notes[note] = null;
    host.notes['bytesAtPowerOn'] = host.run.media.bytesRead(host.subject);
    await bmc.power('on');
  },
  expired: (host, seen) => {
    const armed = host.deeds.last('boot-once', 'override') && !host.deeds.last('boot-once', 'power-on');
    return new SnobootError(
      armed ? 'E-BOOT' : 'E-POWER',
      `${host.subject} could not be booted from the ISO: ${seen}`,
      'look at power and boot settings in the BMC, then deploy again',
    );
  },
};

/** A power-on that was accepted, or not answered, may show late (PB-13); one that never shows is tried again. */
function isYoung({ run }: HostContext, { at, code }: Deed): boolean {
  return (code === undefined || code === 'E-BMC-UNREACH') && run.clock.now() - at < bootOnce.settleMs;
}
