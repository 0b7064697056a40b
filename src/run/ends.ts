/** How a cluster ended, and what the run leaves of it on this machine and on others. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterOutput } from '../../pipelines/cluster-setup.ts';
import type { SnobootError } from '../core/errors.ts';
import type { ClusterContext } from '../stages/context.ts';
import { inWords } from './owed.ts';

/** With what is owed besides. A cluster that was only let go because the whole run stopped ended by that. */
export function endedBy(output: ClusterOutput, owed: string[], stopped: SnobootError | undefined): ClusterOutput {
  const isLetGo = output.outcome === 'interrupted' || output.outcome === 'left-installing';
  const error = isLetGo && stopped ? stopped.record() : output.error;
  return { ...output, error, leftovers: [...output.leftovers, ...owed] };
}

export function endOf({ outcome, error, leftovers }: ClusterOutput, { spec, facts }: ClusterContext) {
  const { installedVersion, openshiftVersion } = facts;
  const version = [installedVersion, openshiftVersion].find((one) => typeof one === 'string') ?? null;
  return {
    outcome,
    leftovers,
    version: { asked: spec.openshiftVersion, installed: ['installed', 'unchanged'].includes(outcome) ? version : null },
    ...(error ? { error: { code: error.code, message: error.message, todo: error.todo } } : {}),
  };
}

/** The discovery ISO holds the pull secret and is some GB long: it goes as soon as nobody reads it any more. Returns what is owed. */
export async function removeIso({ run, subject, hosts }: ClusterContext): Promise<string[]> {
  if (hosts.some(({ deeds }) => deeds.owes.has('media'))) return [];
  try {
    const files = (await readdir(run.runDir)).filter((name) => name.startsWith(`${subject}.`) && name.includes('.iso'));
    for (const file of files) await rm(join(run.runDir, file), { force: true });
    return [];
  } catch (error) {
    return [`${subject}: delete ${run.runDir}/${subject}.*.iso, it holds the pull secret: ${(error as Error).message}`];
  }
}

/** What may be left on the machines of a cluster if the process ended now. */
export function leftOf({ hosts }: ClusterContext): string[] {
  return hosts.flatMap(({ subject, bmcHost, deeds }) => {
    const words = inWords(deeds.owes);
    return words === null ? [] : [`${subject}: ${words} (BMC ${bmcHost})`];
  });
}
