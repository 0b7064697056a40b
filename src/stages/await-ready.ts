/** Every validation that blocks has passed, and the service says that the cluster can be installed. */
import { SnobootError } from '../core/errors.ts';
import type { Cluster } from '../assisted/types.ts';
import { blocking, explainCluster } from '../assisted/validations.ts';
import type { ClusterContext } from './context.ts';
import { currentCluster } from './current-cluster.ts';
import { BEGUN } from './install.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';
import { sentence, tellHosts } from './tell-hosts.ts';

/** Nothing is left to wait for here, or somebody has gone further already. */
const READY = ['ready', 'preparing-for-installation', ...BEGUN];

export const awaitReady: Stage<ClusterContext> = {
  name: 'await-ready',
  waitsFor: 'the validations to pass',
  isSo: 'its validations pass',
  deadlineMs: 15 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 0,
  settleMs: 0,
  group: 'service',
  look: async (context) => {
    const cluster = await currentCluster(context);
    tellHosts(context, cluster);
    if (READY.includes(cluster.status)) return { so: true };
    const blockers = blockersOf(cluster);
    return { so: false, seen: blockers.join('; ') || `cluster is ${cluster.status}: ${cluster.status_info}` };
  },
  expired: (_context, seen) => new SnobootError('E-VALIDATION', `validations did not pass within 15 minutes: ${seen}`),
};

/** These only say of the cluster what the hosts' own reasons say better. */
const ECHOES = ['all-hosts-are-ready-to-install', 'sufficient-masters-count'];

/** What keeps the cluster from being ready: its hosts' reasons, and its own. */
function blockersOf(cluster: Cluster): string[] {
  const hosts = cluster.hosts.flatMap((host) => blocking(host));
  const { failing, pending } = explainCluster(cluster);
  const own = [...failing, ...pending].filter(({ id }) => hosts.length === 0 || !ECHOES.includes(id));
  return [...hosts, ...own].map(sentence);
}
