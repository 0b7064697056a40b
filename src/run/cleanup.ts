/** `snoboot cleanup`: our media out, boot overrides cleared, and what a run that ended without a word left is settled. */
import { asSnobootError, EXIT, SnobootError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import { notNeeded } from '../stages/clean-host.ts';
import type { ClusterContext, HostContext } from '../stages/context.ts';
import { CLUSTER_STAGES, HOST_STAGES } from '../stages/index.ts';
import type { ClusterOutput } from '../../pipelines/cluster-setup.ts';
import type { Deployment } from './deploy.ts';
import { endOf, leftOf, removeIso } from './ends.ts';
import { inventoryName } from './folders.ts';
import { earlierRuns } from './last-run.ts';
import { createMemory } from './memory.ts';
import { clusterExit, createChangeCount, runExit } from './outcome.ts';
import { openSession, type RunRequest, type Session } from './session.ts';
import { createStageRunner, type RunStage } from './stage-runner.ts';
import { settleRuns } from './settle-runs.ts';

/** Throws before anything outside is contacted: see `openSession`. */
export async function cleanUp(request: RunRequest): Promise<Deployment> {
  const stop = new AbortController();
  let signal: NodeJS.Signals | undefined;
  const session = await openSession(request, {
    goal: 'cleanup',
    mayBegin: () => undefined,
    onBroken: (error) => stop.abort(error),
  });
  const { journal, contexts } = session;
  if (stop.signal.aborted) {
    await session.close();
    throw stop.signal.reason;
  }
  inherit(session, request);
  return {
    folders: session.folders,
    exitCode: cleanAll(session, request, stop.signal, () => signal),
    interrupt: (received) => {
      signal = received;
      journal.say('run', { type: 'interrupted', signal: received, text: `${received}: starting nothing new` });
      stop.abort(new Error(received));
    },
    leftNow: () => contexts.flatMap(leftOf),
    retryFile: () => null,
  };
}

/** What the last run of each cluster before this one owes the machines: it was taken from, or left something behind. */
function inherit({ contexts, life }: Session, { written }: RunRequest): void {
  if (life > 1) return;
  const earlier = earlierRuns(written.home, inventoryName(written)).slice(1);
  for (const { subject: cluster, hosts } of contexts) {
    const former = createMemory();
    earlier.find((events) => isAbout(events, cluster))?.forEach(former.apply);
    for (const { subject, deeds } of hosts) for (const debt of former.of(subject).deeds.owes) deeds.owes.add(debt);
  }
}

/** --limit may have left it out. */
function isAbout(events: readonly RunEvent[], cluster: string): boolean {
  return events.some((event) => event.type === 'run.started' && event.clusters.some(({ name }) => name === cluster));
}

async function cleanAll(
  session: Session,
  request: RunRequest,
  stop: AbortSignal,
  signal: () => NodeJS.Signals | undefined,
): Promise<number> {
  const { journal, contexts } = session;
  const changes = createChangeCount();
  journal.listen(changes.listener);
  const runStage = createStageRunner();
  const codes = await Promise.all(
    contexts.map(async (context) => {
      const output = await cleanCluster(context, runStage, stop);
      const exitCode = clusterExit(output, signal());
      const changed = changes.of(context.subject);
      journal.say(context.subject, { type: 'cluster.ended', ...endOf(output, context), exitCode, changed });
      return exitCode;
    }),
  );
  const exitCode = runExit(codes);
  // What a killed run left is not settled by a try: as long as its machines are not clean, deploy goes on with it.
  const isOver = exitCode === EXIT.ok || (session.life === 1 && !stop.aborted);
  if (isOver) journal.say('run', { type: 'run.ended', exitCode });
  await session.close();
  if (exitCode === EXIT.ok && !request.written.all)
    await settleRuns(request.written.home, inventoryName(request.written));
  return exitCode;
}

async function cleanCluster(cluster: ClusterContext, runStage: RunStage, stop: AbortSignal): Promise<ClusterOutput> {
  const end = (outcome: ClusterOutput['outcome'], error: unknown, leftovers: string[]): ClusterOutput => ({
    outcome,
    error: error === undefined ? null : asSnobootError(error).record(),
    leftovers,
  });
  const stopped = (): ClusterOutput =>
    end('interrupted', stop.reason instanceof SnobootError ? stop.reason : undefined, leftOf(cluster));
  try {
    await runStage(CLUSTER_STAGES['check-service'], cluster, stop);
    const ended = await Promise.allSettled(cluster.hosts.map((host) => cleanHost(host, runStage, stop)));
    const failure = ended.find((one) => one.status === 'rejected');
    if (failure && !stop.aborted) return end('failed', failure.reason, leftOf(cluster));
    if (stop.aborted) return stopped();
    return end('clean', undefined, await removeIso(cluster));
  } catch (error) {
    return stop.aborted ? stopped() : end('failed', error, leftOf(cluster));
  }
}

async function cleanHost(host: HostContext, runStage: RunStage, stop: AbortSignal): Promise<void> {
  await runStage(HOST_STAGES['check-bmc'], host, stop);
  await notNeeded(host);
  await runStage(HOST_STAGES.cleanup, host, stop);
}
