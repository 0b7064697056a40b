/** What a run looks like now: its events folded into one row per cluster and host. Pure, and cheap for a thousand rows. */
import type { ErrorRecord } from '../core/errors.ts';
import type { Event, Outcome, RunEvent, Subject } from '../core/events.ts';
import { mebibytes } from './text.ts';

export type RowState = 'waiting' | 'running' | 'done' | 'failed' | 'interrupted';

/** All times are milliseconds since the epoch on the run's clock. */
export interface Row {
  subject: Subject;
  /** 0 cluster, 1 host. */
  level: 0 | 1;
  /** `waiting`: between two stages, or before the first. A failure stays while cleanup goes on. */
  state: RowState;
  stage: string | null;
  /** One line: what is waited for, or what was seen last. */
  text: string;
  percent: number | null;
  /** How much of the medium was read, in words; empty until then. */
  medium: string;
  failing: string[];
  pending: string[];
  warnings: string[];
  stageStartedAt: number | null;
  /** How long the stage took, once it is over. */
  stageMs: number | null;
  /** The first failure, and the stage in which it happened. */
  error: ErrorRecord | null;
  failedStage: string | null;
}

export type ClusterEnd = Omit<Extract<Event, { type: 'cluster.ended' }>, 'type'> & { at: number };

export interface Screen {
  /** Each cluster and then its hosts, in the order of the inventory. */
  rows: readonly Row[];
  target: string;
  startedAt: number;
  /** How each cluster ended, by name. */
  ends: ReadonlyMap<string, ClusterEnd>;
  /** Warnings, recoveries and interruptions that are about the run as a whole. */
  notes: readonly string[];
}

type Of<Type extends Event['type']> = Extract<RunEvent, { type: Type }>;
type RowEvent = Exclude<RunEvent, { type: 'run.started' | 'run.ended' | 'cluster.ended' }>;

/** The screen before the first event. */
export function emptyScreen(): Screen {
  return { rows: [], target: '', startedAt: 0, ends: new Map(), notes: [] };
}

/** The screen after one more event; an event about an unknown subject is at most a note. */
export function reduce(screen: Screen, event: RunEvent): Screen {
  const at = Date.parse(event.at);
  if (event.type === 'run.started') return startScreen(event, at);
  if (event.type === 'run.ended') return screen;
  if (event.type === 'cluster.ended') return endCluster(screen, event, at);
  const place = screen.rows.findIndex(({ subject }) => subject === event.subject);
  const row = screen.rows[place];
  if (row) return { ...screen, rows: screen.rows.with(place, moveRow(row, event, at)) };
  const note = event.type === 'warning' || event.type === 'recovered' || event.type === 'interrupted';
  return note ? { ...screen, notes: [...screen.notes, event.text] } : screen;
}

function startScreen(event: Of<'run.started'>, at: number): Screen {
  const hostRows = (name: string, hosts: string[]): Row[] => hosts.map((host) => emptyRow(`${name}/${host}`, 1));
  const rows = event.clusters.flatMap(({ name, hosts }) => [emptyRow(name, 0), ...hostRows(name, hosts)]);
  return { ...emptyScreen(), rows, target: event.target, startedAt: at };
}

function emptyRow(subject: Subject, level: 0 | 1): Row {
  const now = { state: 'waiting', stage: null, text: '', percent: null, medium: '', stageStartedAt: null } as const;
  const later = { stageMs: null, error: null, failedStage: null, failing: [], pending: [], warnings: [] };
  return { subject, level, ...now, ...later };
}

function moveRow(row: Row, event: RowEvent, at: number): Row {
  switch (event.type) {
    case 'stage.started':
      return { ...enter(row, event.stage, at), text: event.waitsFor };
    case 'stage.progressed':
      return progress(row, event, at);
    case 'intent':
      return row;
    case 'result':
      return event.error ? { ...row, text: `try ${event.try}: ${event.error.message}` } : row;
    case 'stage.succeeded':
      return row.stage === event.stage ? succeed(row, event.elapsedMs) : row;
    case 'stage.failed':
      return fail(row, event, at);
    case 'media.read':
      return { ...row, medium: mebibytes(event.total, event.size) };
    case 'validations':
      return { ...row, failing: event.failing, pending: event.pending };
    case 'warning':
      return row.warnings.includes(event.text) ? row : { ...row, warnings: [...row.warnings, event.text] };
    case 'recovered':
    case 'interrupted':
      return { ...row, text: event.text };
  }
}

function enter(row: Row, stage: string, at: number): Row {
  const now = { ...row, stage, stageStartedAt: at, stageMs: null, percent: null };
  return { ...now, state: row.state === 'failed' ? 'failed' : 'running' };
}

function succeed(row: Row, stageMs: number): Row {
  return { ...row, stageMs, percent: null, text: '', state: row.state === 'running' ? 'waiting' : row.state };
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
  failed: 'failed',
  interrupted: 'interrupted',
  'left-installing': 'interrupted',
} as const satisfies Record<Outcome, RowState>;

function endCluster(screen: Screen, event: Of<'cluster.ended'>, at: number): Screen {
  const state = STATE_AT_END[event.outcome];
  const end = (row: Row): Row => {
    const now = { ...row, percent: null, text: '' };
    if (row.level === 0) return { ...now, state, error: row.error ?? event.error ?? null };
    return { ...now, state: state === 'failed' && !row.error ? 'interrupted' : state };
  };
  const rows = screen.rows.map((row) => (isOf(event.subject, row) ? end(row) : row));
  return { ...screen, rows, ends: new Map([...screen.ends, [event.subject, { ...event, at }]]) };
}

/** Whether the row is this cluster's own or one of its hosts'. */
export function isOf(cluster: string, row: Row): boolean {
  return row.subject === cluster || row.subject.startsWith(`${cluster}/`);
}
