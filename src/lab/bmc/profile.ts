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
  slots: SlotProfile[];
  /** Id of the n-th NIC (from 1). */
  nicId: (n: number) => string;
  resetTypes: string[];
  resetSlash: boolean;
  bootTargets: string[];
  /** False: a PATCH with BootSourceOverrideMode is refused. */
  takesBootMode: boolean;
  emptyImage: '' | null;
  /** Status of a write that worked; 200 comes with a message. */
  success: 200 | 204;
  /** When the ISO is asked for: as the insert is answered, by a task, or only when the host boots. */
  insert: 'reads' | 'task' | 'blind';
  /** True: a PATCH without If-Match is 428. */
  wantsIfMatch: boolean;
  /** What the eject of an empty slot gets; null: success. */
  nothingToEject: Refusal | null;
  samePower: Refusal;
  occupied: Refusal;
  unreachable: Refusal;
}
