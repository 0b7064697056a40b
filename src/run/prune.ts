/** Old runs go, with the ISOs and their pull secrets in them. */
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadRecord } from '../media/record.ts';
import { JOURNAL, readJournal } from './journal-file.ts';
import { isAlive, runFolders, type RunState, stateOf } from './last-run.ts';

export interface PruneOptions {
  /** How many ended runs of each inventory stay; at least 1. */
  keep: number;
  /** Name of the run that is about to end: it counts, and stays. */
  current: string;
}

export interface Pruned {
  /** Names of runs. */
  removed: string[];
  /** What could not be removed or looked at, one line each. */
  warnings: string[];
}

interface Run {
  dir: string;
  /** Undefined in the first format: it counts for any inventory. */
  inventory: string | undefined;
  state: RunState;
}

/**
 * Removes the runs in `.snoboot` (`root`) that have as many newer ended ones of the same inventory as are kept: so an unfinished
 * one goes only when it cannot be gone on with any more. A run that works, whose media server lives or whose journal cannot be
 * read stays. Never throws.
 */
export function pruneRuns(root: string, { keep, current }: PruneOptions): Pruned {
  const pruned: Pruned = { removed: [], warnings: [] };
  const attempt = <T>(what: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      pruned.warnings.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const folders = attempt('old runs stay', () => runFolders(root)) ?? [];
  const runs = folders.flatMap((dir) => attempt(`${dir} stays`, () => runIn(dir)) ?? []);
  for (const [i, run] of runs.entries()) {
    const isEnded = ({ dir, state }: Run): boolean => state === 'ended' || basename(dir) === current;
    const newer = runs.slice(0, i).filter((other) => isEnded(other) && isSame(run, other));
    if (newer.length < Math.max(1, keep) || basename(run.dir) === current || run.state === 'running') continue;
    attempt(`${run.dir} stays`, () => {
      if (hasMediaServer(run.dir)) return;
      remove(run.dir);
      pruned.removed.push(basename(run.dir));
    });
  }
  return pruned;
}

function runIn(dir: string): Run | undefined {
  const file = join(dir, JOURNAL);
  const journal = readJournal(file);
  if (!journal) return undefined;
  const { header, events } = journal;
  return { dir, inventory: header.format === 1 ? undefined : header.inventory, state: stateOf(events, file) };
}

function isSame(run: Run, other: Run): boolean {
  return run.inventory === undefined || run.inventory === other.inventory;
}

function hasMediaServer(dir: string): boolean {
  const { server } = loadRecord(dir);
  return server !== null && isAlive(server.pid);
}

/** The journal last: a folder without one is no run's and would never go. */
function remove(dir: string): void {
  for (const name of readdirSync(dir)) if (name !== JOURNAL) rmSync(join(dir, name), { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
}
