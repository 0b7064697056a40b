/** How a cluster ended, and what the run leaves of it on this machine and on others. */
import { rm } from 'node:fs/promises';
import type { ClusterOutput } from '../../pipelines/cluster-setup.ts';
import type { SnobootError } from '../core/errors.ts';
import type { ClusterContext } from '../stages/context.ts';

/** With what is owed besides. A cluster that was only let go because the journal broke ended by that. */
export function endedBy(output: ClusterOutput, owed: string[], broken: SnobootError | undefined): ClusterOutput {
  const isLetGo = output.outcome === 'interrupted' || output.outcome === 'left-installing';
  const error = isLetGo && broken ? broken.record() : output.error;
  return { ...output, error, leftovers: [...output.leftovers, ...owed] };
}

export function endOf({ outcome, error, leftovers }: ClusterOutput) {
  return {
    outcome,
    leftovers,
    ...(error ? { error: { code: error.code, message: error.message, todo: error.todo } } : {}),
  };
}

/** The discovery ISO holds the pull secret and is some GB long: it goes as soon as nobody reads it any more. Returns what is owed. */
export async function removeIso({ subject, facts }: ClusterContext): Promise<string[]> {
  const path = facts['isoPath'];
  if (typeof path !== 'string') return [];
  try {
    await rm(path, { force: true });
    return [];
  } catch (error) {
    return [`${subject}: delete ${path}, it holds the pull secret: ${(error as Error).message}`];
  }
}

/** What may be left on the machines of a cluster if the process ended now. */
export function leftOf({ hosts }: ClusterContext): string[] {
  return hosts.flatMap(({ subject, bmcHost, done, facts }) => {
    if (!done.media || facts['clean'] === true) return [];
    return [`${subject}: the ISO may be inserted and the boot override set (BMC ${bmcHost})`];
  });
}
