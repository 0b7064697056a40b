/** What a run looks like now: its events folded into one row per cluster and host. Pure, and cheap for a thousand rows. */
import type { Event, RunEvent, Subject, Verb } from '../core/events.ts';
import { emptyRow, endRow, moveRow, type Of, reborn, type Row } from './row.ts';

export type ClusterEnd = Omit<Extract<Event, { type: 'cluster.ended' }>, 'type'> & { at: number };

/** Times are milliseconds since the epoch on the run's clock. */
export interface Screen {
  /** Each cluster and then its hosts, in the order of the inventory. */
  rows: readonly Row[];
  verb: Verb;
  target: string;
  /** Begin of the run's first life that was seen. */
  startedAt: number;
  /** How each cluster ended, by name. */
  ends: ReadonlyMap<string, ClusterEnd>;
  /** Warnings, recoveries, interruptions and what was found that are about the run as a whole. */
  notes: readonly string[];
}

const NOTES: RunEvent['type'][] = ['warning', 'recovered', 'interrupted', 'found'];

/** The screen before the first event. */
export function emptyScreen(): Screen {
  return { rows: [], verb: 'deploy', target: '', startedAt: 0, ends: new Map(), notes: [] };
}

/** The screen after one more event; an event about an unknown subject is at most a note. */
export function reduce(screen: Screen, event: RunEvent): Screen {
  const at = Date.parse(event.at);
  if (event.type === 'run.started') return startScreen(screen, event, at);
  if (event.type === 'run.ended') return screen;
  if (event.type === 'cluster.ended') return endCluster(screen, event, at);
  const place = screen.rows.findIndex(({ subject }) => subject === event.subject);
  if (place >= 0) {
    const now = event.type === 'stage.started' ? reopen(screen, event.subject) : screen;
    return { ...now, rows: now.rows.with(place, moveRow(now.rows[place]!, event, at)) };
  }
  const isNote = NOTES.includes(event.type) && 'text' in event;
  return isNote ? { ...screen, notes: [...screen.notes, event.text] } : screen;
}

/** Another life looks anew at all that had not ended; the run began when its first life did. */
function startScreen(before: Screen, { clusters, verb, target, life }: Of<'run.started'>, at: number): Screen {
  const hostRows = (name: string, hosts: string[]): Row[] => hosts.map((host) => emptyRow(`${name}/${host}`, 1));
  const rows = clusters.flatMap(({ name, hosts }) => [emptyRow(name, 0), ...hostRows(name, hosts)]);
  if (life === 1 || before.rows.length === 0) return { ...emptyScreen(), rows, verb, target, startedAt: at };
  const known = new Map(before.rows.map((row) => [row.subject, row.outcome === null ? reborn(row) : row]));
  return { ...before, rows: rows.map((row) => known.get(row.subject) ?? row), verb, target };
}

/** A cluster that ended in an earlier life and is at work again has not ended. */
function reopen(screen: Screen, subject: Subject): Screen {
  const [cluster = ''] = subject.split('/');
  if (!screen.ends.has(cluster)) return screen;
  const ends = new Map([...screen.ends].filter(([name]) => name !== cluster));
  return { ...screen, ends, rows: screen.rows.map((row) => (isOf(cluster, row) ? reborn(row) : row)) };
}

function endCluster(screen: Screen, event: Of<'cluster.ended'>, at: number): Screen {
  const rows = screen.rows.map((row) => (isOf(event.subject, row) ? endRow(row, event) : row));
  return { ...screen, rows, ends: new Map([...screen.ends, [event.subject, { ...event, at }]]) };
}

/** Whether the row is this cluster's own or one of its hosts'. */
export function isOf(cluster: string, row: Row): boolean {
  return row.subject === cluster || row.subject.startsWith(`${cluster}/`);
}
