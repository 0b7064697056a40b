/** HTTP proxies as the environment names them: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in capitals or not. */
import { BlockList, isIP } from 'node:net';
import { SnobootError } from './errors.ts';
import { Secret } from './secret.ts';

export interface Proxy {
  /** Without user and password. */
  uri: string;
  /** Value of Proxy-Authorization; null where the URL has no user. */
  authorization: Secret | null;
}

/** The proxy for this URL; null: straight there. */
export type Proxies = (url: string) => Proxy | null;

type Env = Record<string, string | undefined>;

/**
 * An https URL goes by HTTPS_PROXY alone, an http URL by http_proxy or HTTP_PROXY. NO_PROXY: names with all below them, with
 * or without a port, addresses, networks (CIDR), `*`; separated by commas or spaces. Throws E-USAGE for a proxy of no use.
 */
export function proxiesOf(env: Env): Proxies {
  const [https, http] = ['HTTPS_PROXY', 'HTTP_PROXY'].map((name) => proxyOf(name, env));
  const isExcepted = exceptionsOf(env['no_proxy'] ?? env['NO_PROXY'] ?? '');
  return (text) => {
    const url = new URL(text);
    const proxy = url.protocol === 'https:' ? https : http;
    return proxy && !isExcepted(url) ? proxy : null;
  };
}

function proxyOf(name: string, env: Env): Proxy | null {
  const text = (env[name.toLowerCase()] ?? env[name] ?? '').trim();
  if (text === '') return null;
  const full = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new SnobootError('E-USAGE', `${name} is no URL of an HTTP proxy`, `set ${name}=http://HOST:PORT`);
  const { username, password } = url;
  if (username === '') return { uri: url.origin, authorization: null };
  const pair = [username, password].map((part) => decoded(name, part)).join(':');
  const basic = Buffer.from(pair).toString('base64');
  for (const secret of [pair, decoded(name, password)]) new Secret(secret);
  return { uri: url.origin, authorization: new Secret(`Basic ${basic}`) };
}

function decoded(name: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new SnobootError('E-USAGE', `${name} has a % in its user or password`, 'write it as %25');
  }
}

function exceptionsOf(list: string): (url: URL) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const networks = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const version = isIP(address);
    if (version === 0) continue;
    const longest = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? longest : Number(bits);
    if (prefix >= 0 && prefix <= longest) networks.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    const version = isIP(host);
    if (entries.includes('*')) return true;
    if (version !== 0) return networks.check(host, version === 4 ? 'ipv4' : 'ipv6');
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return entries.some((entry) => {
      const [name = '', only = port] = entry.replace(/^\*?\./, '').split(':');
      return only === port && (host === name || host.endsWith(`.${name}`));
    });
  };
}
