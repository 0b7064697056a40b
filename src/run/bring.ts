/** One cluster of a run, from the moment at which it is its turn to the word of how it ended. */
import type { ClusterOutput } from '../../pipelines/cluster-setup.ts';
import type { SnobootError } from '../core/errors.ts';
import type { ClusterContext } from '../stages/context.ts';
import { runCluster } from './actors.ts';
import type { Brake } from './brake.ts';
import { endedBy, endOf, removeIso } from './ends.ts';
import { clusterExit, createChangeCount } from './outcome.ts';
import type { Session } from './session.ts';
import { begunOf } from './source.ts';
import { createStageRunner, effectOver, type RunStage } from './stage-runner.ts';
import { type StageName, stopAfter } from './stop-after.ts';

export interface BringOptions {
  /** Whether installed clusters are asked how they are. */
  verify: boolean;
  /** Null: to the end. */
  stopAfter: StageName | null;
}

export interface Brought {
  outcome: ClusterOutput['outcome'];
  exitCode: number;
}

/** `held`: why the cluster is not to be begun any more. */
export type Bring = (cluster: ClusterContext, held: SnobootError | null) => Promise<Brought>;

/** What was begun in an earlier life is brought to a clean end whatever holds it; the rest is not even looked at then. */
export function createBring({ journal, past }: Session, options: BringOptions, brake: Brake): Bring {
  const changes = createChangeCount();
  past.forEach(changes.listener);
  journal.listen(changes.listener);
  const runStage = createStageRunner();
  const begun = new Set(begunOf(past));
  return async (context, held) => {
    const isOff = held !== null || brake.isPulled;
    const end =
      isOff && !begun.has(context.subject) ? notBegun(held) : await run(context, runStage, options, brake, held);
    const output = endedBy(end, await removeIso(context), held ?? brake.by);
    const exitCode = clusterExit(output, brake.signal, end.hasStopped && !brake.isPulled);
    const changed = changes.of(context.subject);
    journal.say(context.subject, { type: 'cluster.ended', ...endOf(output, context), exitCode, changed });
    return { outcome: output.outcome, exitCode };
  };
}

type End = ClusterOutput & { hasStopped: boolean };

function notBegun(held: SnobootError | null): End {
  const error = held?.record() ?? null;
  return { outcome: held ? 'skipped' : 'interrupted', error, leftovers: [], hasStopped: false };
}

async function run(
  context: ClusterContext,
  runStage: RunStage,
  { verify, stopAfter: last }: BringOptions,
  brake: Brake,
  held: SnobootError | null,
): Promise<End> {
  const stopping = last === null ? null : stopAfter(last, context, runStage, () => cluster.cancel());
  const cluster = runCluster(context, stopping?.runStage ?? runStage, verify);
  brake.add(cluster);
  if (held) cluster.cancel();
  const output = await cluster.output;
  await Promise.all([context, ...context.hosts].map(effectOver));
  const hasStopped = stopping?.hasStopped() ?? false;
  const isAsked = hasStopped && output.outcome === 'interrupted' && !brake.isPulled;
  return { ...output, outcome: isAsked ? 'stopped' : output.outcome, hasStopped };
}
