/** kubeconfig and kubeadmin-password at their stable path, replaced only when they differ; before them, that the cluster is installed. */
import { SnobootError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { readKubeconfig } from '../kube/kubeconfig.ts';
import { clusterFolder, CREDENTIALS, keep, readKept } from './cluster-files.ts';
import { type ClusterContext, fact } from './context.ts';
import { readInstalled, writeInstalled } from './installed-record.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

export const saveCredentials: Stage<ClusterContext> = {
  name: 'save-credentials',
  waitsFor: 'the service to hand out the credentials',
  deadlineMs: 10 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 3,
  settleMs: 5 * SECOND,
  group: 'service',
  look: async (context, signal) => {
    if ((await readInstalled(context))?.clusterId !== fact(context, 'clusterId'))
      return { so: false, seen: 'not written down yet that the cluster is installed', due: 'record' };
    const saved = await Promise.all(
      CREDENTIALS.map(async (file) => {
        const there = await fetched(context, file, signal);
        return there instanceof Secret ? (await readKept(context, file)) === there.reveal() : there;
      }),
    );
    const waiting = saved.find((one) => one instanceof SnobootError);
    if (waiting) return { so: false, seen: waiting.message };
    const missing = CREDENTIALS.filter((_, index) => !saved[index]);
    if (missing.length > 0) return { so: false, seen: `${missing.join(' and ')} not saved yet`, due: 'save' };
    return { so: true, facts: { credentials: clusterFolder(context), ...(await consoleOf(context, signal)) } };
  },
  effects: {
    record: 'write down here that it is installed',
    save: 'save kubeconfig and password here',
  },
  isSo: 'its credentials are here',
  act: async (context, due) => {
    if (due === 'record') return writeInstalled(context);
    for (const file of CREDENTIALS) {
      const there = await fetched(context, file);
      if (there instanceof Secret) await keep(context, file, there.reveal());
    }
  },
  expired: (context, seen) => new SnobootError('E-CREDS', `credentials of ${context.subject}: ${seen}`),
};

/** The file, or why it is to be asked for again: refused or missing for a while after the end (SV-31), or not whole (SV-32). */
async function fetched(
  context: ClusterContext,
  file: (typeof CREDENTIALS)[number],
  signal?: AbortSignal,
): Promise<Secret | SnobootError> {
  try {
    const there = await context.run.assisted.credentialsFile(fact(context, 'clusterId'), file, signal);
    if (file === 'kubeconfig') checkServer(context, there);
    return there;
  } catch (error) {
    if (error instanceof SnobootError && ['E-SVC-REFUSED', 'E-SVC-GONE', 'E-CREDS'].includes(error.code)) return error;
    throw error;
  }
}

/** As the service says it; a service that does not is no reason to wait. */
async function consoleOf(context: ClusterContext, signal: AbortSignal): Promise<{ consoleUrl?: string }> {
  try {
    return { consoleUrl: await context.run.assisted.consoleUrl(fact(context, 'clusterId'), signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SnobootError) return {};
    throw error;
  }
}

function checkServer({ spec }: ClusterContext, kubeconfig: Secret): void {
  const { host } = readKubeconfig(kubeconfig);
  const expected = `api.${spec.name}.${spec.baseDomain}`.toLowerCase();
  if (host === expected) return;
  throw new SnobootError('E-CREDS', `the kubeconfig leads to ${host}, not to ${expected}`, 'look at the service');
}
