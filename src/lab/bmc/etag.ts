/** ETags of a BMC's resources. */
import { createHash } from 'node:crypto';
import { type Bmc, cdSlot, slotPath, systemPath } from './bmc.ts';

/** The ETag of the resource at a path, as it is now. */
export function etagOf(bmc: Bmc, path: string): string {
  const tag = createHash('sha256')
    .update(`${path} ${generationOf(bmc, path)}`)
    .digest('hex')
    .slice(0, 8)
    .toUpperCase();
  return `${bmc.profile.insert === 'task' ? '' : 'W/'}"${tag}"`;
}

function generationOf({ host, profile, sessions, task }: Bmc, path: string): string | number {
  const { system, slot } = host.bmc.generation;
  if (path === systemPath(profile)) return system;
  if (path === slotPath(profile, cdSlot(profile))) return slot;
  return /Service/.test(path) ? `${[...sessions.values()].join()} ${task?.state}` : 0;
}
