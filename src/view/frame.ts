/** The picture that a terminal shows of a run: never more lines than it has rows, nor wider than its columns. Pure. */
import { heading } from './heading.ts';
import type { Row } from './row.ts';
import { columnsOf, isLate, type Line, linesOf, type Seen } from './row-lines.ts';
import { groupsOf, type Screen } from './rows.ts';
import { clean, counted, cut, paragraph, tally } from './text.ts';
import { NOTHING_USUAL, type Usual } from './usual.ts';
import { isFailing, labelOf } from './words.ts';

export type { Line } from './row-lines.ts';

export interface Size {
  columns: number;
  rows: number;
}

/** A row is never taller. */
const TALLEST = 6;
const NO_BREAK = '\u00a0';
/** From so many lines on, what fails is also told by how many it fails. */
const ROOM_FOR_TOTALS = 14;

/**
 * A heading, and whoever is at work, failed or is over. Where not all of them fit: failures first, then what is late, then
 * what has been in its stage longest; the rest as counts. `now` is on the run's clock. One row of the terminal stays free.
 */
export function frame(screen: Screen, now: number, size: Size, usual: Usual = NOTHING_USUAL): Line[] {
  const columns = Math.max(1, size.columns - 1);
  const room = Math.max(1, size.rows - 1);
  const seen = { now, usual };
  const head = heading(screen, seen, columns, room);
  const rows = standing(screen);
  const space = room - head.length;
  const body = rows.length <= space ? everyone(rows, columns, seen, space) : folded(rows, columns, seen, space);
  return [...head, ...body].slice(0, room).map(({ text, tone }) => ({ text: cut(text, columns).trimEnd(), tone }));
}

/** Of each cluster those that have something to tell: who failed or is at work, else the cluster as a whole. */
function standing(screen: Screen): Row[] {
  return groupsOf(screen).flatMap((rows) => {
    const [cluster, ...hosts] = rows as [Row, ...Row[]];
    const failed = hosts.filter(({ state }) => state === 'failed');
    const ownFailure = cluster.state === 'failed' && !failed.some(({ error }) => error?.code === cluster.error?.code);
    if (cluster.outcome !== null) return ownFailure || failed.length === 0 ? [cluster, ...failed] : failed;
    const busy = rows.filter((row) =>
      row.state === 'failed' ? row !== cluster || ownFailure : row.state === 'running' || isFailing(row),
    );
    return busy.length > 0 ? busy : [cluster];
  });
}

/** Each row, and as many further lines as there is room for: first of what needs somebody, then of what is late. */
function everyone(rows: Row[], all: number, seen: Seen, space: number): Line[] {
  const columns = columnsOf(rows, all, seen);
  let spare = space - rows.length;
  const byNeed = ranked(rows, seen).flat();
  const tall = new Map(
    byNeed.map((row) => {
      const lines = linesOf(row, columns, seen, Math.min(TALLEST, 1 + spare));
      spare -= lines.length - 1;
      return [row, lines];
    }),
  );
  return rows.flatMap((row) => tall.get(row) ?? []);
}

function folded(rows: Row[], all: number, seen: Seen, space: number): Line[] {
  const totals = space >= ROOM_FOR_TOTALS ? totalsOf(rows, all) : [];
  const shown = chosen(rows, Math.max(0, space - totals.length - 2), seen);
  const hidden = new Set(rows);
  for (const row of shown) hidden.delete(row);
  const counts = `  … ${hidden.size} more: ${tally([...hidden].map(labelOf)).replaceAll(/(?<=\d) /g, NO_BREAK)}`;
  const rest = paragraph(counts, all, Math.max(1, space - shown.length - totals.length));
  const columns = columnsOf(shown, all, seen);
  return [
    ...shown.flatMap((row) => linesOf(row, columns, seen, 1)),
    ...rest.map((text): Line => ({ text: text.replaceAll(NO_BREAK, ' '), tone: 'waiting' })),
    ...totals,
  ];
}

/** What failed and what fails, at most a third of the room each unless nothing else needs it; then those at work. */
function chosen(rows: readonly Row[], room: number, seen: Seen): Row[] {
  const [failed = [], failing = [], late = [], working = [], resting = []] = ranked(rows, seen);
  const busy = late.length + working.length;
  const pinned = failed.slice(0, Math.max(Math.floor(room / 3), room - failing.length - busy));
  const shown = failing.slice(0, Math.max(Math.floor(room / 3), room - pinned.length - busy));
  return [...pinned, ...shown, ...late, ...working, ...resting].slice(0, room);
}

/** Rows by how much they need to be seen: failed, failing, late, at work, resting; of each those first that wait longest. */
function ranked(rows: readonly Row[], seen: Seen): Row[][] {
  const ranks: Row[][] = [[], [], [], [], []];
  for (const row of rows) ranks[rankOf(row, seen)]?.push(row);
  const since = (row: Row): number => row.stageStartedAt ?? 0;
  return ranks.map((list, rank) => (rank === 0 ? list : list.sort((a, b) => since(a) - since(b))));
}

function rankOf(row: Row, seen: Seen): number {
  if (row.state === 'failed') return 0;
  if (isFailing(row)) return 1;
  if (row.state !== 'running') return 4;
  return isLate(row, seen) ? 2 : 3;
}

/** What fails most often, in words and with what to do; what failed, by code. */
function totalsOf(rows: readonly Row[], all: number): Line[] {
  const codes = rows.flatMap(({ state, error }) => (state === 'failed' && error ? error.code : []));
  const failed: Line[] = codes.length > 0 ? [{ text: `✖ failed: ${tally(codes)}`, tone: 'failed' }] : [];
  const counts = new Map<string, number>();
  for (const row of rows)
    if (isFailing(row)) for (const text of row.failing) counts.set(text, (counts.get(text) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 2);
  const failing = most.flatMap(([text, count]) =>
    paragraph(`! failing on ${counted(count, 'host')}: ${clean(text)}`, all, 2),
  );
  return [...failed, ...failing.map((text): Line => ({ text, tone: 'late' }))];
}
