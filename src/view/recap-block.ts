/** What the recap says of one cluster. Pure. */
import { pageOf } from '../core/errors.ts';
import type { Row } from './row.ts';
import { type ClusterEnd, rowsOf, type Screen } from './rows.ts';
import { clean, duration, isLab } from './text.ts';
import { GOOD, INSTALLED, OUTCOME_WORDS } from './words.ts';

export interface RecapOptions {
  runDir: string;
  /** The folder of each installed cluster's kubeconfig and password, by cluster. */
  credentials: Record<string, string>;
  /** What to type to go on, without --replace, which is put behind where a cluster needs it. */
  command: string;
  /** What to type to see more of a failure; its subject is put behind. */
  why?: string;
  /** Whether clusters that were there were to be deleted first; left out: no. */
  replace?: boolean;
  /** What to type to try again only what did not come to its end, in the same way. */
  retry?: string;
}

export function block(screen: Screen, cluster: Row, run: RecapOptions): string[] {
  const end = screen.ends.get(cluster.subject);
  const name = clean(cluster.subject);
  const next = `  next: ${nextOf(cluster, end, run)}`;
  if (!end) return [`${name}: ${wordOf(screen, end)}`, ...warnings(screen, cluster), next];
  const bad = !GOOD.includes(end.outcome);
  return [
    `${name}: ${wordOf(screen, end)}${time(screen, end)}, changed=${end.changed}, exit code ${end.exitCode}`,
    ...version(screen, end),
    ...(end.outcome === 'left-installing' ? ['  the service goes on with the install by itself'] : []),
    ...(end.outcome === 'stopped'
      ? ['  its machines are left clean; deploy without --stop-after-stage installs it']
      : []),
    ...failure(screen, cluster, end, run),
    ...access(cluster, end, run),
    ...warnings(screen, cluster),
    ...left(end, bad),
    ...(bad || end.leftovers.length > 0 ? [next] : []),
  ];
}

/** What became of the cluster; what did not come to its end is said of the verb. */
export function wordOf({ verb }: Screen, end: ClusterEnd | undefined): string {
  const of = verb === 'deploy' ? '' : `${verb} `;
  if (!end) return `${of}unfinished`;
  return GOOD.includes(end.outcome) ? OUTCOME_WORDS[end.outcome] : `${of}${OUTCOME_WORDS[end.outcome]}`;
}

function nextOf(cluster: Row, end: ClusterEnd | undefined, run: RecapOptions): string {
  return needsReplace(cluster, end, run) ? `${run.command} --replace` : run.command;
}

/** A cluster that could not be deleted, or whose error says so, is not gone on with without --replace. */
export function needsReplace(cluster: Row, end: ClusterEnd | undefined, { replace }: RecapOptions): boolean {
  const stillThere = replace === true && !cluster.isAway;
  return stillThere || /deploy .*with --replace/.test(end?.error?.todo ?? '');
}

/** What was asked for and what was installed; nothing where OpenShift is not what the run was about. */
function version({ verb }: Screen, { version: { asked, installed } }: ClusterEnd): string[] {
  if (verb !== 'deploy' || asked === '') return [];
  if (installed === null) return [`  asked for OpenShift ${clean(asked)}`];
  return [`  OpenShift ${clean(installed)}${installed === asked ? '' : ` (asked for ${clean(asked)})`}`];
}

/** How an installed cluster is reached. */
function access({ subject, consoleUrl }: Row, { outcome }: ClusterEnd, { credentials }: RecapOptions): string[] {
  if (!INSTALLED.includes(outcome)) return [];
  const folder = credentials[subject];
  return [
    ...(folder === undefined ? [] : [`  credentials: ${folder}`]),
    ...(consoleUrl === null ? [] : [`  console: ${clean(consoleUrl)}`]),
  ];
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
function failure(screen: Screen, cluster: Row, end: ClusterEnd, { why }: RecapOptions): string[] {
  if (!end.error) return [];
  const { code, message, todo } = end.error;
  const rows = rowsOf(screen, cluster.subject).filter((row) => row.error?.code === code);
  const place = rows.find((row) => row.level === 1) ?? rows[0] ?? cluster;
  const stage = place.failedStage === null ? '' : ` at ${place.failedStage}`;
  return [
    `  ${code}: ${clean(place.subject)}${stage}: ${clean(message, 600)}`,
    `  to do: ${clean(todo)}`,
    ...(why === undefined ? [] : [`  why: ${why} ${clean(place.subject)} (more in ${pageOf(code)})`]),
  ];
}

function warnings(screen: Screen, cluster: Row): string[] {
  return rowsOf(screen, cluster.subject).flatMap((row) =>
    row.warnings.map((text) => `  warning: ${clean(row.subject)}: ${clean(text)}`),
  );
}
