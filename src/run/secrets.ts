/** Every secret that the inventory refers to, resolved before anything else happens; all that is missing at once. */
import { SnobootError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { resolveSecret } from '../inventory/secrets.ts';
import type { Inventory, SecretRef } from '../inventory/types.ts';

export type SecretOf = (ref: SecretRef) => Secret;

/** Looks each reference up once. Throws E-SECRET naming every one that gives nothing. */
export async function resolveSecrets(inventory: Inventory, env: Record<string, string | undefined>): Promise<SecretOf> {
  const refs = new Map(refsOf(inventory).map((ref) => [JSON.stringify(ref), ref]));
  const found = new Map<string, Secret>();
  const problems: string[] = [];
  const todos = new Set<string>();
  for (const [key, ref] of refs) {
    try {
      found.set(key, await resolveSecret(ref, { env, cwd: inventory.dir }));
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

function refsOf({ service, clusters }: Inventory): SecretRef[] {
  const token = service.type === 'assisted' && service.offlineToken ? [service.offlineToken] : [];
  const hosts = clusters.flatMap((cluster) => cluster.hosts);
  const passwords = hosts.flatMap(({ bmc }) => (bmc.kind === 'redfish' ? [bmc.password] : []));
  return [...token, ...clusters.map(({ pullSecret }) => pullSecret), ...passwords];
}
