/** What runs left on this machine when nobody needs it any more: media servers, and ISOs with pull secrets. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endMedia } from '../media/leftover.ts';
import { SnobootError } from '../core/errors.ts';
import { JOURNAL, type JournalRead, readJournal } from './journal-file.ts';
import { runFolders, stateOf } from './last-run.ts';

/** In `.snoboot` (`root`), once every machine of `inventory` is clean: of its runs that do not live any more. */
export async function settleRuns(root: string, inventory: string): Promise<void> {
  for (const runDir of runFolders(root)) {
    const file = join(runDir, JOURNAL);
    const journal = readable(file);
    if (journal?.header.format !== 2 || journal.header.inventory !== inventory) continue;
    if (stateOf(journal.events, file) === 'running') continue;
    await endMedia(runDir);
    const isos = (await readdir(runDir)).filter((name) => /\.iso(\.part(\.json)?)?$/.test(name));
    for (const iso of isos) await rm(join(runDir, iso), { force: true });
  }
}

/** What cannot be read is left alone: who deploys next is told of it. */
function readable(file: string): JournalRead | null {
  try {
    return readJournal(file);
  } catch (error) {
    if (error instanceof SnobootError) return null;
    throw error;
  }
}
