/** The stages that armed faults can wait for, as the history tells that they begin. */
import type { Moment } from './arm.ts';
import type { HistoryEntry } from './context.ts';
import type { LabHost, World } from './world.ts';

/** `Writing image to disk` → `writing-image-to-disk`. */
export const slugOf = (stage: string): string => stage.toLowerCase().replaceAll(' ', '-');

/** The stage that begins with this entry, or null. */
export function momentOf(entry: HistoryEntry, world: World): Moment | null {
  const text = (key: string): string => (typeof entry[key] === 'string' ? entry[key] : '');
  const stage = entry.kind === 'stage' ? text('stage') : entry.kind === 'status' ? text('status') : '';
  const subject = text('host') ? machineOf(text('host'), world)?.id : text('cluster');
  return stage && subject ? { stage: slugOf(stage), subject } : null;
}

/** The stages in which clusters, and hosts with power, are now. */
export function momentsOf(world: World): Moment[] {
  const { clusters, hosts } = world.service;
  return [
    ...Object.values(clusters).map(({ name, status }) => ({ stage: status, subject: name })),
    ...Object.values(hosts).flatMap(({ id, status, progress }) => {
      const machine = machineOf(id, world);
      if (machine?.power !== 'On') return [];
      return [status, progress.current_stage].map((stage) => ({ stage: slugOf(stage), subject: machine.id }));
    }),
  ];
}

/** The machine that the service knows by its UUID; undefined for one that is not the lab's. */
function machineOf(uuid: string, world: World): LabHost | undefined {
  return Object.values(world.hosts).find((host) => host.uuid === uuid);
}
