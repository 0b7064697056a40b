/** A kubeconfig, taken only where it holds all that it needs: one server, its authority, one login; nothing to run, nothing to look up. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { CORE_SCHEMA, load } from 'js-yaml';
import { SnobootError } from '../core/errors.ts';
import type { Trust } from '../core/http.ts';
import { printable, Secret } from '../core/secret.ts';
import { isObject, type Json, objects } from './json.ts';

export interface ClusterAccess {
  /** `https://host:port`, in lower case. */
  server: string;
  /** Its host name. */
  host: string;
  /** With the client's certificate and key, if those are the login. */
  trust: Trust;
  token: Secret | null;
}

/** What may stand in the entry of a cluster and of a user; all else would run, read or leave out something. */
const CLUSTER = ['server', 'certificate-authority-data', 'extensions'];
const USER = ['client-certificate-data', 'client-key-data', 'token', 'extensions'];

/** What the current context of this YAML or JSON means. Throws E-CREDS, without a word of the file's secrets. */
export function readKubeconfig(kubeconfig: Secret): ClusterAccess {
  const document = parse(kubeconfig.reveal());
  const context = entry(document, 'context', document['current-context']);
  const cluster = only(CLUSTER, entry(document, 'cluster', context['cluster']));
  const user = only(USER, entry(document, 'user', context['user']));
  const url = serverOf(cluster['server']);
  const ca = pem(cluster, 'certificate-authority-data');
  const token = typeof user['token'] === 'string' && user['token'] !== '' ? new Secret(user['token']) : null;
  if (ca !== undefined) checkCertificates(ca, 'certificate-authority-data');
  return {
    server: url.origin,
    host: url.hostname,
    trust: { kind: 'verify', ...(ca === undefined ? {} : { ca }), ...(token ? {} : clientOf(user)) },
    token,
  };
}

function parse(text: string): Json {
  let document: unknown;
  try {
    document = load(text, { schema: CORE_SCHEMA, maxDepth: 20, maxAliases: 0 });
  } catch {
    // The parser's message quotes the file.
    throw unusable('is no whole YAML');
  }
  if (!isObject(document)) throw unusable('is no kubeconfig');
  return document;
}

function entry(document: Json, what: 'cluster' | 'context' | 'user', name: unknown): Json {
  const found = objects(document[`${what}s`]).filter((one) => one['name'] === name);
  const body = found[0]?.[what];
  if (typeof name === 'string' && found.length === 1 && isObject(body)) return body;
  const named = typeof name === 'string' ? printable(name, 60) : '(no name)';
  throw unusable(`does not have the ${what} ${named} exactly once`);
}

function only(known: string[], part: Json): Json {
  const isSet = (value: unknown): boolean => ![undefined, null, false, ''].includes(value as null);
  const other = Object.keys(part).find((key) => !known.includes(key) && isSet(part[key]));
  if (other === undefined) return part;
  throw unusable(`asks for ${printable(other, 40)}, and only an https server, certificates and keys in it are used`);
}

function serverOf(server: unknown): URL {
  const url = typeof server === 'string' && URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url;
  throw unusable('names no server of the form https://host:port');
}

function pem(part: Json, key: string): string | undefined {
  const value = part[key];
  if (value === undefined || value === null || value === '') return undefined;
  return Buffer.from(typeof value === 'string' ? value : '', 'base64').toString('latin1');
}

function clientOf(user: Json): { cert: string; key: string } {
  const cert = pem(user, 'client-certificate-data');
  const key = new Secret(pem(user, 'client-key-data') ?? '').reveal();
  if (cert === undefined || key === '') throw unusable('holds neither a token nor a certificate with its key');
  const certificate = checkCertificates(cert, 'client-certificate-data');
  const fits = sound(() => certificate.checkPrivateKey(createPrivateKey(key)));
  if (fits !== true) throw unusable('holds a client-key-data that is no key of its certificate');
  return { cert, key };
}

const BEGIN = '-----BEGIN CERTIFICATE-----';

/** The first one, if all of them are whole. */
function checkCertificates(text: string, key: string): X509Certificate {
  const all = text.split(BEGIN).slice(1);
  const [first, ...rest] = all.map((block) => sound(() => new X509Certificate(`${BEGIN}${block}`)));
  if (first && !rest.includes(undefined)) return first;
  throw unusable(`holds a ${key} that is not whole`);
}

function sound<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function unusable(what: string): SnobootError {
  return new SnobootError(
    'E-CREDS',
    `the kubeconfig ${what}`,
    'delete the saved one and deploy again: the service is asked for it anew',
  );
}
