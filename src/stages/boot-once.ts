/** Off, the one-time boot from the virtual CD, on: each step read back before the next one. */
import { SnobootError } from '../core/errors.ts';
import type { HostContext } from './context.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';

const CD_TARGETS = /cd|dvd|remotedrive/i;

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
    if (host.facts['poweredOn']) return poweredOn(power);
    if (!host.facts['off']) {
      if (power === 'On') return { so: false, seen: 'power is On', due: 'power-off' };
      if (power !== 'Off') return { so: false, seen: `power is ${power}` };
      host.facts['off'] = true;
    }
    if (!host.done.override) return { so: false, seen: 'power is Off', due: 'override' };
    const { enabled, target } = await bmc.readBoot();
    const armed = enabled !== 'Disabled' && target !== null && CD_TARGETS.test(target);
    if (!armed)
      return { so: false, seen: `boot override reads ${enabled} ${target ?? '(no target)'}`, due: 'override' };
    return { so: false, seen: `boot override reads ${enabled} ${target}`, due: 'power-on' };
  },
  act: async (host, due) => {
    const bmc = await host.bmc();
    if (due === 'override') {
      host.done.override = true;
      return bmc.bootOnce();
    }
    host.done.power = true;
    if (due === 'power-off') return bmc.power('off');
    host.facts['bytesAtPowerOn'] ??= host.run.media.bytesRead(host.subject);
    Object.assign(host.facts, { poweredOn: true, poweredOnAt: host.run.clock.now() });
    await bmc.power('on');
  },
  expired: (host, seen) => {
    const code = host.facts['off'] && !host.facts['poweredOn'] ? 'E-BOOT' : 'E-POWER';
    return new SnobootError(
      code,
      `${host.subject} could not be booted from the ISO: ${seen}`,
      'look at power and boot settings in the BMC, then deploy again',
    );
  },
};

function poweredOn(power: string): Look {
  return power === 'On'
    ? { so: true, facts: { poweredOn: true } }
    : { so: false, seen: `power is ${power} after power-on`, due: 'power-on' };
}
