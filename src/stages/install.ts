/** The trigger, and before it once more what the barrier was about: after it nothing is undone. Over when the service has prepared and begins to install. */
import { asSnobootError, SnobootError } from '../core/errors.ts';
import type { Cluster } from '../assisted/types.ts';
import { explainHost } from '../assisted/validations.ts';
import { assignHosts } from './assign-hosts.ts';
import { type ClusterContext, fact } from './context.ts';
import { currentCluster, patiently } from './current-cluster.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';
import { tellHosts } from './tell-hosts.ts';

/** So long after a trigger without an answer the service may still take it. */
const UNKNOWN_MS = 30 * SECOND;
/** From here on the cluster is being installed or is installed. */
export const BEGUN = ['installing', 'installing-pending-user-action', 'finalizing', 'installed'];

export const install: Stage<ClusterContext> = {
  name: 'install',
  waitsFor: 'the service to prepare the installation',
  deadlineMs: 25 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 5,
  settleMs: UNKNOWN_MS,
  group: 'service',
  look: (context, signal) => (isPreparing(context) ? patiently(() => seen(context, signal)) : seen(context, signal)),
  effects: { install: 'start the installation: the disk is erased' },
  ifNeeded: { host: 'set name, role or disk of a host again', ...assignHosts.ifNeeded },
  isSo: 'the installation was started',
  act: async (context, due, signal) => {
    if (due !== 'install') return assignHosts.act?.(context, due, signal);
    if (context.interrupted) throw notTriggered(context);
    await context.run.assisted.install(fact(context, 'clusterId')).catch((error: unknown) => {
      throw refused(error);
    });
    context.notes['preparing'] = true;
    context.run.watch.refresh();
  },
  expired: (context, seen) =>
    isPreparing(context)
      ? new SnobootError(
          'E-INSTALL-STUCK',
          `the installation was not prepared within 25 minutes: ${seen}`,
          'nothing was stopped: watch the cluster at the service, or deploy again to watch it from here',
        )
      : new SnobootError('E-PREPARE', `the installation could not be triggered within 25 minutes: ${seen}`),
};

async function seen(context: ClusterContext, signal: AbortSignal): Promise<Look> {
  const cluster = await currentCluster(context);
  tellHosts(context, cluster);
  if (BEGUN.includes(cluster.status)) return { so: true };
  if (['error', 'cancelled'].includes(cluster.status))
    throw new SnobootError(
      'E-INSTALL',
      `the cluster is ${cluster.status}: ${cluster.status_info}`,
      'read the logs of the service in the run folder',
    );
  if (cluster.status === 'preparing-for-installation') {
    context.notes['preparing'] = true;
    return { so: false, seen: cluster.status_info };
  }
  if (isPreparing(context)) throw notPrepared(cluster);
  return cluster.status === 'ready' ? ready(context, signal) : notReady(context, cluster);
}

/** Identity, disks and what must not be formatted may have changed since the barrier: they are looked at a last time. */
async function ready(context: ClusterContext, signal: AbortSignal): Promise<Look> {
  if (mayBeTriggered(context)) return { so: false, seen: 'whether the service took the trigger' };
  if (context.interrupted) throw notTriggered(context);
  context.mayBegin('install');
  const assigned = await assignHosts.look(context, signal);
  return assigned.so ? { so: false, seen: 'ready to be installed', due: 'install' } : assigned;
}

function notReady(context: ClusterContext, cluster: Cluster): Look {
  if (context.interrupted && !mayBeTriggered(context)) throw notTriggered(context);
  return { so: false, seen: `cluster is ${cluster.status} again: ${cluster.status_info}` };
}

/** The service took the trigger, in this life or, as its accepted try says, in an earlier one. */
function isPreparing({ notes, deeds }: ClusterContext): boolean {
  return notes['preparing'] === true || deeds.tries('install').get('install')?.outcome === 'done';
}

function mayBeTriggered({ deeds, run }: ClusterContext): boolean {
  const trigger = deeds.tries('install').get('install');
  if (!trigger || trigger.outcome === 'done' || trigger.code === 'E-INTERRUPTED') return false;
  return run.clock.now() - trigger.at < UNKNOWN_MS;
}

function notTriggered({ subject }: ClusterContext): SnobootError {
  return new SnobootError('E-INTERRUPTED', `${subject}: interrupted before the trigger`);
}

/** A refusal that a look confirms: nothing was begun, so the machines may be switched off. */
function refused(error: unknown): SnobootError {
  const cause = asSnobootError(error);
  return cause.code === 'E-SVC-REFUSED' ? new SnobootError('E-PREPARE', cause.message, cause.todo, cause) : cause;
}

/** The service fell back: an image could not be pulled, or a disk is too slow. */
export function notPrepared(cluster: Cluster): SnobootError {
  const reasons = cluster.hosts.flatMap((host) => {
    const failing = explainHost(host)
      .failing.filter(({ id }) => id !== 'ntp-synced')
      .map(({ id, plain }) => `${id}: ${plain}`);
    return failing.length > 0 ? failing : [host.status_info];
  });
  return new SnobootError(
    'E-PREPARE',
    `the service could not prepare the installation (${cluster.status_info}): ${reasons.join('; ')}`,
  );
}
