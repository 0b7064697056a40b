/** The main job: every cluster of an inventory from what it is to installed (or to deleted), each by its own machine, side by side. */
import { asSnobootError, EXIT, SnobootError } from '../core/errors.ts';
import { batchesOf } from './batches.ts';
import { type Brake, createBrake } from './brake.ts';
import { type BringOptions, type Brought, createBring } from './bring.ts';
import { deadlinePassed, refuseLate, type Usual, usualOf } from './deadline.ts';
import { leftOf } from './ends.ts';
import { inventoryName, type RunFolders } from './folders.ts';
import { earlierRuns } from './last-run.ts';
import { runExit } from './outcome.ts';
import { pruneRuns } from './prune.ts';
import { keepFailed, type RetryPath } from './retry.ts';
import { rollOut } from './roll-out.ts';
import { openSession, type RunRequest, type Session } from './session.ts';
import { settleRuns } from './settle-runs.ts';
import { openOf } from './source.ts';

export interface DeployRequest extends RunRequest, BringOptions {
  verb: 'deploy' | 'destroy';
  /** Hosts at work at the same time; null: any number. */
  forks: number | null;
  /** The clusters that a person has let begin as they stood; null: all. */
  confirmed: ReadonlySet<string> | null;
  /** Milliseconds of the run's clock from now; null: no --deadline. */
  deadlineMs: number | null;
  /** How many ended runs stay on the disk. */
  keep: number;
}

export interface Deployment {
  folders: RunFolders;
  /** The run's exit code, when every cluster has ended and nothing of the run listens any more. */
  exitCode: Promise<number>;
  /** Starts nothing new, and leaves each machine as it is owed (design §5, Interrupt). */
  interrupt(signal: NodeJS.Signals): void;
  /** What would be left behind if the process ended now, one line each. */
  leftNow(): string[];
  /** Where failed.retry is kept, once the run is over; null where everything went well. */
  retryFile(): string | null;
}

/** Starts or goes on. Throws before anything outside is contacted: see `openSession`. */
export async function deploy(request: DeployRequest): Promise<Deployment> {
  const { clock, deadlineMs } = request;
  const brake = createBrake();
  const endsAt = clock.now() + (deadlineMs ?? 0);
  const session = await openSession(request, {
    goal: request.verb,
    mayBegin: beginner(request, endsAt),
    onBroken: (by) => brake.pull({ by }),
    stopAfter: request.stopAfter,
  });
  if (brake.by) {
    await session.close();
    throw brake.by;
  }
  const over = new AbortController();
  if (deadlineMs !== null)
    clock.sleep(Math.max(0, endsAt - clock.now()), over.signal).then(
      () => brake.pull({ by: deadlinePassed() }),
      () => undefined,
    );
  const retry: RetryPath = { path: null };
  const exitCode = runAll(session, request, brake, retry).finally(() => over.abort(new Error('over')));
  return {
    folders: session.folders,
    exitCode,
    interrupt: (signal) => {
      session.journal.say('run', {
        type: 'interrupted',
        signal,
        text: `${signal}: starting nothing new; machines are left clean, a host that is being installed keeps its ISO until it reboots`,
      });
      brake.pull({ signal });
    },
    leftNow: () => session.contexts.flatMap(leftOf),
    retryFile: () => retry.path,
  };
}

/** Waits for every cluster that was begun, even when another one ended by a defect of snoboot: its machines are still at work. */
async function runAll(session: Session, request: DeployRequest, brake: Brake, retry: RetryPath): Promise<number> {
  const { journal, contexts, past } = session;
  const { serial, maxFailPercentage } = request.written.rollout;
  const open = new Set(openOf(past));
  const bring = createBring(session, request, brake);
  const ends = new Map<string, Brought>();
  try {
    await rollOut({
      // A machine on which an earlier life was at work cannot wait until it is the turn of its batch.
      batches: batchesOf(contexts, serial, ({ subject }) => open.has(subject)),
      forks: request.forks,
      maxFailPercentage,
      onBatch: ({ number, of, clusters }) => {
        const names = clusters.map(({ subject }) => subject);
        journal.say('run', { type: 'batch.started', batch: number, of, clusters: names });
      },
      bring: async (context, held) => {
        const end = await bring(context, held);
        ends.set(context.subject, end);
        return end.outcome === 'failed';
      },
    });
    const exitCode = runExit([...ends.values()].map((end) => end.exitCode));
    const { warnings } = pruneRuns(request.written.home, { keep: request.keep, current: session.folders.run });
    warnings.push(...keepFailed(session, request, ends, retry), ...(await settleGivenUp(request, exitCode)));
    for (const text of warnings) journal.say('run', { type: 'warning', text });
    journal.say('run', { type: 'run.ended', exitCode });
    return exitCode;
  } finally {
    await session.close();
  }
}

/** Where every machine was taken down, nothing relies on a killed run that this one replaced. Returns what could not be settled. */
async function settleGivenUp({ verb, replace, written }: DeployRequest, exitCode: number): Promise<string[]> {
  if (exitCode !== EXIT.ok || written.all || !(replace || verb === 'destroy')) return [];
  try {
    await settleRuns(written.home, inventoryName(written));
    return [];
  } catch (error) {
    return [`what killed runs left here stays: ${asSnobootError(error).message}`];
  }
}

/** What is to begin was confirmed, and ends in time. */
function beginner(request: DeployRequest, endsAt: number) {
  const inTime = request.deadlineMs === null ? () => undefined : punctual(request, endsAt);
  return (cluster: string, what: keyof Usual): void => {
    if (request.confirmed && !request.confirmed.has(cluster))
      throw new SnobootError(
        'E-CONFIRM',
        `${cluster} is not as the plan showed it: it was not to be begun`,
        'deploy again, and look at the plan',
      );
    inTime(cluster, what);
  };
}

/** Reads how long earlier runs took, once. */
function punctual({ clock, written }: DeployRequest, endsAt: number) {
  const runs = earlierRuns(written.home, inventoryName(written));
  return (cluster: string, what: keyof Usual): void => refuseLate(clock, endsAt, cluster, what, usualOf(cluster, runs));
}
