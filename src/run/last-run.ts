/** The runs that lie beside an inventory, from their journals alone: the last one, and how it stands. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import type { RunEvent, Verb } from '../core/events.ts';
import { JOURNAL, type JournalRead, readHeader, readJournal } from './journal-file.ts';
import type { AnyHeader } from './journal-shape.ts';
import { latestSource } from './source.ts';

/** `running`: its process lives; `killed`: it does not, and nobody wrote down that the run ended. */
export type RunState = 'running' | 'ended' | 'killed';

export interface LastRun extends JournalRead {
  runDir: string;
  state: RunState;
}

/**
 * The newest run of the inventory with this file name kept in `home`; null if there is none that began. A journal of the
 * first format, which does not name its inventory, counts for any. Throws E-JOURNAL, E-JOURNAL-VERSION or E-STATE.
 */
export function lastRun(home: string, inventory: string): LastRun | null {
  for (const runDir of runFolders(home)) {
    const file = join(runDir, JOURNAL);
    const header = readHeader(file);
    const journal = header && isOf(header, inventory) ? readJournal(file) : null;
    if (journal) return { ...journal, runDir, state: stateOf(journal.events, file) };
  }
  return null;
}

/** What was typed to begin the life of a run that is to be gone on with, as far as it says what is done. */
export interface Typed {
  verb: Verb;
  /** The clusters that it is about, where its inventory has more. */
  limit: string | null;
  replace: boolean;
  stopAfter: string | null;
}

export function typedOf({ header, events }: Pick<LastRun, 'header' | 'events'>): Typed {
  const plain = { verb: 'deploy', limit: null, replace: false, stopAfter: null } as const;
  if (header.format === 1) return plain;
  const life = lifeOf(header.verb, events);
  if (!life) return { ...plain, verb: header.verb, replace: header.replace };
  const names = life.clusters.map(({ name }) => name);
  const isWhole = Object.keys(latestSource(header, events).clusters).every((name) => names.includes(name));
  return {
    verb: life.verb,
    limit: isWhole ? null : names.join(','),
    replace: header.replace && life.verb === header.verb,
    stopAfter: life.stopAfter ?? null,
  };
}

/** The last one; but where that was a cleanup that came to its end and left the run open, the last one of the run itself. */
function lifeOf(verb: Verb, events: readonly RunEvent[]) {
  const lives = events.filter((event) => event.type === 'run.started');
  const last = lives.at(-1);
  const since = events.filter(({ seq }) => seq > (last?.seq ?? 0));
  const isOver = last?.clusters.every(({ name }) =>
    since.some(({ type, subject }) => type === 'cluster.ended' && subject === name),
  );
  const isOpen = !since.some(({ type }) => type === 'run.ended');
  return isOver && isOpen ? (lives.findLast((life) => life.verb === verb) ?? last) : last;
}

/** The events of every run of the inventory that can be read, newest first. */
export function earlierRuns(home: string, inventory: string): RunEvent[][] {
  return runFolders(home).flatMap((runDir) => {
    try {
      const journal = readJournal(join(runDir, JOURNAL));
      return journal && isOf(journal.header, inventory) ? [journal.events] : [];
    } catch (error) {
      if (error instanceof SnobootError) return [];
      throw error;
    }
  });
}

/** Folders of runs in `.snoboot`, newest first: those that `createFolders` named. Throws E-STATE. */
export function runFolders(root: string): string[] {
  const runs = join(root, 'runs');
  try {
    const folders = readdirSync(runs, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const names = folders.map(({ name }) => name).filter((name) => /^\d{8}T\d{6}Z-[a-z0-9]+$/.test(name));
    return names
      .sort()
      .reverse()
      .map((name) => join(runs, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new SnobootError('E-STATE', `cannot read ${runs} (${code})`, 'correct the rights of the folder', error);
  }
}

function isOf(header: AnyHeader, inventory: string): boolean {
  return header.format === 1 || header.inventory === inventory;
}

export function stateOf(events: readonly RunEvent[], file: string): RunState {
  if (events.at(-1)?.type === 'run.ended') return 'ended';
  const life = events.findLast((event) => event.type === 'run.started');
  return life && hasOpen(life.pid, file) ? 'running' : 'killed';
}

/**
 * Whether the process has the journal open, as the one that writes it does: a number that was given away again does not
 * deceive, nor does a clock that was set. Where that cannot be seen (no /proc): whether the process lives.
 */
function hasOpen(pid: number, file: string): boolean {
  const { dev, ino } = statSync(file);
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const open = statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false });
      return open?.dev === dev && open.ino === ino;
    });
  } catch {
    return isAlive(pid);
  }
}

/** Whether a process of ours has this number; one that another user's process got is gone. */
export function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
