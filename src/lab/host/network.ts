/** The network of a live system: static by MAC where the ignition has it for this machine, else DHCP (assisted-service.md §5). */
import { load } from 'js-yaml';
import { z } from 'zod';
import type { LabHost } from '../world.ts';
import type { Ignition } from './ignition.ts';

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
  if (network.interfaces.every(({ addresses }) => addresses.length === 0)) throw new Error('no interface has an address');
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

const address = z.object({ ip: z.string(), 'prefix-length': z.int() });
const policySchema = z.object({
  capture: z.record(z.string(), z.string()),
  desiredState: z.object({
    interfaces: z.array(
      z.object({
        name: z.string(),
        type: z.string().optional(),
        state: z.string().optional(),
        ipv4: z.object({ enabled: z.boolean().optional(), dhcp: z.boolean().optional(), address: z.array(address).optional() }).optional(),
        vlan: z.object({ 'base-iface': z.string() }).optional(),
      }),
    ),
    routes: z
      .object({
        config: z.array(
          z.object({ destination: z.string(), 'next-hop-address': z.string(), 'next-hop-interface': z.string() }),
        ),
      })
      .optional(),
    'dns-resolver': z.object({ config: z.object({ server: z.array(z.string()).optional() }) }).optional(),
  }),
});

/** An nmpolicy document put into effect: captures by MAC give the names. */
function fromPolicy(host: LabHost, text: string): Network {
  const { capture } = policySchema.parse(load(text));
  const named = text.replace(/\{\{\s*capture\.([^.\s]+)\.interfaces\.0\.name\s*\}\}/g, (_, key: string) =>
    captured(host, key, capture[key]),
  );
  const { desiredState: state } = policySchema.parse(load(named));
  const macOf = (nic: string): string => host.macs[host.macs.findIndex((_, i) => nicName(i) === nic)] ?? host.macs[0]!;
  const configured = state.interfaces.map(({ name, type, ipv4, vlan }) => ({
    name,
    mac: macOf(vlan?.['base-iface'] ?? name),
    type: type === undefined || type === 'ethernet' ? 'physical' : type,
    addresses: ipv4?.dhcp ? [host.dhcp?.address].flatMap((a) => a ?? []) : addressesOf(ipv4),
  }));
  const others = byDhcp({ ...host, dhcp: null }).interfaces.filter(({ name }) => configured.every((c) => c.name !== name));
  const routes = (state.routes?.config ?? []).map((route) => ({
    interface: route['next-hop-interface'],
    gateway: route['next-hop-address'],
    destination: route.destination,
  }));
  return { how: 'static', interfaces: [...configured, ...others], routes, dns: state['dns-resolver']?.config.server ?? [] };
}

function addressesOf(ipv4?: { enabled?: boolean | undefined; address?: z.infer<typeof address>[] | undefined }): string[] {
  return ipv4?.enabled === false ? [] : (ipv4?.address ?? []).map((a) => `${a.ip}/${a['prefix-length']}`);
}

function captured(host: LabHost, key: string, expression: string | undefined): string {
  const [, mac] = /^interfaces\.mac-address\s*==\s*"([^"]+)"$/.exec(expression?.trim() ?? '') ?? [];
  const index = host.macs.indexOf((mac ?? '').toLowerCase());
  if (index < 0) throw new Error(`the network policy's ${key} captures no interface (${expression ?? 'not defined'})`);
  return nicName(index);
}
