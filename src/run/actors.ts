/** Gives a cluster's machine its stages and runs it to its end. */
import { createActor, fromPromise } from 'xstate';
import { clusterMachine } from '../../pipelines/cluster.ts';
import type { ClusterInput, ClusterOutput, ClusterStageInput } from '../../pipelines/cluster-setup.ts';
import { hostMachine } from '../../pipelines/host.ts';
import type { HostStageInput } from '../../pipelines/host-setup.ts';
import type { Facts } from '../core/events.ts';
import type { ClusterContext, HostContext } from '../stages/context.ts';
import { CLUSTER_STAGES, HOST_STAGES } from '../stages/index.ts';
import { heard } from './heard.ts';
import type { RunStage } from './stage-runner.ts';

export interface ClusterRun {
  /** Settles when the machine has ended; rejects only by a defect of snoboot. */
  output: Promise<ClusterOutput>;
  /** Starts nothing new; what the machine does then depends on how far it is. */
  cancel(): void;
}

/** `verifies`: the installed cluster itself is asked how it is. `hearing`: what is done about a stage in trouble. */
export function runCluster(
  cluster: ClusterContext,
  runStage: RunStage,
  verifies: boolean,
  hearing: typeof heard = heard,
): ClusterRun {
  const hosts = new Map<string, HostContext>(cluster.hosts.map((host) => [host.subject, host]));
  const hostStage = fromPromise<Facts, HostStageInput>(async ({ input, signal }) => {
    const host = hosts.get(input.subject);
    if (!host) throw new TypeError(`no host ${input.subject}`);
    Object.assign(host.notes, input.notes);
    return hearing(cluster, [host], signal, runStage(HOST_STAGES[input.stage], host, signal));
  });
  const clusterStage = fromPromise<Facts, ClusterStageInput>(({ input, signal }) =>
    hearing(cluster, cluster.hosts, signal, runStage(CLUSTER_STAGES[input.stage], cluster, signal)),
  );
  const machine = clusterMachine.provide({
    actors: { stage: clusterStage, host: hostMachine.provide({ actors: { stage: hostStage } }) },
  });
  const actor = createActor(machine, { input: inputOf(cluster, verifies) });
  const output = new Promise<ClusterOutput>((resolve, reject) => {
    actor.subscribe({ complete: () => resolve(actor.getSnapshot().output as ClusterOutput), error: reject });
  });
  actor.start();
  const cancel = (): void => {
    cluster.interrupted = true;
    actor.send({ type: 'CANCEL' });
  };
  return { output, cancel };
}

function inputOf({ subject, hosts, goal, removes, deeds }: ClusterContext, verifies: boolean): ClusterInput {
  const trigger = deeds.last('install', 'install');
  return {
    name: subject,
    hosts: hosts.map(({ subject: host, facts, deeds: { owes } }) => ({
      subject: host,
      restarts: Number(facts['restarts'] ?? 0),
      ejected: !owes.has('media'),
    })),
    triggered: trigger !== undefined && (trigger.outcome !== 'failed' || trigger.code === 'E-SVC-UNREACH'),
    goal,
    removes,
    verifies,
  };
}
