/** What is kept of a cluster beside the inventory, in `.snoboot/clusters/<name>`: 0600 in 0700, each file whole or not there. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import type { ClusterContext } from './context.ts';

export const CREDENTIALS = ['kubeconfig', 'kubeadmin-password'] as const;

export type ClusterFile = (typeof CREDENTIALS)[number] | 'installed.json';

export function clusterFolder({ run, spec }: ClusterContext): string {
  return join(run.clustersDir, spec.name);
}

/** Null where there is no such file. Throws E-CREDS where it cannot be read. */
export async function readKept(context: ClusterContext, file: ClusterFile): Promise<string | null> {
  const path = join(clusterFolder(context), file);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw failed('read', path, error);
  }
}

/** Throws E-CREDS. */
export async function keep(context: ClusterContext, file: ClusterFile, text: string): Promise<void> {
  const path = join(clusterFolder(context), file);
  try {
    await mkdir(clusterFolder(context), { recursive: true, mode: 0o700 });
    await rm(`${path}.new`, { force: true });
    await using written = await open(`${path}.new`, 'wx', 0o600);
    await written.writeFile(text);
    await written.sync();
    await rename(`${path}.new`, path);
  } catch (error) {
    throw failed('write', path, error);
  }
}

/** Throws E-CREDS. */
export async function forget(context: ClusterContext, file: ClusterFile): Promise<void> {
  const path = join(clusterFolder(context), file);
  for (const one of [path, `${path}.new`])
    await rm(one, { force: true }).catch((error: unknown) => {
      throw failed('delete', one, error);
    });
}

function failed(what: 'read' | 'write' | 'delete', path: string, error: unknown): SnobootError {
  return new SnobootError(
    'E-CREDS',
    `cannot ${what} ${path}: ${(error as Error).message}`,
    'make room or correct the rights, then run this again',
  );
}
