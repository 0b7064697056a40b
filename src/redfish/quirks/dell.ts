/** Dell iDRAC: redfish.md 2.1. */
import { GENERIC, type Quirk } from './quirk.ts';

/**
 * `Cd` is the virtual drive only from iDRAC9 4.40 on (dell/iDRAC-Redfish-Scripting issue 90); iDRAC8 and iDRAC10 want
 * the attributes too. The generation is the number that the manager's model begins with, "15G Monolithic": 14 to 16 are
 * iDRAC9 (openstack/ironic drac/boot.py). Slot `1` first on 6.00 and later (ironic bug 2125571).
 */
export const dell: Quirk = {
  ...GENERIC,
  family: 'dell',
  matches: /\bDell\b/i,
  firstSlots: ['1', 'CD'],
  licence: 'an iDRAC Enterprise or Datacenter licence',
  attributeBoot: {
    wanted: (model, firmware) => {
      const generation = Number(/^(\d+)G\b/.exec(model)?.[1]);
      if (!Number.isFinite(generation)) return false;
      return generation < 14 || generation > 16 || firmwareNumber(firmware) < 4.4;
    },
    link: { vendor: 'Dell', list: 'DellAttributes', id: /^iDRAC\./ },
    once: {
      'ServerBoot.1.BootOnce': 'Enabled',
      'ServerBoot.1.FirstBootDevice': 'VCD-DVD',
      'VirtualMedia.1.BootOnce': 'Enabled',
    },
    clear: {
      'ServerBoot.1.BootOnce': 'Disabled',
      'ServerBoot.1.FirstBootDevice': 'Normal',
      'VirtualMedia.1.BootOnce': 'Disabled',
    },
  },
};

/** `4.40.10.00` → 4.4; an unreadable one counts as new. */
function firmwareNumber(firmware: string): number {
  const found = /^(\d+)\.(\d{2})/.exec(firmware);
  return found ? Number(`${found[1]}.${found[2]}`) : Number.POSITIVE_INFINITY;
}
