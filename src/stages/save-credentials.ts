/** kubeconfig and kubeadmin-password at their stable path, 0600, replaced only when they differ. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asSnobootError, SnobootError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { type ClusterContext, fact } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

const FILES = ['kubeconfig', 'kubeadmin-password'] as const;

export const saveCredentials: Stage<ClusterContext> = {
  name: 'save-credentials',
  waitsFor: 'the service to hand out the credentials',
  deadlineMs: 10 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 3,
  settleMs: 5 * SECOND,
  group: 'service',
  look: async (context, signal) => {
    const id = fact(context, 'clusterId');
    const { assisted } = context.run;
    const saved = await Promise.all(
      FILES.map(async (file) => {
        const there = await assisted.credentialsFile(id, file, signal).catch(notYet);
        return there instanceof Secret ? (await readSaved(context, file)) === there.reveal() : there;
      }),
    );
    const waiting = saved.find((one) => one instanceof SnobootError);
    if (waiting) return { so: false, seen: waiting.message };
    const missing = FILES.filter((_, index) => !saved[index]);
    if (missing.length > 0) return { so: false, seen: `${missing.join(' and ')} not saved yet`, due: 'save' };
    return { so: true, facts: { credentials: folder(context) } };
  },
  act: async (context) => {
    const id = fact(context, 'clusterId');
    for (const file of FILES) await save(context, file, await context.run.assisted.credentialsFile(id, file));
  },
  expired: (context, seen) =>
    new SnobootError(
      'E-CREDS',
      `credentials of ${context.subject}: ${seen}`,
      'the cluster is installed: deploy again to fetch them',
    ),
};

/** For a while after the end the files may be refused or missing (fault SV-31). */
function notYet(error: unknown): SnobootError {
  if (error instanceof SnobootError && ['E-SVC-REFUSED', 'E-SVC-GONE'].includes(error.code)) return error;
  throw error;
}

function folder({ run, spec }: ClusterContext): string {
  return join(run.clustersDir, spec.name);
}

async function readSaved(context: ClusterContext, file: string): Promise<string | null> {
  return readFile(join(folder(context), file), 'utf8').catch(() => null);
}

async function save(context: ClusterContext, file: string, value: Secret): Promise<void> {
  const path = join(folder(context), file);
  try {
    await mkdir(folder(context), { recursive: true, mode: 0o700 });
    await writeFile(`${path}.new`, value.reveal(), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch (error) {
    throw new SnobootError(
      'E-CREDS',
      `cannot write ${path}: ${asSnobootError(error).message}`,
      'make room or correct the rights, then deploy again',
    );
  }
}
