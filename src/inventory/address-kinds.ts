/** What an address is good for: those that are never one machine's, and those that only look like somebody's own. */
import { type Address, holds, type Network, parseCidr } from './addresses.ts';

const nets = (...cidrs: string[]): Network[] => cidrs.map((cidr) => parseCidr(cidr)!);

const NEVER: readonly (readonly [string, Network[]])[] = [
  ['the unspecified address', nets('0.0.0.0/8', '::/128')],
  ['a multicast address', nets('224.0.0.0/4', 'ff00::/8')],
  ['the broadcast address', nets('255.255.255.255/32')],
  ['a reserved address', nets('240.0.0.0/4')],
  ["a cloud's metadata address", nets('169.254.169.254/32')],
];
const LOOPBACK = nets('127.0.0.0/8', '::1/128');
const LINK_LOCAL = nets('169.254.0.0/16', 'fe80::/10');
/** RFC 1918, 6598, 4193, and what documentation uses (RFC 5737, 3849). */
const OWN = nets(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
  ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'],
);

const isIn = (all: Network[], address: Address): boolean => all.some((network) => holds(network, address));

/** What it is in place of one machine's address, or null. */
export function neverAMachine(address: Address): string | null {
  const first = address.family === 4 ? Math.floor(Number(address.bits) / 2 ** 24) : 0;
  if (first > 0 && first < 224 && first !== 169) return null;
  return NEVER.find(([, networks]) => isIn(networks, address))?.[0] ?? null;
}

export const isLoopback = (address: Address): boolean => isIn(LOOPBACK, address);
export const isLinkLocal = (address: Address): boolean => isIn(LINK_LOCAL, address);

/** Whether anybody in the world may reach it by this address. */
export const isPublic = (address: Address): boolean =>
  !isIn(OWN, address) && !isIn(LOOPBACK, address) && !isIn(LINK_LOCAL, address) && neverAMachine(address) === null;
