/** Static network configuration: what the service checks (assisted-service.md §1.6) and the files that the host gets (§5). */
import { dump, load } from 'js-yaml';
import type { HostNetwork } from './state.ts';
import { Refusal } from './wire.ts';

const PREDICTABLE = /^en[PsvxXbucaipod]/;

interface Interface {
  name?: string;
  type?: string;
  identifier?: string;
  'link-aggregation'?: { port?: string[] };
}

/** All problems at once, in the order of the request's hosts, as one Refusal 400. */
export function checkStaticNetwork(hosts: HostNetwork[]): void {
  const problems = hosts.flatMap((host, i) => [...mapProblems(host, i), ...yamlProblems(host, i)]);
  if (problems.length === 0) return;
  const head = problems.length === 1 ? '1 error occurred' : `${problems.length} errors occurred`;
  throw new Refusal(400, `${head}:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`);
}

function mapProblems({ mac_interface_map: map = [] }: Partial<HostNetwork>, index: number): string[] {
  if (map.length === 0) return [`at least one interface for host ${index} must be provided`];
  const distinct = (values: string[]): number => new Set(values).size;
  const unique = [map.map((entry) => entry.mac_address.toLowerCase()), map.map((entry) => entry.logical_nic_name)];
  if (unique.every((values) => distinct(values) === map.length)) return [];
  return [`MACs and Interfaces for host ${index} must be unique`];
}

function yamlProblems(host: HostNetwork, index: number): string[] {
  const bad = (why: string): string[] => [`failed to validate network yaml for host ${index}, ${why}`];
  if (!(host as Partial<HostNetwork>).network_yaml?.trim())
    return bad('cannot generate configuration with an empty host YAML');
  const parsed = parseState(host.network_yaml);
  if (typeof parsed === 'string') return bad(parsed);
  return unmapped(host, (parsed['interfaces'] ?? []) as Interface[]).map(
    (name) => `mac-interface mapping for interface ${name} is missing and not a physical interface`,
  );
}

function parseState(text: string): Record<string, unknown> | string {
  try {
    const value = load(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    return 'yaml: line 1: did not find expected node content';
  } catch (error) {
    const line = ((error as { mark?: { line?: number } }).mark?.line ?? 0) + 1;
    return `yaml: line ${line}: did not find expected node content`;
  }
}

/** Ethernet interfaces and bond ports that nothing ties to a NIC. */
function unmapped({ mac_interface_map: map = [] }: Partial<HostNetwork>, interfaces: Interface[]): string[] {
  const ethernets = interfaces.filter((nic) => nic.type === 'ethernet' && nic.identifier !== 'mac-address');
  const names = [
    ...ethernets.map((nic) => nic.name ?? ''),
    ...interfaces.flatMap((nic) => nic['link-aggregation']?.port ?? []),
  ];
  const mapped = new Set(map.map((entry) => entry.logical_nic_name));
  return [...new Set(names)].filter((name) => !mapped.has(name) && !PREDICTABLE.test(name));
}

/** As it is stored: sorted by YAML text, then map. That order numbers the hosts. */
export function sortedNetworks(hosts: HostNetwork[]): HostNetwork[] {
  const key = (host: HostNetwork): string => host.network_yaml + JSON.stringify(host.mac_interface_map);
  return [...hosts].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Path and text of each file of a host: the map, and an nmpolicy document with the logical names replaced by captures. */
export function networkFiles(host: HostNetwork, index: number): [path: string, text: string][] {
  const folder = `/etc/assisted/network/host${index}`;
  const map = host.mac_interface_map.map((entry) => `${entry.mac_address}=${entry.logical_nic_name}`);
  const capture = Object.fromEntries(
    host.mac_interface_map.map((entry, k) => [`iface${k}`, `interfaces.mac-address == "${entry.mac_address}"`]),
  );
  const names = new Map(
    host.mac_interface_map.map((entry, k) => [entry.logical_nic_name, `{{ capture.iface${k}.interfaces.0.name }}`]),
  );
  const desiredState = renamed(load(host.network_yaml), names);
  return [
    [`${folder}/mac_interface.ini`, `${map.join('\n')}\n`],
    [`${folder}/ymlFile${index}.yml`, dump({ capture, desiredState })],
  ];
}

/** Every text that is a logical name, or one with a VLAN suffix (`eth0.100`), replaced. */
function renamed(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item, names)]));
  if (typeof value !== 'string') return value;
  const [head = '', ...vlan] = value.split('.');
  const name = names.get(head);
  return name && (vlan.length === 0 || (vlan.length === 1 && /^\d+$/.test(vlan[0]!)))
    ? [name, ...vlan].join('.')
    : value;
}
