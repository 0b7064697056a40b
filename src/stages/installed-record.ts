/** What this machine knows of a cluster that was installed from here: the witness that stays when the service forgets (design §5). */
import { basename } from 'node:path';
import { HttpError } from '../core/http-error.ts';
import { SnobootError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { CREDENTIALS, forget, keep, readKept } from './cluster-files.ts';
import { type ClusterContext, fact } from './context.ts';

/** `installed.json`; null for what is not known. */
export interface InstalledRecord {
  run: string | null;
  /** ISO, by the run's clock. */
  at: string | null;
  clusterId: string | null;
  openshiftVersion: string | null;
}

/** Writes down that the cluster of fact `clusterId` is installed. Throws E-CREDS. */
export async function writeInstalled(context: ClusterContext): Promise<void> {
  const { openshiftVersion } = context.facts;
  const record: InstalledRecord = {
    run: basename(context.run.runDir),
    at: new Date(context.run.clock.now()).toISOString(),
    clusterId: fact(context, 'clusterId'),
    openshiftVersion: typeof openshiftVersion === 'string' ? openshiftVersion : null,
  };
  await keep(context, 'installed.json', `${JSON.stringify(record, null, 2)}\n`);
}

/** Null where there is none; a damaged one says as much as that the cluster was installed. Throws E-CREDS where it cannot be read. */
export async function readInstalled(context: ClusterContext): Promise<InstalledRecord | null> {
  const text = await readKept(context, 'installed.json');
  if (text === null) return null;
  const kept = parsed(text);
  const known = (name: keyof InstalledRecord): string | null => {
    const value = kept[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    run: known('run'),
    at: known('at'),
    clusterId: known('clusterId'),
    openshiftVersion: known('openshiftVersion'),
  };
}

/** For a cluster that is being deleted: the record goes last, as it is the witness. Throws E-CREDS. */
export async function forgetInstalled(context: ClusterContext): Promise<void> {
  for (const file of CREDENTIALS) await forget(context, file);
  await forget(context, 'installed.json');
}

export interface Witness {
  installed: boolean;
  /** OpenShift's, where it is known. */
  version: string | null;
  /** For the user; empty where nothing says installed. */
  says: string;
}

/**
 * Whether anything but the service says that the cluster is installed: the record, or the cluster's own API with the
 * saved kubeconfig. An API that is silent contradicts nobody. Throws E-CREDS where what is saved cannot be read.
 */
export async function livingWitness(context: ClusterContext, signal: AbortSignal): Promise<Witness> {
  const record = await readInstalled(context);
  const living = await apiWitness(context, signal);
  const version = living?.version ?? record?.openshiftVersion ?? null;
  const known = version === null ? '' : ` (OpenShift ${version})`;
  const recorded = record && `it was installed from here${record.at === null ? '' : ` on ${record.at}`}${known}`;
  const how = living ? (living.refuses ?? `its own API answers${known} with the saved kubeconfig`) : recorded;
  if (how === null) return { installed: false, version: null, says: '' };
  return {
    installed: true,
    version,
    says: `the service does not know ${context.subject} as installed (any more), but ${how}: nothing is changed; --replace would install it anew`,
  };
}

/** Who shows a certificate of that cluster's authority is that cluster, even one that `refuses` to say more. */
async function apiWitness(
  context: ClusterContext,
  signal: AbortSignal,
): Promise<{ version: string | null; refuses: string | null } | null> {
  const kubeconfig = await readKept(context, 'kubeconfig');
  if (kubeconfig === null) return null;
  try {
    const { version } = await context.run.askCluster(new Secret(kubeconfig), signal);
    return { version, refuses: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SnobootError)) throw error;
    const answered = error.code === 'E-API-UNREACH' && !(error.cause instanceof HttpError);
    return answered ? { version: null, refuses: error.message } : null;
  }
}

function parsed(text: string): Partial<Record<keyof InstalledRecord, unknown>> {
  try {
    return Object(JSON.parse(text)) as Partial<InstalledRecord>;
  } catch {
    return {};
  }
}
