/** ETags of a BMC's resources. */
import { createHash } from 'node:crypto';
import { type Bmc, cdSlot, slotPath, systemPath } from './bmc.ts';

/** The ETag of the resource at a path, as it is now. */
export function etagOf({ host, profile, sessions, task }: Bmc, path: string): string {
  const { system, slot } = host.bmc.generation;
  const own =
    path === systemPath(profile)
      ? system
      : path === slotPath(profile, cdSlot(profile))
        ? slot
        : `${[...sessions.values()].join()} ${task?.state}`;
  const tag = createHash('sha256').update(`${path} ${own}`).digest('hex').slice(0, 8).toUpperCase();
  return `${profile.insert === 'task' ? '' : 'W/'}"${tag}"`;
}
