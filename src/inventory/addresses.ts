/** MAC and IP addresses and networks, read strictly. */
import { isIP, isIPv4, isIPv6 } from 'node:net';

/** As most are written already; the first byte of a unicast address is even. */
const PLAIN_MAC = /^(?!00(:00){5})[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/;
const ANY_MAC =
  /^([0-9A-Fa-f]{2}([:-]?)([0-9A-Fa-f]{2}\2){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})$/;

/** A unicast MAC in lower case with colons, from colons, dashes, dots or none; null if it cannot be one. */
export function parseMac(text: string): string | null {
  if (PLAIN_MAC.test(text)) return text;
  if (!ANY_MAC.test(text)) return null;
  const digits = text.replaceAll(/[:.-]/g, '').toLowerCase();
  const isMulticast = (parseInt(digits.slice(0, 2), 16) & 1) === 1;
  return isMulticast || /^0+$/.test(digits) ? null : digits.match(/../g)!.join(':');
}

export interface Address {
  family: 4 | 6;
  bits: bigint;
  /** The one spelling; an IPv4 address in IPv6's clothes is that IPv4 address. */
  text: string;
}

export interface Network {
  family: 4 | 6;
  /** `network/prefix` with the host bits cleared.. */
  cidr: string;
  prefix: number;
  hasHostBits: boolean;
  /** Its first and last address. */
  first: bigint;
  last: bigint;
}

/** An address in any spelling, or null if it is none. No zone ids. */
export function parseAddress(text: string): Address | null {
  const family = isIP(text);
  if ((family !== 4 && family !== 6) || text.includes('%')) return null;
  if (family === 4) return { family, bits: bits4(text), text };
  const bits = bits6(text);
  if (bits >> 32n === 0xffffn) return { family: 4, bits: bits & 0xffffffffn, text: text4(bits) };
  return { family, bits, text: text6(bits) };
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
  const first = (bits >> hostBits) << hostBits;
  const cidr = `${family === 4 ? text4(first) : text6(first)}/${prefix}`;
  return { family, prefix, cidr, hasHostBits: first !== bits, first, last: first + (1n << hostBits) - 1n };
}

export function holds(network: Network, { family, bits }: Address): boolean {
  return network.family === family && network.first <= bits && bits <= network.last;
}

/** What keeps an address of a network from being a machine's: it names the network, or all in it. Point-to-point networks have no such. */
export function reservedIn({ family, prefix, first, last }: Network, { bits }: Address): string | null {
  if (prefix >= (family === 4 ? 31 : 127)) return null;
  if (bits === first) return family === 4 ? 'the network address' : "the routers' anycast address";
  return family === 4 && bits === last ? 'the broadcast address' : null;
}

/** Whether the text is an IPv4 or IPv6 address without zone id. */
export function isAddress(text: string): boolean {
  return isIPv4(text) || (isIPv6(text) && !text.includes('%'));
}

function bits4(address: string): bigint {
  return BigInt(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
}

function text4(bits: bigint): string {
  const low = Number(bits & 0xffffffffn);
  return [24, 16, 8, 0].map((shift) => (low >>> shift) & 255).join('.');
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
