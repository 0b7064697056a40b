/** Supermicro X11 and later: redfish.md 2.3. */
import { GENERIC, type Quirk } from './quirk.ts';

/**
 * The virtual CD is `UsbCd`, and without the mode the firmware falls back to Legacy (DMTF/Redfishtool pull 106).
 * Mounted only when ConnectedVia is URI as well (buildio/supermicro).
 */
export const supermicro: Quirk = {
  ...GENERIC,
  family: 'supermicro',
  matches: /supermicro/i,
  bootTargets: ['UsbCd', 'UefiUsbCd', 'Cd', 'UefiCd', 'CD/DVD', 'RemoteDrive'],
  sendMode: 'first',
  mountedOnlyByUri: true,
  licence: 'a licence SFT-OOB-LIC or SFT-DCMS-SINGLE',
};
