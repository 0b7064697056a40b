/** What the service checks in the values of a new or changed cluster beyond their types (assisted-service.md §1.5). */
import { findRelease } from './catalogue.ts';
import { type Service, textIn } from './service.ts';
import { type Json, Refusal } from './wire.ts';

const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const DOMAIN = /^([a-z\d]([-]*[a-z\d]+)*\.)+[a-z\d]+([-]*[a-z\d]+)+$/;
const DOMAIN_TEXT = '^([a-z\\d]([\\-]*[a-z\\d]+)*\\.)+[a-z\\d]+([\\-]*[a-z\\d]+)+$';
const KEYS = /^(ssh-rsa|ssh-ed25519|ecdsa-\S+) \S+/;

const refuse = (why: string): Refusal => new Refusal(400, why);

/** Throws Refusal 400 for a value that a single node's cluster cannot have. */
export function checkClusterValues(json: Json): void {
  const name = textIn(json, 'name');
  if ('name' in json && !NAME.test(name))
    throw refuse(
      `Cluster name format is not valid: '${name}'. Name must start and end with either a letter or number and consist of ` +
        'lower-case letters, numbers, and hyphens. Subdomains in cluster names are only valid with none platform.',
    );
  const domain = textIn(json, 'base_dns_domain');
  if (domain && !DOMAIN.test(domain))
    throw refuse(
      `DNS format mismatch: ${domain} domain name is not valid. Must match regex [${DOMAIN_TEXT}], be no more than 255 characters, ` +
        'and not be in dotted decimal format (##.##.##.##)',
    );
  const key = textIn(json, 'ssh_public_key').trim();
  if (key && !key.split('\n').every((line) => KEYS.test(line)))
    throw refuse(`SSH key: ${key} does not match any supported type: ssh-rsa, ssh-ed25519, ecdsa-[VARIANT]`);
  if ((json['control_plane_count'] ?? 1) !== 1)
    throw refuse('single-node clusters must have a single control plane node');
  if ((json['api_vips'] as unknown[] | undefined)?.length)
    throw refuse('API VIPs cannot be set with User Managed Networking');
}

/** The full version for `4.20` or `4.20.33`. Throws Refusal 400 when there is no such release. */
export function fullVersion({ lab }: Service, version: string): string {
  const found = findRelease(lab, version)?.version;
  if (found) return found;
  throw refuse(
    `Openshift version ${version} for CPU architecture x86_64 is not supported: no release image found for openshiftVersion: ` +
      `'${version}' and CPU architecture 'x86_64'`,
  );
}

/** Throws Refusal 400 with `prefix` before its sentence. An entry without `auth` passes. */
export function checkPullSecret(secret: string, prefix: string): void {
  const bad = pullSecretProblem(secret);
  if (bad) throw refuse(prefix + bad);
}

function pullSecretProblem(secret: string): string | undefined {
  let parsed: { auths?: Record<string, { auth?: string }> } | null;
  try {
    parsed = JSON.parse(secret) as typeof parsed;
  } catch {
    return 'pull secret must be a well-formed JSON';
  }
  for (const [registry, { auth }] of Object.entries(parsed?.auths ?? {})) {
    if (auth === undefined) continue;
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(auth) || auth.length % 4)
      return `invalid pull secret: 'auth' field of "${registry}" is not base64-encoded`;
    if (!Buffer.from(auth, 'base64').toString().includes(':'))
      return `invalid pull secret: 'auth' for ${registry} is not in 'user:password' format`;
  }
  return parsed?.auths ? undefined : "pull secret must contain 'auths' JSON-object field";
}
