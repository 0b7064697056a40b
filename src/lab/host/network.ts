/** The network of a live system: static by MAC where the ignition has it for this machine, else DHCP (assisted-service.md §5). */
import { load } from 'js-yaml';
import type { LabHost } from '../world.ts';
import type { Ignition } from './ignition.ts';
import { listAt, objectAt, optionalTextAt, type Shape, textAt } from './shape.ts';

export interface Network {
  how: 'static' | 'dhcp';
  /** Addresses with prefix length; `type` as the inventory names it. */
  interfaces: { name: string; mac: string; type: string; addresses: string[] }[];
  /** Destinations with prefix length. */
  routes: { interface: string; gateway: string; destination: string }[];
  dns: string[];
}

/** Kernel name of the n-th NIC, from 0. */
export const nicName = (n: number): string => `eno${n + 1}`;

/** Throws an Error that says why the machine has no address. */
export function configureNetwork(host: LabHost, { units, files }: Ignition): Network {
  const folder = units.has('pre-network-manager-config.service') ? folderFor(host, files) : undefined;
  const network = folder === undefined ? byDhcp(host) : fromPolicy(host, policyIn(folder, files));
  if (network.interfaces.every(({ addresses }) => addresses.length === 0))
    throw new Error('no interface has an address');
  return network;
}

/** The folder of static configuration whose map names a NIC of this machine. */
function folderFor(host: LabHost, files: Map<string, string>): string | undefined {
  for (const [path, text] of files) {
    const [, folder] = /^(\/etc\/assisted\/network\/[^/]+)\/mac_interface\.ini$/.exec(path) ?? [];
    const macs = text.split('\n').map((line) => line.split('=')[0]!.trim().toLowerCase());
    if (folder && macs.some((mac) => host.macs.includes(mac))) return folder;
  }
  return undefined;
}

function policyIn(folder: string, files: Map<string, string>): string {
  const [, text] = [...files].find(([path]) => path.startsWith(`${folder}/`) && /\.ya?ml$/.test(path)) ?? [];
  if (text === undefined) throw new Error(`no network policy in ${folder}`);
  return text;
}

function byDhcp({ dhcp, macs }: LabHost): Network {
  const nic = (mac: string, i: number): Network['interfaces'][number] => ({
    name: nicName(i),
    mac,
    type: 'physical',
    addresses: i === 0 && dhcp ? [dhcp.address] : [],
  });
  const routes = dhcp ? [{ interface: nicName(0), gateway: dhcp.gateway, destination: '0.0.0.0/0' }] : [];
  return { how: 'dhcp', interfaces: macs.map(nic), routes, dns: dhcp?.dns ?? [] };
}

/** An nmpolicy document put into effect: captures by MAC give the names. */
function fromPolicy(host: LabHost, text: string): Network {
  const capture = objectAt('capture', objectAt('network policy', load(text))['capture']);
  const named = text.replace(/\{\{\s*capture\.([^.\s]+)\.interfaces\.0\.name\s*\}\}/g, (_, key: string) =>
    captured(host, key, optionalTextAt('capture', capture[key])),
  );
  const state = objectAt('desiredState', objectAt('network policy', load(named))['desiredState']);
  const configured = listAt('interfaces', state['interfaces']).map((nic) =>
    interfaceOf(host, objectAt('interface', nic)),
  );
  const others = byDhcp({ ...host, dhcp: null }).interfaces.filter((nic) =>
    configured.every((c) => c.name !== nic.name),
  );
  const routes = listAt('routes', objectAt('routes', state['routes'] ?? {})['config']);
  const resolver = objectAt('resolver', objectAt('dns-resolver', state['dns-resolver'] ?? {})['config'] ?? {});
  return {
    how: 'static',
    interfaces: [...configured, ...others],
    routes: routes.map((route) => routeOf(objectAt('route', route))),
    dns: listAt('server', resolver['server']).map((server) => textAt('server', server)),
  };
}

function interfaceOf(host: LabHost, nic: Shape): Network['interfaces'][number] {
  const name = textAt('interface name', nic['name']);
  const type = optionalTextAt('interface type', nic['type']);
  return {
    name,
    mac: host.macs.find((_, i) => nicName(i) === name) ?? host.macs[0]!,
    type: type === '' || type === 'ethernet' ? 'physical' : type,
    addresses: addressesOf(host, objectAt('ipv4', nic['ipv4'] ?? {})),
  };
}

function addressesOf({ dhcp }: LabHost, ipv4: Shape): string[] {
  if (ipv4['enabled'] === false) return [];
  if (ipv4['dhcp'] === true) return dhcp ? [dhcp.address] : [];
  return listAt('address', ipv4['address']).map((value) => {
    const { ip, 'prefix-length': length } = objectAt('address', value);
    return `${textAt('ip', ip)}/${Number(length)}`;
  });
}

function routeOf(route: Shape): Network['routes'][number] {
  return {
    interface: textAt('next-hop-interface', route['next-hop-interface']),
    gateway: textAt('next-hop-address', route['next-hop-address']),
    destination: textAt('destination', route['destination']),
  };
}

function captured(host: LabHost, key: string, expression: string): string {
  const [, mac] = /^interfaces\.mac-address\s*==\s*"([^"]+)"$/.exec(expression.trim()) ?? [];
  const index = host.macs.indexOf((mac ?? '').toLowerCase());
  if (index < 0) throw new Error(`the network policy's ${key} captures no interface (${expression || 'not defined'})`);
  return nicName(index);
}
