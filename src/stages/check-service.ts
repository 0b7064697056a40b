/** Read-only: does the service answer, does it know the version, and what does it hold under this cluster's name. */
import type { Cluster } from '../assisted/types.ts';
import { SnobootError } from '../core/errors.ts';
import type { ClusterContext } from './context.ts';
import { livingWitness } from './installed-record.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

/** The tag by which snoboot knows its own clusters. */
export const TAG = 'snoboot';

/**
 * What the service holds; `ended-badly` is an installation that failed or was cancelled, `forgotten` one of which the
 * service knows nothing (any more) but another witness does.
 */
export type Existing = 'absent' | 'before-install' | 'installing' | 'installed' | 'ended-badly' | 'forgotten';

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
    const { existing, version } = await withWitness(cluster, judge(cluster, found), signal);
    if (cluster.goal === 'deploy') await refuseInVain(cluster, existing, signal);
    refuseBadEnd(cluster, existing, found);
    return {
      so: true,
      facts: { serviceVersion, existing, clusterId: found[0]?.id ?? null, ...versionOf(found[0], version) },
    };
  },
  expired: () => new SnobootError('E-SVC-UNREACH', 'the assisted-service did not answer'),
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
  if (ENDED_BADLY.includes(first.status)) return 'ended-badly';
  if (DONE.includes(first.status)) return 'installed';
  return BEFORE_INSTALL.includes(first.status) ? 'before-install' : 'installing';
}

/** A service forgets old clusters (after 480 hours nobody touched them), a machine does not (design §5). */
async function withWitness(cluster: ClusterContext, existing: Existing, signal: AbortSignal): Promise<Witnessed> {
  const isKnown = existing === 'installed' || existing === 'installing' || cluster.facts['removed'] === true;
  const { installed, says, version } = isKnown ? NOBODY : await livingWitness(cluster, signal);
  if (!installed) return { existing, version };
  if (!cluster.removes) cluster.run.say(cluster.subject, { type: 'warning', text: says });
  return { existing: existing === 'absent' || !cluster.removes ? 'forgotten' : existing, version };
}

interface Witnessed {
  existing: Existing;
  version: string | null;
}

const NOBODY = { installed: false, says: '', version: null };

function refuseBadEnd({ spec, goal, removes }: ClusterContext, existing: Existing, [first]: Cluster[]): void {
  if (existing !== 'ended-badly' || goal !== 'deploy' || removes || !first) return;
  throw new SnobootError(
    'E-INSTALL',
    `the cluster ${spec.name} is ${first.status} at the service since an earlier run: ${first.status_info}`,
    'deploy it anew with --replace, which deletes it first',
  );
}

/** Of what was installed, or is being: fact `openshiftVersion`. */
export function versionOf(cluster: Cluster | undefined, witnessed: string | null = null) {
  return { openshiftVersion: cluster?.openshift_version ?? witnessed };
}

export function tagsOf({ tags }: Cluster): string[] {
  return (tags ?? '').split(',').map((tag) => tag.trim());
}

/** Before anything is touched: what cannot be installed, or not in time. */
async function refuseInVain(cluster: ClusterContext, existing: Existing, signal: AbortSignal): Promise<void> {
  if (existing === 'absent' || cluster.removes) await refuseUnknownVersion(cluster, signal);
  if (existing === 'absent' || existing === 'before-install' || cluster.removes) cluster.mayBegin('deploy');
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
