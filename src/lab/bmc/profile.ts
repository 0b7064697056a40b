/** What can differ between two families of BMC. */

export interface Refusal {
  status: number;
  id: string;
  text: string;
}

export interface SlotProfile {
  id: string;
  name: string;
  mediaTypes: string[];
}

export interface Profile {
  vendor: string;
  product: string;
  manufacturer: string;
  model: string;
  biosVersion: string;
  managerModel: string;
  firmware: string;
  /** Prefix of the standard message ids. */
  base: string;
  systemId: string;
  managerId: string;
  slotsUnder: 'Managers' | 'Systems';
  /** One that takes no ISO, and the CD slot. */
  slots: [other: SlotProfile, cd: SlotProfile];
  /** Id of the n-th NIC (from 1). */
  nicId: (n: number) => string;
  resetTypes: string[];
  resetSlash: boolean;
  bootTargets: string[];
  /** False: a PATCH with BootSourceOverrideMode is refused. */
  takesBootMode: boolean;
  /** What a slot shows beside MediaTypes, ConnectedVia and Inserted when nothing is in it. */
  emptySlot: { Image: '' | null; ImageName?: null; WriteProtected: true | null };
  /** Status of a write that worked; 200 comes with a message. */
  success: 200 | 204;
  weakEtags: boolean;
  /** True: a PATCH without If-Match is 428. */
  wantsIfMatch: boolean;
  /** Whether an insert is answered by a task. */
  insertTask: boolean;
  /** What an insert gets when the ISO cannot be read; null: nobody looks before the host boots. */
  unreachable: Refusal | null;
  occupied: Refusal;
  /** What the eject of an empty slot gets; null: success. */
  nothingToEject: Refusal | null;
  samePower: Refusal;
}
