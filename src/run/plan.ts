/** `plan`: what a deploy or destroy would do to which machine, by every look and no act. */
import { runExit } from './outcome.ts';
import { CODES, EXIT } from '../core/errors.ts';
import type { Cluster } from '../assisted/types.ts';
import type { ClusterContext } from '../stages/context.ts';
import type { Plan, PlannedCluster, Step } from '../view/plan.ts';
import { runCluster } from './actors.ts';
import { createGate } from './gate.ts';
import { inventoryName } from './folders.ts';
import { earlierRuns } from './last-run.ts';
import { openLooking, type Looking, type LookRequest } from './look-only.ts';
import { lastWordOf, livingOf } from './plan-living.ts';
import { createHostLooks, type HostLooks } from './plan-hosts.ts';
import { createPlanner } from './plan-runner.ts';

export interface Planned {
  plan: Plan;
  /** As that of a deploy which goes no further than its looks. */
  exitCode: number;
}

/** BMCs that are looked at side by side. */
const MOST_AT_ONCE = 40;

/** Throws E-PROTECTED, E-SECRET, E-JOURNAL before anything is contacted; what is found out there is in the plan. */
export async function plan(request: LookRequest): Promise<Planned> {
  const looking = await openLooking(request);
  try {
    const { inventory, written, target, verb } = request;
    const held = await looking.run.assisted.listClusters().catch(() => []);
    const gate = createGate(MOST_AT_ONCE);
    const looks = createHostLooks(request, held, gate, looking.signal);
    const runs = earlierRuns(written.home, inventoryName(written));
    const clusters = await Promise.all(
      looking.contexts.map(async (context) => ({
        ...(await planCluster(context, looks, held, looking)),
        lastRun: lastWordOf(context.subject, runs),
      })),
    );
    const steps = clusters.flatMap((cluster) => cluster.steps);
    const plan: Plan = {
      inventory: inventory.file,
      target,
      verb,
      clusters,
      erases: clusters.filter(isErased).flatMap(({ hosts }) => hosts).length,
      changes: steps.filter(({ when, effect }) => when === 'will' && effect !== null).length,
      notes: [...notesOf(looking), ...looking.said('run')],
    };
    return { plan, exitCode: runExit(clusters.map(exitOf)) };
  } finally {
    await looking.close();
  }
}

async function planCluster(
  context: ClusterContext,
  looks: HostLooks,
  held: Cluster[],
  { said }: Looking,
): Promise<Omit<PlannedCluster, 'lastRun'>> {
  // The machines let hosts go that nothing is to be done with; the plan shows who they are all the same.
  await Promise.allSettled(context.hosts.map(looks.meet));
  const planner = createPlanner(context, { 'check-bmc': looks.meet });
  const { outcome } = await runCluster(context, planner.runStage, true, (_cluster, _hosts, _signal, stage) => stage)
    .output;
  const problem = planner.problem();
  const steps = problem ? [] : planner.steps;
  const { existing } = context.facts;
  return {
    name: context.subject,
    state: typeof existing === 'string' ? existing : 'unknown',
    outcome: problem ? 'failed' : outcome,
    openshiftVersion: context.spec.openshiftVersion,
    livesThere: await livingOf(context, held),
    steps,
    hosts: await Promise.all(context.hosts.map(looks.of)),
    notes: [context, ...context.hosts].flatMap(({ subject }) => said(subject)),
    problem: problem?.record() ?? null,
  };
}

/** The trigger of the installation is what erases. */
export function isErased({ steps }: { steps: Step[] }): boolean {
  return steps.some(({ stage, effect }) => stage === 'install' && effect === 'install');
}

function exitOf({ problem }: Pick<PlannedCluster, 'problem'>): number {
  return problem ? CODES[problem.code] : EXIT.ok;
}

function notesOf({ last }: Looking): string[] {
  if (last?.state === 'killed') return [`the run ${last.header.run} is not finished: deploy goes on with it`];
  return last?.state === 'running' ? [`the run ${last.header.run} is at work now`] : [];
}
