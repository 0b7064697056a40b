/** The main job: every cluster of an inventory from what it is to installed (or to deleted), each by its own machine, side by side. */
import { asSnobootError, EXIT } from '../core/errors.ts';
import { runCluster } from './actors.ts';
import { type Brake, createBrake } from './brake.ts';
import { deadlinePassed, refuseLate, type Usual, usualOf } from './deadline.ts';
import { endedBy, endOf, leftOf, removeIso } from './ends.ts';
import { inventoryName, type RunFolders, stateFolder } from './folders.ts';
import { clusterExit, createChangeCount, runExit } from './outcome.ts';
import { earlierRuns } from './last-run.ts';
import { pruneRuns } from './prune.ts';
import { openSession, type RunRequest, type Session } from './session.ts';
import { settleRuns } from './settle-runs.ts';
import { createStageRunner, effectOver } from './stage-runner.ts';

export interface DeployRequest extends RunRequest {
  verb: 'deploy' | 'destroy';
  /** Whether installed clusters are asked how they are. */
  verify: boolean;
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
}

/** Starts or goes on. Throws before anything outside is contacted: see `openSession`. */
export async function deploy(request: DeployRequest): Promise<Deployment> {
  const { clock, deadlineMs } = request;
  const brake = createBrake();
  const endsAt = clock.now() + (deadlineMs ?? 0);
  const session = await openSession(request, {
    goal: request.verb,
    mustEndInTime: deadlineMs === null ? () => undefined : punctual(request, endsAt),
    onBroken: (by) => brake.pull({ by }),
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
  const exitCode = runAll(session, request, brake).finally(() => over.abort(new Error('over')));
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
  };
}

/** Waits for every cluster, even when another one ended by a defect of snoboot: its machines are still at work. */
async function runAll(session: Session, request: DeployRequest, brake: Brake): Promise<number> {
  const { journal, contexts, past } = session;
  const changes = createChangeCount();
  past.forEach(changes.listener);
  journal.listen(changes.listener);
  const runStage = createStageRunner();
  const ended = contexts.map(async (context) => {
    const cluster = runCluster(context, runStage, request.verify);
    brake.add(cluster);
    const end = await cluster.output;
    await Promise.all([context, ...context.hosts].map(effectOver));
    const output = endedBy(end, await removeIso(context), brake.by);
    const exitCode = clusterExit(output, brake.signal);
    const changed = changes.of(context.subject);
    journal.say(context.subject, { type: 'cluster.ended', ...endOf(output, context), exitCode, changed });
    return exitCode;
  });
  await Promise.allSettled(ended);
  try {
    const exitCode = runExit(await Promise.all(ended));
    const root = stateFolder(request.written.dir);
    const { warnings } = pruneRuns(root, { keep: request.keep, current: session.folders.run });
    for (const text of [...warnings, ...(await settleGivenUp(request, exitCode))])
      journal.say('run', { type: 'warning', text });
    journal.say('run', { type: 'run.ended', exitCode });
    return exitCode;
  } finally {
    await session.close();
  }
}

/** Where every machine was taken down, nothing relies on a killed run that this one replaced. Returns what could not be settled. */
async function settleGivenUp({ verb, replace, written }: DeployRequest, exitCode: number): Promise<string[]> {
  if (exitCode !== EXIT.ok || !(replace || verb === 'destroy')) return [];
  try {
    await settleRuns(stateFolder(written.dir), inventoryName(written));
    return [];
  } catch (error) {
    return [`what killed runs left here stays: ${asSnobootError(error).message}`];
  }
}

/** Reads how long earlier runs took, once. */
function punctual({ clock, written }: DeployRequest, endsAt: number) {
  const runs = earlierRuns(written.dir, inventoryName(written));
  return (cluster: string, what: keyof Usual): void => refuseLate(clock, endsAt, cluster, what, usualOf(cluster, runs));
}
