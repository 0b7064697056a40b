/** States and outcomes in the words that screen, lines and recap share. */
import type { Outcome } from '../core/events.ts';
import type { Row } from './row.ts';

export const OUTCOME_WORDS = {
  installed: 'installed',
  unchanged: 'installed already',
  failed: 'failed',
  interrupted: 'interrupted',
  'left-installing': 'left installing',
  destroyed: 'destroyed',
  clean: 'clean',
  stopped: 'stopped as asked',
  skipped: 'not begun',
} as const satisfies Record<Outcome, string>;

/** Outcomes that are what was asked for. */
export const INSTALLED: readonly Outcome[] = ['installed', 'unchanged'];
export const GOOD: readonly Outcome[] = [...INSTALLED, 'destroyed', 'clean', 'stopped'];

/** Whether validations fail on a row that is not over: somebody has to put something right. */
export function isFailing(row: Row): boolean {
  return row.failing.length > 0 && row.outcome === null && row.state !== 'failed';
}

/** What a row is at: its stage while it works, else how it stands. */
export function labelOf(row: Row): string {
  const { outcome, state } = row;
  if (state === 'failed') return 'failed';
  if (state === 'running') return row.stage ?? 'running';
  if (outcome === null) return isFailing(row) ? 'failing' : state;
  return outcome === 'failed' && row.level === 1 ? 'given up' : OUTCOME_WORDS[outcome];
}
