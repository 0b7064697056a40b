/** Begins the clusters of a run in their order: batch after batch, at most so many hosts at once, none more when too many failed. */
import type { SnobootError } from '../core/errors.ts';
import { type Batch, tooManyFailed } from './batches.ts';
import { createGate } from './gate.ts';

export interface RollOut<C> {
  batches: readonly Batch<C>[];
  /** Hosts at work at the same time; null: any number. */
  forks: number | null;
  maxFailPercentage: number | null;
  onBatch(batch: Batch<C>): void;
  /** Brings the cluster to its end; `held`: why it is not to be begun. Resolves with whether it failed. */
  bring(cluster: C, held: SnobootError | null): Promise<boolean>;
}

/** Resolves when every cluster has ended. Rejects with a defect of snoboot, when its batch is over: then no further one begins. */
export async function rollOut<C extends { hosts: readonly unknown[] }>(plan: RollOut<C>): Promise<void> {
  const gate = createGate(plan.forks ?? Infinity);
  const rest: { held: SnobootError | null } = { held: null };
  for (const batch of plan.batches) {
    if (!rest.held && batch.of > 1) plan.onBatch(batch);
    let failed = 0;
    const ended = batch.clusters.map((cluster) =>
      gate(async () => {
        if (!(await plan.bring(cluster, rest.held))) return;
        failed += cluster.hosts.length;
        rest.held ??= tooManyFailed(batch, failed, plan.maxFailPercentage);
      }, cluster.hosts.length),
    );
    await Promise.allSettled(ended);
    await Promise.all(ended);
  }
}
