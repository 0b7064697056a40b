/** What a run says last: a block for each cluster, or for many that ended alike, and one line for the whole. Plain text. */
import { block, needsReplace, type RecapOptions, wordOf } from './recap-block.ts';
import type { Row } from './row.ts';
import { rowsOf, type Screen } from './rows.ts';
import { clean, counted, tally } from './text.ts';
import { GOOD } from './words.ts';

export type { RecapOptions } from './recap-block.ts';

/** Of more clusters than this only those have a block of their own that somebody must look at. */
const MANY = 50;
/** And no more than this. */
const MOST_BLOCKS = 20;
const MOST_NAMES = 8;
const MOST_NOTES = 20;

/** The recap, ending in a line break. Times are of the run's clock: lab time when the target is a lab. */
export function recap(screen: Screen, run: RecapOptions): string {
  const clusters = screen.rows.filter((row) => row.level === 0);
  const ends = clusters.map((row) => screen.ends.get(row.subject));
  const changed = ends.reduce((sum, end) => sum + (end?.changed ?? 0), 0);
  const { own, alike } = sorted(screen, clusters);
  const blocks = [...alike.map((rows) => together(screen, rows, run)), ...own.map((row) => block(screen, row, run))];
  const notes = screen.notes.slice(-MOST_NOTES).map((note) => `! ${clean(note)}\n`);
  const failed = clusters.filter((_, i) => !GOOD.includes(ends[i]?.outcome ?? 'failed'));
  const isReplaced = failed.some((row) => needsReplace(row, screen.ends.get(row.subject), run));
  const outcomes = tally(ends.map((end) => wordOf(screen, end)));
  return [
    ...blocks.map((lines) => `${lines.join('\n')}\n\n`),
    ...notes,
    `run folder: ${run.runDir}\n`,
    ...(run.retry === undefined ? [] : [`retry: ${run.retry}${isReplaced ? ' --replace' : ''}\n`]),
    `${counted(clusters.length, 'cluster')}: ${outcomes}, changed=${changed}\n`,
  ].join('');
}

/** Who has a block of its own, and who ended like others that are told together. */
function sorted(screen: Screen, clusters: readonly Row[]): { own: Row[]; alike: Row[][] } {
  const own: Row[] = [];
  const alike = new Map<string, Row[]>();
  for (const row of clusters) {
    const end = screen.ends.get(row.subject);
    const isPlain = end !== undefined && end.leftovers.length === 0 && !isWarned(screen, row);
    const folds = end?.outcome === 'skipped' || (clusters.length > MANY && isPlain && GOOD.includes(end.outcome));
    if (!folds && own.length < Math.max(MOST_BLOCKS, clusters.length > MANY ? 0 : MANY)) {
      own.push(row);
      continue;
    }
    const key = `${end?.outcome} ${end?.error?.code}`;
    alike.set(key, [...(alike.get(key) ?? []), row]);
  }
  const alone = [...alike.values()].filter((rows) => rows.length === 1).flat();
  return { own: [...own, ...alone], alike: [...alike.values()].filter((rows) => rows.length > 1) };
}

function isWarned(screen: Screen, cluster: Row): boolean {
  return rowsOf(screen, cluster.subject).some((row) => row.warnings.length > 0);
}

/** `not begun: edge-04, edge-05, … (15)`, with what they have in common. */
function together(screen: Screen, rows: readonly Row[], run: RecapOptions): string[] {
  const [first] = rows;
  const end = first && screen.ends.get(first.subject);
  const names = rows.slice(0, MOST_NAMES).map(({ subject }) => clean(subject));
  const more = rows.length > MOST_NAMES ? ', …' : '';
  const ends = rows.flatMap(({ subject }) => screen.ends.get(subject) ?? []);
  const folder = first && run.credentials[first.subject];
  const isReached = end?.outcome === 'installed' || end?.outcome === 'unchanged';
  const left = ends.flatMap(({ leftovers }) => leftovers);
  return [
    `${wordOf(screen, end)}: ${names.join(', ')}${more} (${rows.length})`,
    ...(isReached && folder ? [`  credentials: ${folder}, and so for each`] : []),
    ...(end?.error
      ? [`  ${end.error.code}: ${clean(end.error.message, 600)}`, `  to do: ${clean(end.error.todo)}`]
      : []),
    ...left.slice(0, MOST_NAMES).map((text) => `  left: ${clean(text)}`),
    ...(left.length > MOST_NAMES ? [`  left: ${left.length - MOST_NAMES} more, see snoboot status -o json`] : []),
  ];
}
