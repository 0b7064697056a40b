/** How each event moves a line of the picture. Pure. */
import type { Outcome } from '../core/events.ts';
import { readMore } from './medium.ts';
import { emptyRow, type Of, type Row, type RowEvent, type RowState } from './row.ts';

/** Another life of the run begins: of what was seen of the row, only what is so for good still holds. */
export function reborn(row: Row): Row {
  const { subject, level, medium, warnings, doubt, isAway } = row;
  return { ...emptyRow(subject, level), medium, warnings, doubt, isAway };
}

export function moveRow(row: Row, event: RowEvent, at: number): Row {
  switch (event.type) {
    case 'stage.started':
      return { ...enter(row, event.stage, at), text: event.waitsFor };
    case 'stage.progressed':
      return progress(row, event, at);
    case 'intent':
    case 'pinned':
    case 'disks':
    case 'heard':
    case 'batch.started':
      return row;
    case 'result':
      return event.error ? { ...row, text: `try ${event.try}: ${event.error.message}` } : row;
    case 'stage.succeeded':
      return succeed(row, event);
    case 'stage.failed':
      return fail(row, event, at);
    case 'media.read':
      return { ...withoutDoubt(row), medium: readMore(row.medium, event.total, event.size, at) };
    case 'validations':
      return { ...row, failing: event.failing, pending: event.pending };
    case 'warning':
      return {
        ...row,
        warnings: [...new Set([...row.warnings, event.text])],
        doubt: event.until ? event.text : row.doubt,
      };
    case 'settled':
      return { ...row, text: settledText(event) };
    case 'found':
    case 'recovered':
    case 'interrupted':
      return { ...row, text: event.text };
  }
}

function withoutDoubt(row: Row): Row {
  return { ...row, warnings: row.warnings.filter((text) => text !== row.doubt), doubt: null };
}

/** What became of an effect that was under way when the run was killed. */
export function settledText({ stage, effect, happened }: Of<'settled'>): string {
  return `${stage} ${effect}, under way when the run was killed, ${happened ? 'took place' : 'did not take place'}`;
}

function enter(row: Row, stage: string, at: number): Row {
  const now = { ...row, stage, stageStartedAt: at, begunAt: row.begunAt ?? at, stageMs: null, percent: null };
  return { ...now, state: row.state === 'failed' ? 'failed' : 'running' };
}

function succeed(row: Row, { stage, elapsedMs: stageMs, facts }: Of<'stage.succeeded'>): Row {
  const { consoleUrl, existing } = facts;
  const known = {
    ...row,
    consoleUrl: typeof consoleUrl === 'string' ? consoleUrl : row.consoleUrl,
    isAway: row.isAway || stage === 'delete-cluster' || existing === 'absent',
  };
  if (row.stage !== stage) return known;
  return { ...known, stageMs, percent: null, text: '', state: row.state === 'running' ? 'waiting' : row.state };
}

function fail(row: Row, event: Of<'stage.failed'>, at: number): Row {
  const { error, failedStage } = row.error ? row : { error: event.error, failedStage: event.stage };
  const now = { ...enter(row, event.stage, at), stageMs: event.elapsedMs, text: event.error.message };
  return { ...now, state: 'failed', error, failedStage };
}

/** Progress of a stage that the row is not in brings it there, unless another stage is still at work. */
function progress(row: Row, { stage, seen, ...event }: Of<'stage.progressed'>, at: number): Row {
  const percent = event.percent ?? null;
  if (row.stage === stage) return { ...row, text: seen, percent };
  if (row.state === 'running' && row.stageMs === null) return { ...row, text: seen };
  return { ...enter(row, stage, at), text: seen, percent };
}

const STATE_AT_END = {
  installed: 'done',
  unchanged: 'done',
  destroyed: 'done',
  clean: 'done',
  stopped: 'done',
  skipped: 'interrupted',
  failed: 'failed',
  interrupted: 'interrupted',
  'left-installing': 'interrupted',
} as const satisfies Record<Outcome, RowState>;

/** The row when its cluster has ended. */
export function endRow(row: Row, { outcome, error }: Of<'cluster.ended'>): Row {
  const state = STATE_AT_END[outcome];
  const now = { ...row, percent: null, text: '', outcome };
  if (row.level === 0) return { ...now, state, error: row.error ?? error ?? null };
  return { ...now, state: state === 'failed' && !row.error ? 'interrupted' : state };
}
