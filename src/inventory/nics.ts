/** One host's nmstate, read once for all that is checked about it: each interface with its addresses and networks. */
import { type Address, type Network, networkOf, parseAddress, parseMac } from './addresses.ts';
import { list, type Loose, record, text } from './loose.ts';
import { defaultDestination, isPhysical, routesOf } from './network.ts';
import type { Path } from './positions.ts';

export interface Nic {
  name: string | null;
  nic: Loose;
  /** Of a physical NIC, where it has one that can be. */
  mac: string | null;
  path: Path;
  isUp: boolean;
  addresses: NicAddress[];
  /** Families in which DHCP or a router tells it an address. */
  automatic: ReadonlySet<4 | 6>;
}

export interface NicAddress {
  address: Address;
  network: Network;
  /** Of the `ip`. */
  path: Path;
}

/** `config` stands at `path`. Addresses that cannot be are left out: the schema says so. */
export function readNics(config: unknown, path: Path): Nic[] {
  return list(record(config)['interfaces']).map((part, i) => {
    const nic = record(part);
    const at = [...path, 'interfaces', i];
    const automatic = new Set<4 | 6>();
    if (record(nic['ipv4'])['dhcp'] === true) automatic.add(4);
    if (record(nic['ipv6'])['dhcp'] === true || record(nic['ipv6'])['autoconf'] === true) automatic.add(6);
    const addresses = [...addressesOf(nic, 'ipv4', at), ...addressesOf(nic, 'ipv6', at)];
    const isUp = nic['state'] === undefined || nic['state'] === 'up';
    const mac = isPhysical(nic) ? parseMac(text(nic['mac-address']) ?? '') : null;
    return { name: text(nic['name']), nic, mac, path: at, isUp, addresses, automatic };
  });
}

function addressesOf(nic: Loose, key: 'ipv4' | 'ipv6', path: Path): NicAddress[] {
  return list(record(nic[key])['address']).flatMap((part, i) => {
    const ip = text(record(part)['ip']);
    const prefix = record(part)['prefix-length'];
    const address = ip === null ? null : parseAddress(ip);
    const network = address && typeof prefix === 'number' ? networkOf(address.text, prefix) : null;
    return address && network ? [{ address, network, path: [...path, key, 'address', i, 'ip'] }] : [];
  });
}

/** Names of the interfaces through which a default route of the family goes. */
export function defaultNics(config: unknown, family: 4 | 6): Set<unknown> {
  const ways = routesOf(config).filter((route) => defaultDestination(route) === family);
  return new Set(ways.map((route) => route['next-hop-interface']));
}
