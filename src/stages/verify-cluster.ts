/** The installed cluster itself, asked how it is: OpenShift available, every node Ready, no operator degraded. */
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { unhealthy } from '../kube/health.ts';
import { clusterFolder, readKept } from './cluster-files.ts';
import type { ClusterContext } from './context.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';

export const verifyCluster: Stage<ClusterContext> = {
  name: 'verify-cluster',
  waitsFor: 'the cluster to answer that it is well',
  deadlineMs: 30 * MINUTE,
  pollMs: 10 * SECOND,
  tries: 0,
  settleMs: 0,
  group: 'service',
  look: async (context, signal) => {
    const kubeconfig = new Secret((await readKept(context, 'kubeconfig')) ?? '');
    try {
      return await asked(context, kubeconfig, signal);
    } catch (error) {
      if (!(error instanceof SnobootError) || error.code !== 'E-API-UNREACH') throw error;
      return { so: false, seen: error.message };
    }
  },
  expired: (context, seen) =>
    new SnobootError(
      'E-VERIFY',
      `${context.subject} is installed, but after half an hour it is not well: ${seen}`,
      `ask it with oc --kubeconfig ${join(clusterFolder(context), 'kubeconfig')}; --no-verify leaves this check out`,
    ),
};

async function asked({ run, spec }: ClusterContext, kubeconfig: Secret, signal: AbortSignal): Promise<Look> {
  const health = await run.askCluster(kubeconfig, signal);
  const wrong = unhealthy(health, spec.hosts.length);
  return wrong.length > 0
    ? { so: false, seen: wrong.join('; ') }
    : { so: true, facts: { installedVersion: health.version } };
}
