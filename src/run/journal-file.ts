/**
 * events.jsonl as a file: how its lines are sealed, and how they are read back. Each line ends in a `sum` that depends on all
 * lines before it, so that nothing in the middle can change, go or come unseen. A last line that was cut never counted.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import type { JournalHeader, RunEvent } from '../core/events.ts';
import { redact } from '../core/secret.ts';
import { type AnyHeader, fromFirstFormat, hasFormat, isHeader, isKnown, isRunEvent } from './journal-shape.ts';

export const JOURNAL = 'events.jsonl';

export interface JournalRead {
  header: AnyHeader;
  events: RunEvent[];
  /** Where the next line begins: its predecessor's number and sum, and how many bytes are whole lines. */
  end: { seq: number; sum: string; length: number };
  /** Length to which a file with a torn last line is to be cut; null where the last line is whole. */
  tornAt: number | null;
}

/** Words of our own, by which a journal is read back: a password that is one of them must not make it unreadable. */
const OURS: ReadonlySet<string> = new Set([
  ...['at', 'type', 'subject', 'stage', 'effect', 'outcome', 'code', 'signal'],
  ...['verb', 'run', 'version', 'inventory', 'name', 'asked', 'installed'],
]);

/** JSON for the journal. Secrets go out of texts that others may have written; numbers and our own words stay what they are. */
export function journalText(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) =>
    typeof part === 'string' && !OURS.has(key) ? redact(part) : part,
  );
}

const SEALED = /^(.*),"sum":"([0-9a-f]{12})"\}$/s;

/** The line that holds `text`, the JSON of an object, after a line with `previousSum` (the header: after ''); without its line end. */
export function sealLine(previousSum: string, text: string): { line: string; sum: string } {
  const sum = sumOf(previousSum, text);
  return { line: `${text.slice(0, -1)},"sum":"${sum}"}`, sum };
}

/** What a sealed line holds, or null if it or one before it is not as it was written. */
export function checkLine(previousSum: string, line: string): { value: unknown; sum: string } | null {
  const [, body, sum] = SEALED.exec(line) ?? [];
  if (body === undefined || sum === undefined || sumOf(previousSum, `${body}}`) !== sum) return null;
  return { value: jsonOf(`${body}}`), sum };
}

function sumOf(previousSum: string, text: string): string {
  return createHash('sha256').update(previousSum).update(text).digest('hex').slice(0, 12);
}

/**
 * The journal in `path`; null where nothing was begun: no such file, or not even its header is whole.
 * Throws E-JOURNAL (damaged), E-JOURNAL-VERSION (another version's) or E-STATE (cannot be read).
 */
export function readJournal(path: string): JournalRead | null {
  const { lines, length, size } = linesOf(path);
  const [first, ...rest] = lines;
  if (first === undefined) return null;
  const { header, sum: headerSum } = headerOf(path, first);
  const events: RunEvent[] = [];
  let sum = headerSum;
  for (const [i, line] of rest.entries()) {
    const found = header.format === 1 ? { value: jsonOf(line), sum } : checkLine(sum, line);
    if (!isRunEvent(found?.value) || found.value.seq !== i + 1) throw damaged(path, i + 2, header);
    if (!isKnown(found.value)) throw foreign(path, `an event ${found.value.type} of snoboot ${header.version}`);
    events.push(header.format === 1 ? fromFirstFormat(found.value) : found.value);
    sum = found.sum;
  }
  return { header, events, end: { seq: events.length, sum, length }, tornAt: length < size ? length : null };
}

/** The header alone. Null and throws as `readJournal`. */
export function readHeader(path: string): AnyHeader | null {
  const [first] = linesOf(path).lines;
  return first === undefined ? null : headerOf(path, first).header;
}

/** Throws E-JOURNAL-VERSION unless a run with this header can be gone on with. */
export function assertContinuable(header: AnyHeader, path: string): asserts header is JournalHeader {
  if (header.format === 1)
    throw foreign(path, `the first format (snoboot ${header.version}), which cannot be continued`);
}

/** The whole lines, and the bytes that they take of the file's. */
function linesOf(path: string): { lines: string[]; length: number; size: number } {
  const bytes = bytesOf(path);
  const length = bytes.lastIndexOf(0x0a) + 1;
  return { lines: bytes.toString('utf8', 0, length).split('\n').slice(0, -1), length, size: bytes.length };
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return Buffer.alloc(0);
    throw new SnobootError('E-STATE', `cannot read ${path} (${code})`, 'correct the rights of the run folder', error);
  }
}

function headerOf(path: string, line: string): { header: AnyHeader; sum: string } {
  const sealed = checkLine('', line);
  const value = sealed?.value ?? jsonOf(line);
  if (hasFormat(value) && value.format !== 1 && value.format !== 2) throw foreign(path, `format ${value.format}`);
  if (!isHeader(value) || (value.format === 1) !== (sealed === null)) throw damaged(path, 1);
  return { header: value, sum: sealed?.sum ?? '' };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function damaged(path: string, line: number, header?: AnyHeader): SnobootError {
  return new SnobootError('E-JOURNAL', `${path}:${line}: is damaged: not what snoboot wrote there`, todo(path, header));
}

function foreign(path: string, what: string): SnobootError {
  return new SnobootError('E-JOURNAL-VERSION', `${path}: ${what}`, `use the version that began it, or: ${todo(path)}`);
}

function todo(path: string, header?: AnyHeader): string {
  const inventory = header?.format === 2 ? header.inventory : 'INVENTORY';
  return `move ${dirname(path)} away, then snoboot cleanup ${inventory}, then deploy again`;
}
