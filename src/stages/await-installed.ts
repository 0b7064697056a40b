/** The installation as the service reports it, to its end. */
import { SnobootError } from '../core/errors.ts';
import { type Cluster, stageOf } from '../assisted/types.ts';
import { versionOf } from './check-service.ts';
import type { ClusterContext } from './context.ts';
import { currentCluster, patiently, recordOf } from './current-cluster.ts';
import { notPrepared } from './install.ts';
import { HOUR, type Look, SECOND, type Stage } from './stage.ts';
import { tellHosts } from './tell-hosts.ts';
import { isWriting } from './writing.ts';

const INSTALLED = ['installed', 'adding-hosts'];
/** An installation that goes back to these was not prepared, or somebody reset it. */
const FALLEN_BACK = ['ready', 'insufficient', 'pending-for-input'];

export const awaitInstalled: Stage<ClusterContext> = {
  name: 'await-installed',
  waitsFor: 'the installation to end',
  isSo: 'it is installed',
  deadlineMs: 4 * HOUR,
  pollMs: 5 * SECOND,
  tries: 0,
  settleMs: 0,
  group: 'service',
  look: (context) => patiently(() => seen(context)),
  expired: (context, seen) =>
    new SnobootError(
      'E-INSTALL-STUCK',
      `the installation of ${context.subject} did not end within four hours: ${seen}`,
      'nothing was stopped: watch the cluster at the service, or deploy again to watch it from here',
    ),
};

async function seen(context: ClusterContext): Promise<Look> {
  const cluster = await currentCluster(context);
  tellHosts(context, cluster);
  noteWriting(context, cluster);
  if (INSTALLED.includes(cluster.status)) return { so: true, facts: versionOf(cluster) };
  if (['error', 'cancelled'].includes(cluster.status)) throw ended(cluster);
  if (FALLEN_BACK.includes(cluster.status)) throw notPrepared(cluster);
  const percent = cluster.progress?.total_percentage;
  return { so: false, seen: cluster.status_info, ...(percent === undefined ? {} : { percent }) };
}

/** The service may give an installation up while a host still writes its disk: note `writing`, which cleanup respects. */
function noteWriting(context: ClusterContext, cluster: Cluster): void {
  for (const host of context.hosts) {
    const record = recordOf(host, cluster.hosts);
    if (record) host.notes['writing'] = isWriting(record);
  }
}

function ended(cluster: Cluster): SnobootError {
  const hosts = cluster.hosts.map(
    (host) => `${host.requested_hostname ?? host.id} in ${stageOf(host).stage || host.status}: ${host.status_info}`,
  );
  return new SnobootError(
    'E-INSTALL',
    `the installation ended ${cluster.status} (${cluster.status_info}): ${hosts.join('; ') || 'no hosts'}`,
    "read the service's logs in the run folder; then deploy with --replace, which deletes the cluster first",
  );
}
