/** A row of the picture as lines of text: one that says where it stands, and below it what there is to say. Pure. */
import { mediumText } from './medium.ts';
import type { Row } from './row.ts';
import { capped, clean, firstOf, fit, stopwatch, width, wrap } from './text.ts';
import { LATE, type Usual } from './usual.ts';
import { isFailing, labelOf } from './words.ts';

/** One line without colour; `tone` says in which it is meant. */
export interface Line {
  text: string;
  tone: Row['state'] | 'head' | 'late';
}

const STAGE_COLUMNS = 16;
const MARK = { waiting: ' ', running: '>', done: '✔', failed: '✖', interrupted: '!' } as const;
const LATE_MARK = '»';
const INDENT = '      ';

/** Widths that the rows of one picture share. */
export interface Columns {
  all: number;
  subject: number;
  time: number;
}

export interface Seen {
  now: number;
  usual: Usual;
}

export function columnsOf(rows: readonly Row[], all: number, seen: Seen): Columns {
  const widest = Math.max(0, ...rows.map(({ subject }) => width(clean(subject))));
  const subject = Math.min(widest, Math.max(8, Math.floor(all * 0.25)));
  return { all, subject, time: Math.max(7, ...rows.map((row) => timeOf(row, seen).length)) };
}

/** At most `most` lines: one, where all that there is to say fits behind the first or there are no more. */
export function linesOf(row: Row, columns: Columns, seen: Seen, most: number): Line[] {
  const tone = isLate(row, seen) || isFailing(row) ? 'late' : row.state;
  const first = begin(row, columns, seen);
  const medium = isReading(row) ? mediumText(row.medium, seen.now) : '';
  const told = tellings(row);
  const flat = `${first}  ${[medium, ...told].filter(Boolean).join('; ')}`;
  if (most <= 1 && row.failing.length > 0)
    return [{ text: `${first}  ${clean(firstOf(row.failing, 'failing'))}`, tone }];
  if (most <= 1 || width(flat) <= columns.all) return [{ text: flat, tone }];
  const room = columns.all - INDENT.length;
  const below = capped(
    told.flatMap((text) => wrap(text, room)),
    most - 1,
    room,
  );
  return [`${first}  ${medium}`, ...below.map((text) => INDENT + text)].map((text) => ({ text, tone }));
}

/** While it reads its medium, or may read more of it. */
function isReading({ state, stage, medium }: Row): boolean {
  return state === 'running' && medium !== null && (medium.total < medium.size || stage === 'await-agent');
}

/** Mark, subject, stage and, at work, percent and time in the stage. */
function begin(row: Row, columns: Columns, seen: Seen): string {
  const mark = isFailing(row) ? MARK.interrupted : isLate(row, seen) ? LATE_MARK : MARK[row.state];
  const place = `${mark} ${fit(clean(row.subject), columns.subject)} ${fit(stageOf(row), STAGE_COLUMNS)}`;
  if (row.state !== 'running') return place;
  const percent = row.percent === null ? '' : `${Math.round(row.percent)}%`;
  return `${place} ${percent.padStart(4)} ${timeOf(row, seen).padStart(columns.time)}`;
}

function stageOf(row: Row): string {
  if (row.state === 'failed') return row.failedStage ?? 'failed';
  if (row.outcome !== null) return labelOf(row);
  return isFailing(row) && row.state === 'waiting' ? 'validations' : (row.stage ?? '');
}

/** `3:12`, where it is known with what is usual: `3:12 of ~5:40`. */
function timeOf(row: Row, { now, usual }: Seen): string {
  if (row.state !== 'running') return '';
  const usually = usualOf(row, usual);
  return `${stopwatch(inStage(row, now))}${usually === null ? '' : ` of ~${stopwatch(usually)}`}`;
}

/** Milliseconds that the row has been in its stage. */
export function inStage(row: Row, now: number): number {
  return now - (row.stageStartedAt ?? now);
}

export function usualOf({ subject, stage }: Row, usual: Usual): number | null {
  return stage === null ? null : usual.stage(subject, stage);
}

/** Whether its stage takes much longer than usual. */
export function isLate(row: Row, { now, usual }: Seen): boolean {
  const usually = row.state === 'running' ? usualOf(row, usual) : null;
  return usually !== null && inStage(row, now) >= Math.max(10_000, LATE * usually);
}

/** What there is to say of a row, the most important first: each a paragraph. */
function tellings(row: Row): string[] {
  if (row.state === 'done') return [];
  if (row.error) return [`${row.error.code} ${clean(row.error.message)}`, `to do: ${clean(row.error.todo)}`];
  const pending = row.failing.length > 0 ? '' : firstOf(row.pending, 'pending');
  const failing = row.failing.map((text) => `failing: ${clean(text)}`);
  return [...failing, clean(row.text), clean(pending)].filter(Boolean);
}
