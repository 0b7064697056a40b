/** One line of the picture of a run: a cluster or a host. */
import type { ErrorRecord } from '../core/errors.ts';
import type { Outcome, RunEvent, Subject } from '../core/events.ts';
import type { Medium } from './medium.ts';

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
  /** What was read of its medium; null until then. */
  medium: Medium | null;
  failing: string[];
  pending: string[];
  warnings: string[];
  /** The one of them that is moot as soon as more is read of the medium. */
  doubt: string | null;
  stageStartedAt: number | null;
  /** Begin of its first stage in this life. */
  begunAt: number | null;
  /** How long the stage took, once it is over. */
  stageMs: number | null;
  /** The first failure, and the stage in which it happened. */
  error: ErrorRecord | null;
  failedStage: string | null;
  /** How its cluster ended, once it has. */
  outcome: Outcome | null;
  /** Of a cluster whose credentials were saved, where the service says it. */
  consoleUrl: string | null;
  /** Of a cluster: nothing of an earlier one is at the service, or not any more. */
  isAway: boolean;
}

export type Of<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;
export type RowEvent = Exclude<RunEvent, { type: 'run.started' | 'run.ended' | 'cluster.ended' }>;

export function emptyRow(subject: Subject, level: 0 | 1): Row {
  const now = { state: 'waiting', stage: null, text: '', percent: null, medium: null, stageStartedAt: null } as const;
  const later = { begunAt: null, stageMs: null, error: null, failedStage: null, outcome: null, consoleUrl: null };
  return {
    subject,
    level,
    ...now,
    ...later,
    isAway: false,
    failing: [],
    pending: [],
    warnings: [],
    doubt: null,
  };
}
