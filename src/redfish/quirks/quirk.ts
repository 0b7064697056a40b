/** How families of BMCs differ, as data; a family only orders the attempts, it never forbids one. */

export interface Quirk {
  family: string;
  /** Held against manufacturer, vendor and the names of OEM sections, joined by spaces. */
  matches: RegExp;
  /** Ids of slots that come first. */
  firstSlots: readonly string[];
  /** Override targets that mean the virtual CD, best first. */
  bootTargets: readonly string[];
  /** Whether `BootSourceOverrideMode: UEFI` goes along: at once, only when refused without, or never. */
  sendMode: 'first' | 'second' | 'never';
  /** Inserted is true before the medium is there: only ConnectedVia `URI` tells. */
  mountedOnlyByUri: boolean;
  /** BootSourceOverrideEnabled reads the same whatever is written: only the target tells. */
  enabledNeverChanges: boolean;
  /** What has to be bought where virtual media are refused for want of it. */
  licence: string;
  /** One-time boot by attributes of the manager, where the standard `Cd` is not the virtual one. */
  attributeBoot?: AttributeBoot;
}

export interface AttributeBoot {
  /** By the manager's model and firmware. */
  wanted: (model: string, firmware: string) => boolean;
  /** Where `Links.Oem.<vendor>` of the manager lists the attribute resources, and which of them it is. */
  link: { vendor: string; list: string; id: RegExp };
  once: Readonly<Record<string, string>>;
  clear: Readonly<Record<string, string>>;
}

/** redfish.md 1.3, 1.7: X10 has no `Cd` but the others. */
export const GENERIC: Quirk = {
  family: 'generic',
  matches: /^/,
  firstSlots: [],
  bootTargets: ['Cd', 'UsbCd', 'UefiUsbCd', 'UefiCd', 'CD/DVD', 'RemoteDrive'],
  sendMode: 'second',
  mountedOnlyByUri: false,
  enabledNeverChanges: false,
  licence: 'the licence for virtual media',
};
