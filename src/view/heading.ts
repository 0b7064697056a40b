/** What the picture says of the whole run, above its rows. Pure. */
import type { Line, Seen } from './row-lines.ts';
import type { Row } from './row.ts';
import { groupsOf, type Screen } from './rows.ts';
import { clean, counted, isLab, paragraph, stopwatch, tally } from './text.ts';
import type { Usual } from './usual.ts';
import { OUTCOME_WORDS } from './words.ts';

/** In fewer lines than this there is one line of heading. */
const ROOMY = 8;

export function heading(screen: Screen, seen: Seen, columns: number, room: number): Line[] {
  const counts = countsOf(screen);
  const time = timeText(screen, seen);
  if (room < ROOMY) return [{ text: `${stopwatch(seen.now - screen.startedAt)} ${counts}`, tone: 'head' }];
  const batch = screen.batch ? `  batch ${screen.batch.batch} of ${screen.batch.of}` : '';
  const about = `${screen.verb} on ${clean(screen.target)}  ${time}${batch}`;
  const head: Line[] = [about, counts].map((text) => ({ text, tone: 'head' }));
  const note = screen.interruption ?? screen.notes.at(-1);
  const notes = note === undefined ? [] : paragraph(`! ${clean(note)}`, columns, 2);
  return [...head, ...notes.map((text): Line => ({ text, tone: 'interrupted' }))];
}

function timeText(screen: Screen, { now, usual }: Seen): string {
  const elapsed = `${stopwatch(now - screen.startedAt)}${isLab(screen.target) ? ' of lab time' : ''}`;
  const left = timeLeft(screen, now, usual);
  if (left === null) return elapsed;
  return `${elapsed}, ${left > 0 ? `~${stopwatch(left)} left` : 'longer than usual'}`;
}

/** `10 clusters, 30 hosts: 1 failed, 6 at work, 3 waiting`: clusters by how they stand. */
export function countsOf(screen: Screen): string {
  const groups = groupsOf(screen);
  const hosts = screen.rows.length - groups.length;
  const machines = hosts > groups.length ? `, ${counted(hosts, 'host')}` : '';
  const warnings = screen.rows.reduce((sum, row) => sum + row.warnings.length, 0);
  const warned = warnings > 0 ? `; ${counted(warnings, 'warning')}` : '';
  return `${counted(groups.length, 'cluster')}${machines}: ${tally(groups.map(wordOf))}${warned}`;
}

function wordOf(group: readonly Row[]): string {
  const outcome = group[0]?.outcome ?? null;
  if (outcome !== null) return OUTCOME_WORDS[outcome];
  if (group.some(({ error }) => error !== null)) return 'failing';
  return group.some(({ stage }) => stage !== null) ? 'at work' : 'waiting';
}

/** Until the last cluster usually ends; null where that is not known of each, or further batches come. */
function timeLeft(screen: Screen, now: number, usual: Usual): number | null {
  if (screen.batch && screen.batch.batch < screen.batch.of) return null;
  let longest: number | null = null;
  for (const group of groupsOf(screen)) {
    const [cluster] = group;
    if (!cluster || cluster.outcome !== null) continue;
    const whole = usual.whole(cluster.subject);
    if (whole === null) return null;
    const begun = group.reduce((first, { begunAt }) => Math.min(first, begunAt ?? now), now);
    longest = Math.max(longest ?? -Infinity, whole - (now - begun));
  }
  return longest;
}
