/** Every secret that the inventory refers to, resolved before anything else happens; all that is missing at once. */
import { SnobootError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { describeSecretRef, resolveSecret } from '../inventory/secrets.ts';
import type { Inventory, SecretRef } from '../inventory/types.ts';

export type SecretOf = (ref: SecretRef) => Secret;

/** Looks each reference up once. Throws E-SECRET naming every one that gives nothing. */
export async function resolveSecrets(inventory: Inventory, env: Record<string, string | undefined>): Promise<SecretOf> {
  const refs = new Map(refsOf(inventory).map((ref) => [JSON.stringify(ref), ref]));
  const pullSecrets = new Set(inventory.clusters.map(({ pullSecret }) => JSON.stringify(pullSecret)));
  const found = new Map<string, Secret>();
  const problems: string[] = [];
  const todos = new Set<string>();
  for (const [key, ref] of refs) {
    try {
      const secret = await resolveSecret(ref, { env, cwd: inventory.dir });
      if (pullSecrets.has(key)) learnPullSecret(ref, secret);
      found.set(key, secret);
    } catch (error) {
      if (!(error instanceof SnobootError)) throw error;
      problems.push(error.message);
      todos.add(error.todo);
    }
  }
  if (problems.length > 0) throw new SnobootError('E-SECRET', problems.join('; '), [...todos].join('; '));
  return (ref) => {
    const secret = found.get(JSON.stringify(ref));
    if (!secret) throw new TypeError('a secret that was not resolved');
    return secret;
  };
}

/** A pull secret is JSON with `auths`; each `auth` in it is a secret of its own, as the service may quote it. */
function learnPullSecret(ref: SecretRef, secret: Secret): void {
  const auths = authsOf(secret.reveal());
  if (!auths)
    throw new SnobootError(
      'E-SECRET',
      `the pull secret ${describeSecretRef(ref)} is no JSON object with auths`,
      'download it anew from the console, as JSON',
    );
  for (const entry of Object.values(auths)) if (typeof entry?.auth === 'string') new Secret(entry.auth);
}

function authsOf(text: string): Record<string, { auth?: unknown } | null> | undefined {
  try {
    const { auths } = JSON.parse(text) as { auths?: unknown };
    return typeof auths === 'object' && auths !== null ? (auths as Record<string, { auth?: unknown }>) : undefined;
  } catch {
    return undefined;
  }
}

function refsOf({ service, clusters }: Inventory): SecretRef[] {
  const token = service.type === 'assisted' && service.offlineToken ? [service.offlineToken] : [];
  const hosts = clusters.flatMap((cluster) => cluster.hosts);
  const passwords = hosts.flatMap(({ bmc }) => (bmc.kind === 'redfish' ? [bmc.password] : []));
  return [...token, ...clusters.map(({ pullSecret }) => pullSecret), ...passwords];
}
