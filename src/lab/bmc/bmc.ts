/** One emulated BMC: its board and its one task, which is gone when the lab goes down. */
import type { Lab } from '../context.ts';
import type { Machine } from '../host/machine.ts';
import type { LabHost } from '../world.ts';
import type { Profile, Refusal } from './profile.ts';

export interface Bmc {
  lab: Lab;
  host: LabHost;
  profile: Profile;
  machine: Machine;
  task: Task | null;
  /** Lab time of the first request; null before it. */
  firstRequestAt: number | null;
}

export interface Task {
  state: 'Running' | 'Completed' | 'Exception';
  refusal: Refusal | null;
}

export type Document = Record<string, unknown>;

export const ROOT = '/redfish/v1';
export const TASK_PATH = `${ROOT}/TaskService/Tasks/1`;

export const systemPath = (profile: Profile): string => `${ROOT}/Systems/${profile.systemId}`;
export const managerPath = (profile: Profile): string => `${ROOT}/Managers/${profile.managerId}`;
export const slotsPath = (profile: Profile): string =>
  `${profile.slotsUnder === 'Systems' ? systemPath(profile) : managerPath(profile)}/VirtualMedia`;
