/** The world on disk: `world.json`, replaced as a whole by rename. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { World } from './world.ts';

/** The world of a former run, or null. SnobootError E-STATE when the file is none of ours. */
export function readWorld(dir: string): World | null {
  const path = join(dir, 'world.json');
  try {
    const world = JSON.parse(readFileSync(path, 'utf8')) as Omit<World, 'format'> & { format: unknown };
    if (world.format === 1) return { ...world, format: 1 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new SnobootError('E-STATE', `${path} cannot be read as a lab's world`, `remove ${dir} to begin with a new lab`);
}

export interface WorldSaver {
  /** The world has changed: it is saved soon, together with what changes until then. */
  changed(): void;
  /** Saves now. */
  flush(): void;
}

const REAL_PAUSE_MS = 400;

export function saveWorld(dir: string, world: World, clock: Clock, signal: AbortSignal): WorldSaver {
  const path = join(dir, 'world.json');
  let waiting = false;
  const flush = (): void => {
    world.now = clock.now();
    writeFileSync(`${path}.new`, JSON.stringify(world), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  return {
    flush,
    changed() {
      if (waiting || signal.aborted) return;
      waiting = true;
      clock.sleep(REAL_PAUSE_MS * clock.factor, signal).then(
        () => ((waiting = false), flush()),
        () => undefined,
      );
    },
  };
}
