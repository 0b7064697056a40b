/** MAC and IP addresses and networks, read strictly. */
import { isIPv4, isIPv6 } from 'node:net';

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

/** A number of IPv4, a bigint of IPv6: numbers are many times faster, and most addresses are these. */
type Bits = number | bigint;

export interface Address {
  family: 4 | 6;
  bits: Bits;
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
  first: Bits;
  last: Bits;
}

/** An address in any spelling, or null if it is none. No zone ids. */
export function parseAddress(text: string): Address | null {
  const family = familyOf(text);
  if (family === null) return null;
  if (family === 4) return { family, bits: number4(text), text };
  const bits = bits6(text);
  if (bits >> 32n !== 0xffffn) return { family, bits, text: text6(bits) };
  const inside = Number(bits & 0xffffffffn);
  return { family: 4, bits: inside, text: text4(inside) };
}

function familyOf(text: string): 4 | 6 | null {
  if (!text.includes(':')) return isIPv4(text) ? 4 : null;
  return isIPv6(text) && !text.includes('%') ? 6 : null;
}

/** Networks are few and named by every host: `0.0.0.0/0` for one. */
const READ = new Map<string, Network | null>();
const MOST_READ = 1000;

/** `address/prefix`, or null if it cannot be. IPv4 in four decimal parts, no zone ids. */
export function parseCidr(text: string): Network | null {
  const known = READ.get(text);
  if (known !== undefined) return known;
  const network = readCidr(text);
  if (READ.size < MOST_READ) READ.set(text, network);
  return network;
}

function readCidr(text: string): Network | null {
  const match = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text);
  return match ? networkOf(match[1]!, Number(match[2])) : null;
}

/** The network of an address with a prefix length, or null if either cannot be. */
export function networkOf(address: string, prefix: number): Network | null {
  const family = familyOf(address);
  if (family === null) return null;
  return family === 4 ? network4(number4(address), prefix) : network6(bits6(address), prefix);
}

/** As networkOf, of an address that was read. */
export function networkAround({ bits }: Address, prefix: number): Network | null {
  return typeof bits === 'number' ? network4(bits, prefix) : network6(bits, prefix);
}

function network4(bits: number, prefix: number): Network | null {
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 32) return null;
  const size = 2 ** (32 - prefix);
  const first = bits - (bits % size);
  const cidr = `${text4(first)}/${prefix}`;
  return { family: 4, prefix, cidr, hasHostBits: first !== bits, first, last: first + size - 1 };
}

function network6(bits: bigint, prefix: number): Network | null {
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 128) return null;
  const hostBits = BigInt(128 - prefix);
  const first = (bits >> hostBits) << hostBits;
  const cidr = `${text6(first)}/${prefix}`;
  return { family: 6, prefix, cidr, hasHostBits: first !== bits, first, last: first + (1n << hostBits) - 1n };
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
  return familyOf(text) !== null;
}

function number4(address: string): number {
  const [a, b, c, d] = address.split('.');
  return Number(a) * 2 ** 24 + Number(b) * 2 ** 16 + Number(c) * 2 ** 8 + Number(d);
}

function text4(bits: number): string {
  return `${(bits >>> 24) & 255}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
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
