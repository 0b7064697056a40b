/** How the three families of BMC differ, as data. Paths and shapes: redfish.md 2.1, 2.2 and the vendors' documents named there. */
import type { BmcProfile } from '../spec.ts';

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

const STANDARD_RESETS = ['On', 'ForceOff', 'GracefulShutdown', 'ForceRestart', 'GracefulRestart', 'PushPowerButton', 'Nmi'];

const IDRAC9: Profile = {
  vendor: 'Dell',
  manufacturer: 'Dell Inc.',
  model: 'PowerEdge R7615',
  biosVersion: '1.6.10',
  managerModel: '16G Monolithic',
  firmware: '7.00.60.00',
  base: 'Base.1.12',
  systemId: 'System.Embedded.1',
  managerId: 'iDRAC.Embedded.1',
  slotsUnder: 'Managers',
  slots: [
    { id: 'RemovableDisk', name: 'Virtual Removable Disk', mediaTypes: ['USBStick'] },
    { id: 'CD', name: 'Virtual CD', mediaTypes: ['CD', 'DVD'] },
  ],
  nicId: (n) => `NIC.Embedded.${n}-1-1`,
  resetTypes: [...STANDARD_RESETS, 'PowerCycle'],
  resetSlash: false,
  bootTargets: ['None', 'Pxe', 'Floppy', 'Cd', 'Hdd', 'BiosSetup', 'Utilities', 'UefiTarget', 'SDCard', 'UefiHttp'],
  takesBootMode: true,
  emptyImage: null,
  success: 204,
  insert: 'reads',
  wantsIfMatch: false,
  nothingToEject: { status: 500, id: 'IDRAC.2.8.VRM0009', text: 'No virtual media devices are currently connected.' },
  samePower: {
    status: 409,
    id: 'IDRAC.2.8.PSU501',
    text: 'Unable to complete the operation because the server is already in the power state that was requested.',
  },
  occupied: { status: 500, id: 'IDRAC.2.8.VRM0012', text: 'The virtual media is already attached.' },
  unreachable: {
    status: 400,
    id: 'IDRAC.2.8.RAC0720',
    text: 'Unable to locate the ISO or IMG image file at the location that was given.',
  },
};

const ILO5: Profile = {
  vendor: 'HPE',
  manufacturer: 'HPE',
  model: 'ProLiant DL325 Gen10 Plus',
  biosVersion: 'A43 v2.52 (10/29/2021)',
  managerModel: 'iLO 5',
  firmware: 'iLO 5 v2.46',
  base: 'Base.1.4',
  systemId: '1',
  managerId: '1',
  slotsUnder: 'Managers',
  slots: [
    { id: '1', name: 'VirtualMedia', mediaTypes: ['Floppy', 'USBStick'] },
    { id: '2', name: 'VirtualMedia', mediaTypes: ['CD', 'DVD'] },
  ],
  nicId: (n) => String(n),
  resetTypes: STANDARD_RESETS,
  resetSlash: true,
  bootTargets: ['None', 'Cd', 'Hdd', 'Usb', 'SDCard', 'Utilities', 'Diags', 'BiosSetup', 'Pxe', 'UefiShell', 'UefiHttp'],
  takesBootMode: false,
  emptyImage: '',
  success: 200,
  insert: 'blind',
  wantsIfMatch: false,
  nothingToEject: {
    status: 400,
    id: 'iLO.2.15.NoVirtualMediaConnectionAvailable',
    text: 'No virtual media connections are available.',
  },
  samePower: {
    status: 400,
    id: 'iLO.2.15.InvalidOperationForSystemState',
    text: 'The operation was not successful due to the current power state.',
  },
  occupied: {
    status: 400,
    id: 'iLO.2.15.MaxVirtualMediaConnectionEstablished',
    text: 'No more virtual media connections are available.',
  },
  unreachable: { status: 400, id: 'iLO.2.15.SystemResetRequired', text: 'The image cannot be read.' },
};

const GENERIC: Profile = {
  vendor: 'Generic',
  manufacturer: 'Example Systems',
  model: 'Rack Server 1',
  biosVersion: '3.1.0',
  managerModel: 'BMC 1',
  firmware: '2.15.0',
  base: 'Base.1.16',
  systemId: 'system',
  managerId: 'bmc',
  slotsUnder: 'Systems',
  slots: [
    { id: 'Slot_0', name: 'Virtual media 0', mediaTypes: ['USBStick'] },
    { id: 'Slot_1', name: 'Virtual media 1', mediaTypes: ['CD', 'USBStick'] },
  ],
  nicId: (n) => `eth${n - 1}`,
  resetTypes: [...STANDARD_RESETS, 'PowerCycle'],
  resetSlash: false,
  bootTargets: ['None', 'Pxe', 'Hdd', 'Cd', 'Diags', 'BiosSetup', 'Usb'],
  takesBootMode: true,
  emptyImage: null,
  success: 204,
  insert: 'task',
  wantsIfMatch: true,
  nothingToEject: null,
  samePower: { status: 409, id: 'Base.1.16.ResourceInUse', text: 'The host is already in that power state.' },
  occupied: { status: 409, id: 'Base.1.16.ResourceInUse', text: 'The slot holds another image.' },
  unreachable: {
    status: 400,
    id: 'Base.1.16.ResourceAtUriInUnknownFormat',
    text: 'The image cannot be read from the address that was given.',
  },
};

export const PROFILES: Record<BmcProfile, Profile> = { 'dell-idrac9': IDRAC9, 'hpe-ilo5': ILO5, generic: GENERIC };
