/** HPE iLO 5 and later: redfish.md 2.2. */
import { GENERIC, type Quirk } from './quirk.ts';

/** `BootSourceOverrideMode` is refused with 400 (community.general 3509, 3581, 3690). */
export const hpe: Quirk = {
  ...GENERIC,
  family: 'hpe',
  matches: /\bHPE?\b|Hewlett/i,
  firstSlots: ['2'],
  sendMode: 'never',
  licence: 'an iLO Advanced licence',
};
