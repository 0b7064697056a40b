/** failed.retry: what `--limit @FILE` takes to try again what a run did not bring to its end. */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Verb } from '../core/events.ts';
import { printable } from '../core/secret.ts';
import type { Brought } from './bring.ts';
import { inventoryName } from './folders.ts';
import { isUnfinished } from './outcome.ts';
import type { RunRequest, Session } from './session.ts';
import { writePrivate } from './state-home.ts';

const NAME = 'failed.retry';

export interface Retry {
  verb: Verb;
  /** The inventory's file name. */
  inventory: string;
  /** `Inventory.home`, and the folder of the run in it. */
  home: string;
  runDir: string;
  /** ISO 8601. */
  at: string;
  /** Clusters that did not come to a good end, and how many there were. */
  failed: readonly string[];
  of: number;
}

/**
 * Writes it into the run's folder and, for a deploy, as `.snoboot/failed.retry`, which goes when nothing failed; returns the path to name
 * to people, null when nothing failed. Throws as node:fs does.
 */
export function keepRetry(retry: Retry): string | null {
  const { verb, inventory, home, runDir, failed } = retry;
  const [own, current] = [join(runDir, NAME), join(home, NAME)];
  if (failed.length > 0) write(own, retry);
  else rmSync(own, { force: true });
  if (verb !== 'deploy') return failed.length > 0 ? own : null;
  if (failed.length > 0) write(current, retry);
  else if (inventoryOf(current) === printable(inventory, 200)) rmSync(current, { force: true });
  return failed.length > 0 ? current : null;
}

export interface RetryPath {
  /** Null where everything went well. */
  path: string | null;
}

/** Writes it for a run that is over, and says into `retry` where. Returns what hindered it. */
export function keepFailed(
  { folders, contexts }: Pick<Session, 'folders' | 'contexts'>,
  { verb, written, clock }: Pick<RunRequest, 'verb' | 'written' | 'clock'>,
  ends: ReadonlyMap<string, Brought>,
  retry: RetryPath,
): string[] {
  const failed = contexts.map(({ subject }) => subject).filter((name) => isUnfinished(ends.get(name)!));
  const at = new Date(clock.wall()).toISOString();
  const run = { verb, inventory: inventoryName(written), home: written.home, runDir: folders.runDir, at };
  try {
    retry.path = keepRetry({ ...run, failed, of: contexts.length });
    return [];
  } catch (error) {
    return [`failed.retry could not be written: ${(error as Error).message}`];
  }
}

function write(path: string, { verb, inventory, runDir, at, failed, of }: Retry): void {
  const head = `# ${printable(inventory, 200)}: ${failed.length} of ${of} clusters to ${verb} again, after the run ${basename(runDir)} of ${at}`;
  const next = join(dirname(path), `.${NAME}.new`);
  rmSync(next, { force: true });
  writePrivate(next, `${[head, ...failed].join('\n')}\n`, 'wx');
  renameSync(next, path);
}

/** Of which inventory the file tells: several may lie in one folder. */
function inventoryOf(path: string): string | null {
  try {
    return /^# (.*): \d+ of \d+ clusters/.exec(readFileSync(path, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}
