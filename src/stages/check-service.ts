/** Read-only: does the service answer, does it know the version, and what does it hold under this cluster's name. */
import type { Cluster } from '../assisted/types.ts';
import { SnobootError } from '../core/errors.ts';
import type { ClusterContext } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

/** The tag by which snoboot knows its own clusters. */
export const TAG = 'snoboot';

/** What the service holds: `absent`, `before-install`, `installing`, `installed`. */
export type Existing = 'absent' | 'before-install' | 'installing' | 'installed';

const BEFORE_INSTALL = ['insufficient', 'pending-for-input', 'ready'];
const ENDED_BADLY = ['error', 'cancelled'];
const DONE = ['installed', 'adding-hosts'];

export const checkService: Stage<ClusterContext> = {
  name: 'check-service',
  waitsFor: 'the assisted-service to answer',
  deadlineMs: 5 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 0,
  settleMs: 0,
  group: 'service',
  look: async (cluster, signal) => {
    const { assisted } = cluster.run;
    const [serviceVersion, clusters] = await Promise.all([assisted.version(signal), assisted.listClusters(signal)]);
    const found = clusters.filter(({ name }) => name === cluster.spec.name);
    const existing = judge(cluster, found);
    if (existing === 'absent') await refuseUnknownVersion(cluster, signal);
    return { so: true, facts: { serviceVersion, existing, ...(found[0] ? { clusterId: found[0].id } : {}) } };
  },
  expired: () =>
    new SnobootError(
      'E-SVC-UNREACH',
      'the assisted-service did not answer',
      'check service.url and that the service runs',
    ),
};

function judge(cluster: ClusterContext, found: Cluster[]): Existing {
  const [first, second] = found;
  if (!first) return 'absent';
  const { name } = cluster.spec;
  if (second || !tagsOf(first).includes(TAG))
    throw new SnobootError(
      'E-SVC-EXISTS',
      second
        ? `the service holds ${found.length} clusters named ${name}`
        : `the service holds a cluster ${name} that snoboot did not make`,
      `give this cluster another name, or delete ${found.map(({ id }) => id).join(', ')} at the service if nobody needs it`,
    );
  if (ENDED_BADLY.includes(first.status))
    throw new SnobootError(
      'E-INSTALL',
      `the cluster ${name} is ${first.status} at the service since an earlier run: ${first.status_info}`,
      `delete the cluster ${first.id} and its infra-env at the service, then deploy again`,
    );
  if (DONE.includes(first.status)) return 'installed';
  return BEFORE_INSTALL.includes(first.status) ? 'before-install' : 'installing';
}

export function tagsOf({ tags }: Cluster): string[] {
  return (tags ?? '').split(',').map((tag) => tag.trim());
}

async function refuseUnknownVersion({ run, spec }: ClusterContext, signal: AbortSignal): Promise<void> {
  const versions = Object.keys(await run.assisted.openshiftVersions(signal));
  const wanted = spec.openshiftVersion;
  if (
    versions.some(
      (version) => version === wanted || version.startsWith(`${wanted}.`) || version.startsWith(`${wanted}-`),
    )
  )
    return;
  throw new SnobootError(
    'E-SVC-REFUSED',
    `the service offers no OpenShift ${wanted}`,
    `set openshiftVersion to one of ${versions.join(', ') || '(the service lists none)'}`,
  );
}
