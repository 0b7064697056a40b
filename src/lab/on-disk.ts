/** The lab's folder may be out of our reach: said as such, with the folder. */
import { SnobootError } from '../core/errors.ts';

/** Runs `work` on the folder `dir`. SnobootError E-STATE for what the file system refuses. */
export function onDisk<T>(dir: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new SnobootError(
      'E-STATE',
      `cannot use the lab's folder ${dir}: ${error.message}`,
      'make room, or correct its rights or what stands in its place',
      error,
    );
  }
}
