/** A new run, or the unfinished one of the same inventory, gone on with. */
import { join } from 'node:path';
import type { JournalHeader, RunEvent, Verb } from '../core/events.ts';
import type { Random } from '../core/random.ts';
import { differences } from '../inventory/difference.ts';
import type { Inventory } from '../inventory/types.ts';
import { createFolders, foldersOf, inventoryName, type RunFolders } from './folders.ts';
import type { JournalStart } from './journal.ts';
import { assertContinuable, JOURNAL } from './journal-file.ts';
import { lastRun, type LastRun } from './last-run.ts';
import { createMemory, type Memory } from './memory.ts';
import {
  assertNoneLeftOut,
  begunOf,
  changed,
  changesOf,
  latestSource,
  openOf,
  type Source,
  sourceOf,
} from './source.ts';

export interface RunRequest {
  verb: Verb;
  replace: boolean;
  /** As it was written. */
  inventory: Inventory;
  version: string;
  wallMs: number;
  random: Random;
}

export interface OpenedRun {
  folders: RunFolders;
  file: string;
  start: JournalStart;
  memory: Memory;
  /** What earlier lives said. */
  past: RunEvent[];
  /** Counts from 1. */
  life: number;
  /** Where it is another one than the journal has. */
  newSource: Source | null;
}

/** Throws E-INVENTORY-CHANGED, E-JOURNAL, E-JOURNAL-VERSION or E-STATE. Nothing is written but the folder of a new run. */
export function openRun(request: RunRequest): OpenedRun {
  const { inventory } = request;
  const last = lastRun(inventory.home, inventoryName(inventory));
  if (last?.state === 'killed') {
    const { header } = last;
    assertContinuable(header, join(last.runDir, JOURNAL));
    assertNoneLeftOut(header.run, openOf(last.events), inventory);
    if (goesOn(request, header, last.events)) return goOn(request, last, header);
  }
  return begin(request);
}

/** A cleanup ends whatever was begun; another verb, or a --replace that was not meant then, gives it up and begins anew. */
function goesOn(request: RunRequest, header: JournalHeader, events: RunEvent[]): boolean {
  if (request.verb === 'cleanup') return true;
  if (header.verb !== request.verb || (request.replace && !header.replace)) return false;
  const changes = changesOf(latestSource(header, events), sourceOf(request.inventory), begunOf(events));
  if (changes.length > 0 && !request.replace && request.verb === 'deploy') throw changed(header.run, changes);
  return changes.length === 0;
}

function goOn(request: RunRequest, { runDir, events: past, end }: LastRun, header: JournalHeader): OpenedRun {
  const memory = createMemory();
  for (const event of past) memory.apply(event);
  if (request.verb !== 'cleanup') memory.goOn();
  const source = sourceOf(request.inventory);
  const isSame = differences(latestSource(header, past), source).length === 0;
  return {
    folders: foldersOf(request.inventory.home, header.run),
    file: join(runDir, JOURNAL),
    start: end,
    memory,
    past,
    life: past.filter(({ type }) => type === 'run.started').length + 1,
    newSource: isSame || request.verb === 'cleanup' ? null : source,
  };
}

function begin({ verb, replace, inventory, version, wallMs, random }: RunRequest): OpenedRun {
  const folders = createFolders(inventory.home, wallMs, random);
  const header: JournalHeader = {
    format: 2,
    run: folders.run,
    version,
    verb,
    replace,
    inventory: inventoryName(inventory),
    source: sourceOf(inventory),
  };
  const file = join(folders.runDir, JOURNAL);
  return { folders, file, start: { header }, memory: createMemory(), past: [], life: 1, newSource: null };
}
