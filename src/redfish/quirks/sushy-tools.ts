/** sushy-tools' emulator: redfish.md 2.10. */
import { GENERIC, type Quirk } from './quirk.ts';

/** `BootSourceOverrideEnabled` always reads `Continuous`, even after `Disabled`. */
export const sushyTools: Quirk = {
  ...GENERIC,
  family: 'sushy-tools',
  matches: /Sushy Emulator/,
  enabledNeverChanges: true,
};
