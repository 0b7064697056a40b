/** The picture that a terminal shows of a run: never more lines than it has rows, nor wider than its columns. Pure. */
import type { Row } from './row.ts';
import type { Screen } from './rows.ts';
import { clean, counted, cut, firstOf, fit, isLab, stopwatch, tally, width } from './text.ts';

export interface Size {
  columns: number;
  rows: number;
}

/** One line without colour; `tone` says in which it is meant. */
export interface Line {
  text: string;
  tone: Row['state'] | 'head';
}

const STAGE_COLUMNS = 16;
const MARK = { waiting: ' ', running: '>', done: '✔', failed: '✖', interrupted: '!' } as const;

/**
 * Three lines a row where all rows have room so; else one line a row; else failures first, then what has been in its stage
 * longest, and the rest as counts. `now` is on the run's clock. One row of the terminal stays free for the cursor.
 */
export function frame(screen: Screen, now: number, size: Size): Line[] {
  const columns = Math.max(1, size.columns - 1);
  const room = Math.max(1, size.rows - 1);
  const head = heading(screen, now);
  const space = room - head.length;
  const fits = screen.rows.length <= space;
  const shown = fits ? screen.rows : chosen(screen.rows, space - 1);
  const widest = Math.max(0, ...shown.map((row) => width(name(row))));
  const subject = Math.min(widest, Math.max(8, Math.floor(columns * 0.3)));
  const tall = screen.rows.length * 3 <= space;
  const body = shown.flatMap((row) => (tall ? tallLines(row, subject, now) : [flatLine(row, subject, now)]));
  const folded = fits ? [] : [fold(screen.rows, shown)];
  const lines = [...head, ...body, ...folded].slice(0, room);
  return lines.map(({ text, tone }) => ({ text: cut(text, columns).trimEnd(), tone }));
}

function heading(screen: Screen, now: number): Line[] {
  const clusters = screen.rows.filter((row) => row.level === 0);
  const states = clusters.map((row) => screen.ends.get(row.subject)?.outcome ?? 'running');
  const elapsed = `${stopwatch(now - screen.startedAt)}${isLab(screen.target) ? ' of lab time' : ''}`;
  const text = `${counted(clusters.length, 'cluster')}: ${tally(states)}  ${elapsed}  on ${clean(screen.target)}`;
  const note = screen.notes.at(-1);
  const head: Line = { text, tone: 'head' };
  return note === undefined ? [head] : [head, { text: `! ${clean(note)}`, tone: 'interrupted' }];
}

/** Failures, at most a third of the room unless nothing else needs it; then those at work, longest in their stage first. */
function chosen(rows: readonly Row[], room: number): Row[] {
  const failed = rows.filter((row) => row.state === 'failed');
  const running = rows.filter((row) => row.state === 'running').sort((a, b) => since(a) - since(b));
  const pinned = failed.slice(0, Math.max(Math.floor(room / 3), room - running.length));
  const rest = rows.filter((row) => row.state !== 'failed' && row.state !== 'running');
  return [...pinned, ...running, ...rest].slice(0, Math.max(0, room));
}

const since = (row: Row): number => row.stageStartedAt ?? 0;

function fold(rows: readonly Row[], shown: readonly Row[]): Line {
  const seen = new Set(shown);
  const hidden = rows.filter((row) => !seen.has(row));
  return { text: `  … ${hidden.length} more: ${tally(hidden.map(label))}`, tone: 'waiting' };
}

function label(row: Row): string {
  if (row.state === 'running') return row.stage ?? 'running';
  return row.state === 'done' ? doneWord(row) : row.state;
}

function doneWord({ outcome }: Row): string {
  return outcome === 'destroyed' || outcome === 'clean' ? outcome : 'installed';
}

function name(row: Row): string {
  return '  '.repeat(row.level) + clean(row.subject);
}

/** Mark, subject, stage and, at work, percent and time in the stage: what both forms begin with. */
function begin(row: Row, subject: number, now: number): string {
  const stage = row.state === 'done' ? doneWord(row) : row.state === 'failed' ? row.failedStage : row.stage;
  const place = `${MARK[row.state]} ${fit(name(row), subject)} ${fit(stage ?? '', STAGE_COLUMNS)}`;
  if (row.state !== 'running') return place;
  const percent = row.percent === null ? '' : `${Math.round(row.percent)}%`;
  return `${place} ${percent.padStart(4)} ${stopwatch(now - since(row)).padStart(7)}`;
}

function flatLine(row: Row, subject: number, now: number): Line {
  const detail = [complaint(row), medium(row), row.error ? '' : clean(row.text)].filter(Boolean).join('; ');
  return { text: `${begin(row, subject, now)}  ${detail}`, tone: row.state };
}

function tallLines(row: Row, subject: number, now: number): Line[] {
  const below = [row.error ? '' : clean(row.text), complaint(row)].filter(Boolean);
  const texts = [`${begin(row, subject, now)}  ${medium(row)}`, ...below.map((text) => `      ${text}`)];
  return texts.map((text) => ({ text, tone: row.state }));
}

/** What is wrong with a row that is not over: its error, else what fails, else what is still to be checked. */
function complaint(row: Row): string {
  if (row.state === 'done') return '';
  if (row.error) return `${row.error.code} ${clean(row.error.message)}`;
  return clean(firstOf(row.failing, 'failing') || firstOf(row.pending, 'pending'));
}

const medium = (row: Row): string => (row.state === 'running' ? row.medium : '');
