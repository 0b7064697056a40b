/** `--stop-after-stage`: a cluster goes no further than a stage, and its machines are left as after an interrupt. */
import { SnobootError } from '../core/errors.ts';
import { didYouMean } from '../inventory/suggest.ts';
import type { ClusterContext } from '../stages/context.ts';
import { CLUSTER_STAGES, type ClusterStageName, HOST_STAGES, type HostStageName } from '../stages/index.ts';
import type { RunStage } from './stage-runner.ts';

export type StageName = ClusterStageName | HostStageName;

/** What belongs to ways back and to the end: a cluster that is there already, or was let go, comes to its end with them. */
const ENDINGS: readonly StageName[] = ['cleanup', 'collect-logs', 'save-credentials', 'verify-cluster'];
/** Not on the way of every cluster; or after them nothing is left to stop. */
const NO_STOPS: readonly StageName[] = [
  ...ENDINGS,
  ...(['cancel-install', 'delete-cluster', 'take-down', 'keep-media'] as const),
  ...(['await-installed', 'await-disk-boot', 'boot-disk'] as const),
];
const STOPS = ([...Object.keys(CLUSTER_STAGES), ...Object.keys(HOST_STAGES)] as StageName[]).filter(
  (name) => !NO_STOPS.includes(name),
);

const AFTER_TRIGGER: readonly StageName[] = ['install', 'await-reboot', 'eject-media'];

/** Whether nothing of a disk is written up to the end of the stage. */
export function isBeforeTrigger(stage: StageName): boolean {
  return !AFTER_TRIGGER.includes(stage);
}

/** Throws E-USAGE for a name after which nothing can be stopped. */
export function stopStage(text: string): StageName {
  const found = STOPS.find((name) => name === text);
  if (found) return found;
  throw new SnobootError(
    'E-USAGE',
    `--stop-after-stage ${JSON.stringify(text)} is no stage after which a cluster can be stopped${didYouMean(text, STOPS)}`,
    `one of: ${STOPS.join(', ')}`,
  );
}

export interface Stopping {
  runStage: RunStage;
  /** Whether the cluster was cancelled because the stage is over. */
  hasStopped(): boolean;
}

/**
 * Cancels the cluster when, with `last` over for all that it is about, a further stage would begin: before that one has looked.
 * Where the machine must go on all the same (it is being installed, and its ISO has to go out), it does.
 */
export function stopAfter(last: StageName, cluster: ClusterContext, runStage: RunStage, cancel: () => void): Stopping {
  const subjects = last in HOST_STAGES ? cluster.hosts.map(({ subject }) => subject) : [cluster.subject];
  const waitedFor = new Set(subjects);
  let hasStopped = false;
  return {
    hasStopped: () => hasStopped,
    runStage: async (stage, context, signal) => {
      if (waitedFor.size === 0 && !ENDINGS.some((name) => name === stage.name)) {
        hasStopped = true;
        cancel();
        // The machine hears of it when the step in which it asked for this stage is over.
        await Promise.resolve();
        signal.throwIfAborted();
      }
      const facts = await runStage(stage, context, signal);
      if (stage.name === last) waitedFor.delete(context.subject);
      return facts;
    },
  };
}
