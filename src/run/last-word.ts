/** What a run still says when its journal cannot be written any more: its room is taken beforehand, so that a full disk does not hinder it. */
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILE = 'last-word';
const ROOM = 512;

/** Takes the room beside the journal, empty; what an earlier life said there is over. Best effort. */
export function reserveLastWord(journal: string): void {
  try {
    writeFileSync(fileOf(journal), Buffer.alloc(ROOM, ' '), { mode: 0o600 });
  } catch {
    // The journal itself will say what is wrong with the disk.
  }
}

/** Writes over the room. Best effort. */
export function sayLastWord(journal: string, text: string): void {
  try {
    const file = openSync(fileOf(journal), 'r+');
    writeSync(file, Buffer.from(text).subarray(0, ROOM));
    fsyncSync(file);
    closeSync(file);
  } catch {
    // There is nowhere left to write it to.
  }
}

/** Null where nothing was said. */
export function readLastWord(journal: string): string | null {
  try {
    return readFileSync(fileOf(journal), 'utf8').trim() || null;
  } catch {
    return null;
  }
}

const fileOf = (journal: string): string => join(dirname(journal), FILE);
