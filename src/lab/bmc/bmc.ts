/** One emulated BMC: its board, its login sessions and its one task. Sessions and the task are gone when the lab goes down. */
import type { Lab } from '../context.ts';
import type { Machine } from '../host/machine.ts';
import type { LabHost } from '../world.ts';
import type { Refusal, Profile } from './profile.ts';

export interface Bmc {
  lab: Lab;
  host: LabHost;
  profile: Profile;
  machine: Machine;
  /** Token to session id. */
  sessions: Map<string, string>;
  task: Task | null;
  /** Lab time of the first request; null before it. */
  firstRequestAt: number | null;
}

export interface Task {
  state: 'Running' | 'Completed' | 'Exception';
  startedAt: number;
  endedAt: number | null;
  refusal: Refusal | null;
}

export const ROOT = '/redfish/v1';
export const TASK_PATH = `${ROOT}/TaskService/Tasks/1`;
export const MONITOR_PATH = `${ROOT}/TaskService/TaskMonitors/1`;
export const SESSIONS_PATH = `${ROOT}/SessionService/Sessions`;

export const systemPath = (profile: Profile): string => `${ROOT}/Systems/${profile.systemId}`;
export const managerPath = (profile: Profile): string => `${ROOT}/Managers/${profile.managerId}`;
export const slotPath = (profile: Profile, id: string): string =>
  `${profile.slotsUnder === 'Systems' ? systemPath(profile) : managerPath(profile)}/VirtualMedia/${id}`;

/** The slot that takes an ISO. */
export function cdSlot(profile: Profile): string {
  return profile.slots.find(({ mediaTypes }) => mediaTypes.includes('CD'))!.id;
}
