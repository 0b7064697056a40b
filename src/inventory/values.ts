/** What single values of an inventory must be like: each function gives the problem, or null. */
import { isFaultProblem, parseArmedFault } from '../core/armed-fault.ts';
import { isAddress, parseCidr, parseMac } from './addresses.ts';
import { isProblem, parseBmcAddress } from './bmc-address.ts';
import { shown } from './issues.ts';
import { parseSecretRef } from './secrets.ts';
import { unfilled } from './unfilled.ts';
import type { Problem } from './types.ts';

export type Check = (text: string) => Problem | null;

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** assisted-service §1.5: 54 so that the names made from it fit. */
const MAX_CLUSTER_NAME = 54;
const FIRST_SINGLE_NODE_MINOR = 8;

const matching =
  (pattern: RegExp, what: string, todo: string): Check =>
  (text) =>
    pattern.test(text) ? null : { message: `${shown(text)} is no ${what}`, todo };

const label =
  (max: number): Check =>
  (text) =>
    LABEL.test(text) && text.length <= max && text !== 'localhost'
      ? null
      : {
          message: `${shown(text)} is no DNS label`,
          todo: `use at most ${max} lower-case letters, digits and inner dashes`,
        };

export const clusterName: Check = label(MAX_CLUSTER_NAME);
export const hostName: Check = label(63);

export const baseDomain: Check = (text) => {
  const labels = text.split('.');
  const good = labels.length > 1 && text.length <= 253 && labels.every((part) => LABEL.test(part) && part.length <= 63);
  return good ? null : { message: `${shown(text)} is no domain`, todo: 'write it like lab.example.com, in lower case' };
};

export const openshiftVersion: Check = (text) => {
  const match = /^4\.(0|[1-9]\d?)(\.(0|[1-9]\d*)(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?)?$/.exec(
    text.replace(/-multi$/, ''),
  );
  if (!match) return { message: `${shown(text)} is no OpenShift version`, todo: 'write it like "4.20" or "4.20.3"' };
  if (Number(match[1]) >= FIRST_SINGLE_NODE_MINOR) return null;
  return { message: `${shown(text)} cannot be a single node`, todo: 'use "4.8" or later' };
};

export const mac: Check = (text) =>
  parseMac(text)
    ? null
    : { message: `${shown(text)} is no MAC address of one machine`, todo: 'write six pairs of hex digits with colons' };

/** nmstate and the service's MAC map know colons only (assisted-service §1.6). */
export const colonMac: Check = (text) =>
  mac(text) ??
  (text.includes(':') ? null : { message: `${shown(text)} has no colons`, todo: `write "${parseMac(text)}"` });

export const address: Check = (text) =>
  isAddress(text) ? null : { message: `${shown(text)} is no IP address`, todo: 'write IPv4 as four numbers up to 255' };

export const cidr: Check = (text) =>
  parseCidr(text) ? null : { message: `${shown(text)} is no network`, todo: 'write it like 192.0.2.0/24' };

export const exactCidr: Check = (text) => {
  const network = parseCidr(text);
  if (!network?.hasHostBits) return cidr(text);
  return { message: `${shown(text)} has host bits set`, todo: `write ${network.cidr}` };
};

/** Of a command, `${…}` is the shell's; what is no reference at all may be the secret and is not shown. */
export const secret: Check = (text) =>
  (/^(env|file):/.test(text) ? unfilled(text) : null) ?? problemOf(parseSecretRef(text, '/'));
export const bmcAddress: Check = (text) => problemOf(parseBmcAddress(text));

/** Basic authentication ends the name at a colon (RFC 7617). */
export const username: Check = matching(
  /^[^:\p{Cc}]+$/u,
  'user name that HTTP can carry',
  'use a name without colon and control characters',
);
export const fingerprint: Check = matching(
  /^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/,
  'SHA-256 fingerprint',
  'write 64 hex digits: openssl x509 -noout -fingerprint -sha256',
);
export const uuid: Check = matching(
  /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
  'UUID',
  'write it as the BMC shows it: 8-4-4-4-12 hex digits',
);
export const devicePath: Check = matching(/^\/dev\/\S+$/, 'device path', 'write it like /dev/sda');
export const fault: Check = (text) => {
  const parsed = parseArmedFault(text);
  return isFaultProblem(parsed) ? parsed : null;
};
export const filled: Check = (text) =>
  text.trim() ? null : { message: 'is empty', todo: 'fill it in, or leave it out' };

export const mediaAddress: Check = (text) =>
  /^(0\.0\.0\.0|::)$/.test(text) || (!isAddress(text) && (!/[a-z]/.test(text) || baseDomain(text)))
    ? { message: `${shown(text)} is nothing a BMC can call`, todo: 'write an address of this machine that BMCs reach' }
    : null;

export const serviceUrl: Check = (text) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (text.includes('@')) {
    return { message: 'a user or password inside the URL', todo: 'use offlineToken:' };
  }
  if (url?.pathname.includes('/api/assisted-install')) {
    return { message: `${shown(text)} goes into the API`, todo: `write ${url.origin}, without the path of the API` };
  }
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return null;
  return { message: `${shown(text)} is no service URL`, todo: 'write it like https://api.openshift.com' };
};

export const publicKey: Check = (text) => {
  if (text.startsWith('file:')) return filled(text.slice('file:'.length));
  if (/PRIVATE KEY/.test(text)) {
    return { message: 'a private key', todo: 'give the .pub file; whoever saw this key can use it, so make a new one' };
  }
  if (/^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp\d+|sk-[\w@.-]+) [A-Za-z0-9+/]+={0,2}( [^\r\n]*)?$/.test(text.trim()))
    return null;
  return { message: 'is no SSH public key', todo: 'write "ssh-ed25519 AAAA… name" or file:PATH of a .pub file' };
};

function problemOf(parsed: object): Problem | null {
  return isProblem(parsed) ? parsed : null;
}
