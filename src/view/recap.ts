/** What a run says last: one block per cluster, and one line for the whole. Plain text without colour, for every stream. */
import type { Outcome } from '../core/events.ts';
import type { Row } from './row.ts';
import { type ClusterEnd, isOf, type Screen } from './rows.ts';
import { clean, counted, duration, isLab, tally } from './text.ts';

export interface RecapOptions {
  runDir: string;
  /** The folder of each installed cluster's kubeconfig and password, by cluster. */
  credentials: Record<string, string>;
  /** What to type to go on. */
  command: string;
}

const WORDS = {
  installed: 'installed',
  unchanged: 'installed already',
  failed: 'failed',
  interrupted: 'interrupted',
  'left-installing': 'left installing',
  destroyed: 'destroyed',
  clean: 'clean',
} as const satisfies Record<Outcome, string>;

const INSTALLED: Outcome[] = ['installed', 'unchanged'];
const GOOD: Outcome[] = [...INSTALLED, 'destroyed', 'clean'];

/** The recap, ending in a line break. Times are of the run's clock: lab time when the target is a lab. */
export function recap(screen: Screen, run: RecapOptions): string {
  const clusters = screen.rows.filter((row) => row.level === 0);
  const ends = clusters.map((row) => screen.ends.get(row.subject));
  const changed = ends.reduce((sum, end) => sum + (end?.changed ?? 0), 0);
  const notes = screen.notes.map((note) => `! ${clean(note)}\n`);
  const outcomes = tally(ends.map((end) => wordOf(screen, end)));
  return [
    ...clusters.map((row) => `${block(screen, row, run).join('\n')}\n\n`),
    ...notes,
    `run folder: ${run.runDir}\n`,
    `${counted(clusters.length, 'cluster')}: ${outcomes}, changed=${changed}\n`,
  ].join('');
}

function block(screen: Screen, cluster: Row, run: RecapOptions): string[] {
  const end = screen.ends.get(cluster.subject);
  const name = clean(cluster.subject);
  const next = `  next: ${run.command}`;
  if (!end) return [`${name}: ${wordOf(screen, end)}`, ...warnings(screen, cluster), next];
  const credentials = run.credentials[cluster.subject];
  const bad = !GOOD.includes(end.outcome);
  return [
    `${name}: ${wordOf(screen, end)}${time(screen, end)}, changed=${end.changed}, exit code ${end.exitCode}`,
    ...version(screen, end),
    ...(end.outcome === 'left-installing' ? ['  the service goes on with the install by itself'] : []),
    ...failure(screen, cluster, end),
    ...(INSTALLED.includes(end.outcome) && credentials !== undefined ? [`  credentials: ${credentials}`] : []),
    ...warnings(screen, cluster),
    ...left(end, bad),
    ...(bad || end.leftovers.length > 0 ? [next] : []),
  ];
}

/** What became of the cluster; what did not come to its end is said of the verb. */
function wordOf({ verb }: Screen, end: ClusterEnd | undefined): string {
  const of = verb === 'deploy' ? '' : `${verb} `;
  if (!end) return `${of}unfinished`;
  return GOOD.includes(end.outcome) ? WORDS[end.outcome] : `${of}${WORDS[end.outcome]}`;
}

/** What was asked for and what was installed; nothing where OpenShift is not what the run was about. */
function version({ verb }: Screen, { version: { asked, installed } }: ClusterEnd): string[] {
  if (verb !== 'deploy' || asked === '') return [];
  if (installed === null) return [`  asked for OpenShift ${clean(asked)}`];
  return [`  OpenShift ${clean(installed)}${installed === asked ? '' : ` (asked for ${clean(asked)})`}`];
}

/** After a failure it is said even when nothing is. */
function left({ outcome, leftovers }: ClusterEnd, bad: boolean): string[] {
  if (leftovers.length > 0) return leftovers.map((text) => `  left: ${clean(text)}`);
  return bad && outcome !== 'left-installing' ? ['  left: nothing on the machines'] : [];
}

function time(screen: Screen, end: ClusterEnd): string {
  return ` after ${duration(end.at - screen.startedAt)}${isLab(screen.target) ? ' of lab time' : ''}`;
}

/** Code, place, what was seen and what to do. The place is the row that failed with that code, hosts before their cluster. */
function failure(screen: Screen, cluster: Row, end: ClusterEnd): string[] {
  if (!end.error) return [];
  const { code, message, todo } = end.error;
  const rows = screen.rows.filter((row) => isOf(cluster.subject, row) && row.error?.code === code);
  const place = rows.find((row) => row.level === 1) ?? rows[0] ?? cluster;
  const stage = place.failedStage === null ? '' : ` at ${place.failedStage}`;
  return [`  ${code}: ${clean(place.subject)}${stage}: ${clean(message, 600)}`, `  to do: ${clean(todo)}`];
}

function warnings(screen: Screen, cluster: Row): string[] {
  const rows = screen.rows.filter((row) => isOf(cluster.subject, row));
  return rows.flatMap((row) => row.warnings.map((text) => `  warning: ${clean(row.subject)}: ${clean(text)}`));
}
