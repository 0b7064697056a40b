/** What a run looks like now: its events folded into one row per cluster and host. Pure, and cheap for a thousand hosts. */
import type { Event, RunEvent, Subject, Verb } from '../core/events.ts';
import { endRow, moveRow, reborn } from './move-row.ts';
import { emptyRow, type Of, type Row } from './row.ts';

export type ClusterEnd = Omit<Extract<Event, { type: 'cluster.ended' }>, 'type'> & { at: number };

/** Times are milliseconds since the epoch on the run's clock. */
export interface Screen {
  /** Each cluster and then its hosts, in the order of the inventory. */
  rows: readonly Row[];
  /** Where in `rows` each subject is. */
  places: ReadonlyMap<Subject, number>;
  verb: Verb;
  target: string;
  /** Begin of the run's first life that was seen. */
  startedAt: number;
  /** How each cluster ended, by name. */
  ends: ReadonlyMap<string, ClusterEnd>;
  /** Warnings, recoveries, interruptions and what was found that are about the run as a whole. */
  notes: readonly string[];
  /** What was said when the run was told to end; null while it was not. */
  interruption: string | null;
  /** The batch that is at work, of how many; null where there is but one. */
  batch: { batch: number; of: number } | null;
}

const NOTES: RunEvent['type'][] = ['warning', 'recovered', 'interrupted', 'found'];

/** The screen before the first event. */
export function emptyScreen(): Screen {
  const about = { verb: 'deploy', target: '', startedAt: 0 } as const;
  return { ...about, rows: [], places: new Map(), ends: new Map(), notes: [], interruption: null, batch: null };
}

/** The screen after one more event; an event about an unknown subject is at most a note. */
export function reduce(screen: Screen, event: RunEvent): Screen {
  return fold(screen, [event]);
}

/** The screen after these events, which costs less than one after the other. */
export function fold(screen: Screen, events: readonly RunEvent[]): Screen {
  if (events.length === 0) return screen;
  const draft: Draft = { ...screen, rows: [...screen.rows] };
  for (const event of events) step(draft, event);
  return draft;
}

/** A cluster's own row, then those of its hosts. */
export function rowsOf({ rows, places }: Screen, cluster: string): Row[] {
  const begin = places.get(cluster) ?? rows.length;
  let end = begin + 1;
  while (rows[end]?.level === 1) end += 1;
  return rows.slice(begin, end);
}

/** The same for every cluster. */
export function groupsOf({ rows }: Screen): Row[][] {
  const groups: Row[][] = [];
  for (const row of rows)
    if (row.level === 0) groups.push([row]);
    else groups.at(-1)?.push(row);
  return groups;
}

export function rowOf({ rows, places }: Screen, subject: Subject): Row | undefined {
  return rows[places.get(subject) ?? -1];
}

/** A screen of one's own: its rows may be put in the place of others, all else is replaced as a whole. */
type Draft = { -readonly [Key in keyof Screen]: Screen[Key] } & { rows: Row[] };

function step(draft: Draft, event: RunEvent): void {
  const at = Date.parse(event.at);
  if (event.type === 'run.started') return startScreen(draft, event, at);
  if (event.type === 'run.ended') return;
  if (event.type === 'cluster.ended') return endCluster(draft, event, at);
  if (event.type === 'batch.started') draft.batch = event.of > 1 ? { batch: event.batch, of: event.of } : null;
  const place = draft.places.get(event.subject);
  if (place !== undefined) {
    if (event.type === 'stage.started') reopen(draft, event.subject);
    draft.rows[place] = moveRow(draft.rows[place]!, event, at);
  } else if (NOTES.includes(event.type) && 'text' in event) {
    draft.notes = [...draft.notes, event.text];
    if (event.type === 'interrupted') draft.interruption = event.text;
  }
}

/** Another life looks anew at all that had not ended; the run began when its first life did. */
function startScreen(draft: Draft, { clusters, verb, target, life }: Of<'run.started'>, at: number): void {
  const hostRows = (name: string, hosts: string[]): Row[] => hosts.map((host) => emptyRow(`${name}/${host}`, 1));
  const rows = clusters.flatMap(({ name, hosts }) => [emptyRow(name, 0), ...hostRows(name, hosts)]);
  const places = new Map(rows.map(({ subject }, place) => [subject, place]));
  const before = { ...draft };
  Object.assign(draft, { rows, places, verb, target, interruption: null });
  if (life === 1 || before.rows.length === 0) {
    Object.assign(draft, { startedAt: at, ends: new Map(), notes: [], batch: null });
    return;
  }
  const known = new Map(before.rows.map((row) => [row.subject, row.outcome === null ? reborn(row) : row]));
  draft.rows = rows.map((row) => known.get(row.subject) ?? row);
}

/** A cluster that ended in an earlier life and is at work again has not ended. */
function reopen(draft: Draft, subject: Subject): void {
  const [cluster = ''] = subject.split('/');
  if (!draft.ends.has(cluster)) return;
  draft.ends = new Map([...draft.ends].filter(([name]) => name !== cluster));
  replace(draft, cluster, reborn);
}

function endCluster(draft: Draft, event: Of<'cluster.ended'>, at: number): void {
  replace(draft, event.subject, (row) => endRow(row, event));
  draft.ends = new Map([...draft.ends, [event.subject, { ...event, at }]]);
}

function replace(draft: Draft, cluster: string, by: (row: Row) => Row): void {
  const begin = draft.places.get(cluster) ?? draft.rows.length;
  rowsOf(draft, cluster).forEach((row, i) => (draft.rows[begin + i] = by(row)));
}
