/** `bmc.address` in the spellings of install-config, and `lab://`, taken apart. */
import { isIPv4 } from 'node:net';
import { shown } from './issues.ts';
import { didYouMean } from './suggest.ts';
import type { Problem } from './types.ts';

const LAB_PROFILES = ['dell-idrac9', 'hpe-ilo5', 'generic'] as const;
const FAMILIES: Record<string, 'dell' | 'hpe'> = { 'idrac-virtualmedia': 'dell', 'ilo5-virtualmedia': 'hpe' };
const SCHEMES = ['redfish-virtualmedia', 'idrac-virtualmedia', 'ilo5-virtualmedia', 'redfish', 'https', 'lab'];

/** Each address is checked, claimed and built from: once is enough. */
const READ = new Map<string, BmcAddress | Problem>();
const MOST_READ = 20_000;

export type BmcAddress =
  | { kind: 'lab'; profile: (typeof LAB_PROFILES)[number] }
  | { kind: 'redfish'; origin: string; systemPath: string | null; family: 'dell' | 'hpe' | null };

/** The address taken apart, or what is wrong with it; what may be a password in it is not shown. */
export function parseBmcAddress(text: string): BmcAddress | Problem {
  const known = READ.get(text);
  if (known) return known;
  const parsed = taken(text);
  if (READ.size < MOST_READ) READ.set(text, parsed);
  return parsed;
}

function taken(text: string): BmcAddress | Problem {
  const match = /^([a-z0-9-]+)(?:\+([a-z]+))?:\/\/(.*)$/is.exec(text);
  if (text.includes('@')) return wrong('a user or password inside the address', 'use username: and password:');
  if (!match)
    return wrong(`${shown(text)} is no BMC address`, 'write redfish-virtualmedia+https://HOST/redfish/v1/Systems/ID');
  const [, scheme = '', transport, rest = ''] = match.map((part: string | undefined) => part?.toLowerCase());
  if (scheme === 'http' || transport === 'http') {
    return wrong(
      'plain HTTP would show the BMC password to the network',
      'use https, with fingerprint: or insecureTLS: true',
    );
  }
  if (
    !SCHEMES.includes(scheme) ||
    (transport !== undefined && (transport !== 'https' || /^(https|lab)$/.test(scheme)))
  ) {
    const given = transport === undefined ? scheme : `${scheme}+${transport}`;
    return wrong(
      `unknown BMC scheme ${shown(given)}${didYouMean(scheme, SCHEMES)}`,
      `use one of ${SCHEMES.join(', ')}`,
    );
  }
  return scheme === 'lab' ? labAddress(rest) : redfishAddress(match[3]!, FAMILIES[scheme] ?? null);
}

function labAddress(name: string): BmcAddress | Problem {
  const profile = LAB_PROFILES.find((known) => known === name);
  if (profile) return { kind: 'lab', profile };
  return wrong(
    `the lab has no BMC ${shown(name)}${didYouMean(name, LAB_PROFILES)}`,
    `use one of ${LAB_PROFILES.join(', ')}`,
  );
}

/** As most are written, in lower case and without anything that a URL would spell otherwise. */
const PLAIN =
  /^([a-z][a-z0-9]*(?:[.-][a-z][a-z0-9]*|-[0-9]+)*|(?:\d{1,3}\.){3}\d{1,3})(\/redfish\/v1\/Systems\/\w[\w.-]*)?$/;

function redfishAddress(rest: string, family: 'dell' | 'hpe' | null): BmcAddress | Problem {
  const [, plain = '', system = null] = PLAIN.exec(rest) ?? [];
  if (plain !== '' && (/[a-z]/.test(plain) || isIPv4(plain)))
    return { kind: 'redfish', origin: `https://${plain}`, systemPath: system, family };
  const authority = rest.split(/[/?#\\]/)[0]!;
  if (authority.includes('%')) return wrong('an IPv6 zone id in the address', 'use an address that needs no zone');
  if (/[?#\\\s]/.test(rest))
    return wrong(`${shown(rest)} has a query, fragment or space`, 'end the address with the system');
  const url = parsedUrl(`https://${rest}`);
  const host = authority.replace(/:\d*$/, '');
  if (!url || (isIPv4(url.hostname) && url.hostname !== host)) {
    return wrong(`${shown(host)} is no host name or address`, 'write IPv4 as four decimal numbers, IPv6 in brackets');
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (path !== '' && path !== '/redfish/v1' && !/^\/redfish\/v1\/Systems\/[^/]+$/i.test(path)) {
    return wrong(`${shown(path)} is no Redfish system`, 'write /redfish/v1/Systems/ID, or leave the path out');
  }
  return { kind: 'redfish', origin: url.origin, systemPath: /\/Systems\//i.test(path) ? path : null, family };
}

function parsedUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function wrong(message: string, todo: string): Problem {
  return { message, todo };
}

/** Whether a parser gave a problem instead of a value. */
export function isProblem(value: object): value is Problem {
  return 'message' in value && 'todo' in value;
}
