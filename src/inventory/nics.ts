/** One host's nmstate, read once for all that is checked about it: its interfaces with their addresses, and its routes. */
import { type Address, type Network, networkAround, parseAddress, parseMac } from './addresses.ts';
import { list, type Loose, record, text } from './loose.ts';
import { defaultDestination, isPhysical } from './network.ts';
import type { Trail } from './trail.ts';

type Family = 4 | 6;

export interface HostNetwork {
  nics: readonly Nic[];
  routes: readonly Route[];
}

export interface Nic {
  name: string | null;
  nic: Loose;
  /** Of a physical NIC, where it has one that can be. */
  mac: string | null;
  path: Trail;
  isUp: boolean;
  addresses: readonly NicAddress[];
  /** Families in which DHCP or a router tells it an address. */
  automatic: readonly Family[];
}

export interface NicAddress {
  address: Address;
  network: Network;
  key: 'ipv4' | 'ipv6';
  /** Of the `ip`. */
  path: Trail;
}

export interface Route {
  route: Loose;
  /** Marked so in nmstate: it is to be taken away. */
  isAbsent: boolean;
  /** Of a default route its family. */
  leadsOut: Family | null;
}

/** `config` stands at `path`. Addresses that cannot be are left out: the schema says so. */
export function readNetwork(config: unknown, path: Trail): HostNetwork {
  const { interfaces, routes } = record(config);
  const at = path.to('interfaces');
  return {
    nics: list(interfaces).map((nic, i) => nicOf(record(nic), at.to(i))),
    routes: list(record(routes)['config']).map((part) => {
      const route = record(part);
      return { route, isAbsent: route['state'] === 'absent', leadsOut: defaultDestination(route) };
    }),
  };
}

function nicOf(nic: Loose, path: Trail): Nic {
  const [ipv4, ipv6] = [record(nic['ipv4']), record(nic['ipv6'])];
  const automatic: Family[] = ipv4['dhcp'] === true ? [4] : [];
  if (ipv6['dhcp'] === true || ipv6['autoconf'] === true) automatic.push(6);
  const addresses: NicAddress[] = [];
  addAddresses(addresses, ipv4['address'], 'ipv4', path);
  addAddresses(addresses, ipv6['address'], 'ipv6', path);
  const isUp = nic['state'] === undefined || nic['state'] === 'up';
  const mac = isPhysical(nic) ? parseMac(text(nic['mac-address']) ?? '') : null;
  return { name: text(nic['name']), nic, mac, path, isUp, addresses, automatic };
}

function addAddresses(found: NicAddress[], given: unknown, key: NicAddress['key'], path: Trail): void {
  for (const [i, part] of list(given).entries()) {
    const { ip, 'prefix-length': prefix } = record(part);
    const address = parseAddress(text(ip) ?? '');
    const network = address && typeof prefix === 'number' ? networkAround(address, prefix) : null;
    if (address && network) found.push({ address, network, key, path: path.to(key).to('address').to(i).to('ip') });
  }
}

/** Whether a default route of the family goes through the interface. */
export function isWayOut({ name }: Nic, family: Family, { routes }: HostNetwork): boolean {
  return routes.some(
    ({ route, isAbsent, leadsOut }) => !isAbsent && leadsOut === family && route['next-hop-interface'] === name,
  );
}

/** Whether the host will have a default route: written here, or told by DHCP or a router. */
export function hasDefaultRoute({ nics, routes }: HostNetwork): boolean {
  return (
    routes.some(({ isAbsent, leadsOut }) => !isAbsent && leadsOut !== null) ||
    nics.some(({ automatic }) => automatic.length > 0)
  );
}
