/** MAC and IP addresses and networks, read strictly. */
import { isIP, isIPv4, isIPv6 } from 'node:net';

/** A unicast MAC in lower case with colons, from colons, dashes, dots or none; null if it cannot be one. */
export function parseMac(text: string): string | null {
  if (
    !/^([0-9A-Fa-f]{2}([:-]?)([0-9A-Fa-f]{2}\2){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})$/.test(
      text,
    )
  )
    return null;
  const digits = text.replaceAll(/[:.-]/g, '').toLowerCase();
  const isMulticast = (parseInt(digits.slice(0, 2), 16) & 1) === 1;
  return isMulticast || /^0+$/.test(digits) ? null : digits.match(/../g)!.join(':');
}

export interface Network {
  family: 4 | 6;
  /** `network/prefix` with the host bits cleared.. */
  cidr: string;
  prefix: number;
  hasHostBits: boolean;
}

/** `address/prefix`, or null if it cannot be. IPv4 in four decimal parts, no zone ids. */
export function parseCidr(text: string): Network | null {
  const match = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text);
  return match ? networkOf(match[1]!, Number(match[2])) : null;
}

/** The network of an address with a prefix length, or null if either cannot be. */
export function networkOf(address: string, prefix: number): Network | null {
  const family = isIP(address);
  const width = family === 4 ? 32 : 128;
  if ((family !== 4 && family !== 6) || address.includes('%')) return null;
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > width) return null;
  const bits = family === 4 ? bits4(address) : bits6(address);
  const hostBits = BigInt(width - prefix);
  const base = (bits >> hostBits) << hostBits;
  return { family, prefix, cidr: `${family === 4 ? text4(base) : text6(base)}/${prefix}`, hasHostBits: base !== bits };
}

/** Whether the text is an IPv4 or IPv6 address without zone id. */
export function isAddress(text: string): boolean {
  return isIPv4(text) || (isIPv6(text) && !text.includes('%'));
}

function bits4(address: string): bigint {
  return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function text4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');
}

/** WHATWG writes an IPv6 host in one canonical form, with a dotted tail turned into hex. */
function bits6(address: string): bigint {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

function text6(bits: bigint): string {
  const parts = Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  return new URL(`http://[${parts.join(':')}]`).hostname.slice(1, -1);
}
