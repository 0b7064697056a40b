/** What nmstate says about a host's NICs and routes, and the form in which the service wants it (assisted-service §1.6). */
import { dump } from 'js-yaml';
import { networkOf, parseMac } from './addresses.ts';
import { list, type Loose, record, text } from './loose.ts';
import type { ClusterSpec, HostSpec } from './types.ts';

const MAIN_TABLES = [0, 254];

export interface StaticNetworkConfig {
  /** nmstate as YAML text. */
  network_yaml: string;
  mac_interface_map: { mac_address: string; logical_nic_name: string }[];
}

/** Every MAC address that the inventory names for the host, each once, the one that boots first. */
export function macsOf({ bootMACAddress, macs }: HostSpec): string[] {
  return [...new Set([...(bootMACAddress ? [bootMACAddress] : []), ...macs.map(({ mac }) => mac)])];
}

/** The host's element of the infra-env's `static_network_config`; null for a host with DHCP. */
export function staticNetworkConfig(host: HostSpec): StaticNetworkConfig | null {
  if (host.networkConfig === null) return null;
  return {
    network_yaml: dump(host.networkConfig, { noRefs: true, lineWidth: -1 }),
    mac_interface_map: host.macs.map(({ mac, nic }) => ({ mac_address: mac, logical_nic_name: nic })),
  };
}

/** `machineNetwork` if given; else the IPv4 networks (CIDR, no host bits) of interfaces with a default route. Several: somebody must choose. */
export function machineNetworkCandidates(cluster: Pick<ClusterSpec, 'machineNetwork' | 'hosts'>): string[] {
  if (cluster.machineNetwork !== null) return [cluster.machineNetwork];
  return [...new Set(cluster.hosts.flatMap((host) => defaultRouteNetworks(host.networkConfig)))];
}

/** IPv4 networks of the interfaces through which 0.0.0.0/0 goes. */
export function defaultRouteNetworks(networkConfig: unknown): string[] {
  const ways = routesOf(networkConfig).filter((route) => defaultDestination(route) === 4);
  const names = new Set(ways.map((route) => route['next-hop-interface']));
  const networks = interfacesOf(networkConfig)
    .filter((nic) => names.has(nic['name']))
    .flatMap((nic) => list(record(nic['ipv4'])['address']).map(record))
    .map((address) => networkOf(String(address['ip']), Number(address['prefix-length'])));
  return [...new Set(networks.flatMap((network) => (network?.family === 4 ? [network.cidr] : [])))];
}

/** The family of a default route; null for any other, and for those of tables that only rules lead to. */
export function defaultDestination(route: Loose): 4 | 6 | null {
  if (!MAIN_TABLES.includes(Number(route['table-id'] ?? 254))) return null;
  const destination = String(route['destination']);
  if (destination === '0.0.0.0/0') return 4;
  return /^[0:]*::\/0$/.test(destination) ? 6 : null;
}

/** MAC and name of each physical NIC, for the service's MAC map. */
export function nicsOf(networkConfig: unknown): { mac: string; nic: string }[] {
  const found: { mac: string; nic: string }[] = [];
  for (const nic of interfacesOf(networkConfig)) {
    const mac = isPhysical(nic) ? parseMac(text(nic['mac-address']) ?? '') : null;
    if (mac) found.push({ mac, nic: String(nic['name']) });
  }
  return found;
}

/** Bonds, VLANs and bridges are made on the host and stay out of the map. */
export function isPhysical(nic: Loose): boolean {
  return nic['type'] === undefined || nic['type'] === 'ethernet';
}

export function interfacesOf(networkConfig: unknown): Loose[] {
  return list(record(networkConfig)['interfaces']).map(record);
}

/** Routes that are to be there; those marked absent are left out. */
export function routesOf(networkConfig: unknown): Loose[] {
  const routes = list(record(record(networkConfig)['routes'])['config']).map(record);
  return routes.filter((route) => route['state'] !== 'absent');
}
