/** How long each stage usually takes, from the journals of earlier runs: read in part where they are long. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../core/events.ts';
import type { Usual } from '../view/usual.ts';
import { JOURNAL } from './journal-file.ts';
import { runFolders } from './last-run.ts';

const MOST_RUNS = 5;
/** Of all journals together; of a longer one its begin and its end are read. */
const MOST_BYTES = 24 * 1024 * 1024;
const MOST_BYTES_EACH = 8 * 1024 * 1024;

/** Medians over the last runs of the inventory: of the subject itself, else of all. Nothing is usual where nothing can be read. */
export function usualTimes(home: string, inventory: string): Usual {
  const times = createTimes();
  try {
    let bytes = 0;
    for (const folder of runFolders(home).slice(0, 2 * MOST_RUNS)) {
      if (bytes >= MOST_BYTES || times.runs >= MOST_RUNS) break;
      bytes += addRun(join(folder, JOURNAL), inventory, times);
    }
  } catch {
    // Without them the screen says less, and nothing else.
  }
  return {
    stage: (subject, stage) => median(times.of(`${subject} ${stage}`)) ?? median(times.of(stage)),
    whole: (cluster) => median(times.of(`${cluster} `)),
  };
}

interface Times {
  runs: number;
  add(key: string, ms: number): void;
  of(key: string): readonly number[];
}

function createTimes(): Times {
  const all = new Map<string, number[]>();
  return {
    runs: 0,
    add: (key, ms) => {
      const known = all.get(key);
      if (known) known.push(ms);
      else all.set(key, [ms]);
    },
    of: (key) => all.get(key) ?? [],
  };
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}

/** Only these lines are parsed. */
const TELLING = /"type":"(?:stage\.succeeded|cluster\.ended|run\.started)"|"stage":"check-service","waitsFor"/;

/** Returns the bytes read. */
function addRun(path: string, inventory: string, times: Times): number {
  const texts = textsOf(path);
  const lines = texts.flatMap((text) => text.split('\n'));
  if (!lines[0]?.includes(`"inventory":${JSON.stringify(inventory)}`)) return 0;
  const events = lines.slice(1).flatMap((line) => (TELLING.test(line) ? (parsed(line) ?? []) : []));
  const lives = events.filter(({ type }) => type === 'run.started').length;
  // Between two lives time went by in which nothing was done.
  if (lives > 1) return 0;
  const before = times.runs;
  const begun = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'stage.started') begun.set(event.subject, Date.parse(event.at));
    if (event.type === 'stage.succeeded' && event.elapsedMs >= 1000) {
      times.add(`${event.subject} ${event.stage}`, event.elapsedMs);
      times.add(event.stage, event.elapsedMs);
      times.runs = before + 1;
    }
    const since = begun.get(event.subject);
    if (event.type === 'cluster.ended' && event.outcome === 'installed' && since !== undefined)
      times.add(`${event.subject} `, Date.parse(event.at) - since);
  }
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function parsed(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return undefined;
  }
}

/** The whole file, or where it is long its first and its last half of what may be read. */
function textsOf(path: string): string[] {
  const { size } = statSync(path);
  const fd = openSync(path, 'r');
  const read = (from: number, to: number): string => {
    const bytes = Buffer.alloc(to - from);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, from));
  };
  try {
    const half = MOST_BYTES_EACH / 2;
    return size <= MOST_BYTES_EACH ? [read(0, size)] : [read(0, half), read(size - half, size)];
  } finally {
    closeSync(fd);
  }
}
