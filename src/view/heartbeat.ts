/** What a log is told each minute while nothing else is said: what is waited for, and for how long already. Pure. */
import { countsOf } from './heading.ts';
import { mediumText } from './medium.ts';
import type { Row } from './row.ts';
import { inStage, isLate, type Seen, usualOf } from './row-lines.ts';
import type { Screen } from './rows.ts';
import { clean, duration, firstOf } from './text.ts';

/** With more at work than this there is one line for each stage. */
const MOST_LINES = 20;

/** Lines without time. */
export function heartbeat(screen: Screen, seen: Seen): string[] {
  const active = screen.rows.filter((row) => row.state === 'running');
  const whole = `run ${duration(seen.now - screen.startedAt)}: ${countsOf(screen)}`;
  if (active.length === 0) return screen.rows.length > screen.ends.size ? [whole] : [];
  if (active.length <= MOST_LINES) return active.map((row) => oneLine(row, seen));
  const stages = new Map<string, Row[]>();
  for (const row of active) {
    const same = stages.get(row.stage ?? '');
    if (same) same.push(row);
    else stages.set(row.stage ?? '', [row]);
  }
  const byCount = [...stages].sort(([, a], [, b]) => b.length - a.length);
  return [whole, ...byCount.map(([stage, rows]) => `run still ${stageLine(stage, rows, seen)}`)];
}

function oneLine(row: Row, seen: Seen): string {
  const percent = row.percent === null ? '' : ` ${Math.round(row.percent)}%`;
  const medium = mediumText(row.medium, seen.now);
  const failing =
    row.failing.length > 1 ? firstOf(row.failing, 'failing') : row.failing.map((text) => `failing: ${text}`);
  const told = [row.text, medium, ...[failing].flat()].filter(Boolean).join('; ');
  return `${row.subject} ${row.stage ?? ''}${percent} (${times(row, seen)}): ${told}`;
}

/** `583 await-agent: the agent to register; longest sno1/host-0 (3 min 20 s of ~5 min 40 s)`. */
function stageLine(stage: string, rows: Row[], seen: Seen): string {
  const longest = rows.reduce((a, b) => (inStage(b, seen.now) > inStage(a, seen.now) ? b : a));
  const failing = rows.filter((row) => row.failing.length > 0).length;
  const fails = failing > 0 ? `; validations fail on ${failing}` : '';
  return `${rows.length} ${stage}: ${clean(longest.text, 200)}; longest ${longest.subject} (${times(longest, seen)})${fails}`;
}

function times(row: Row, seen: Seen): string {
  const usually = row.stage === null ? null : usualOf(row, seen.usual);
  const late = isLate(row, seen) ? ', late' : '';
  return `${duration(inStage(row, seen.now))}${usually === null ? '' : ` of ~${duration(usually)}${late}`}`;
}
