/** Checks of the interfaces of one host's nmstate: names, MACs, what they are made of, their numbers. */
import { list, type Loose, record, text } from './loose.ts';
import type { Nic } from './nics.ts';
import { type Reporter, Unique } from './reporter.ts';
import { didYouMean, nearest } from './suggest.ts';
import type { Trail } from './trail.ts';
import { shown } from './issues.ts';

/** Linux takes no longer name; the service shortens those of VLANs (assisted-service §4.8). */
const LONGEST_NAME = 15;
/** Names that the kernel gives by where the NIC sits: the service takes them without a MAC (assisted-service §1.6). */
const PREDICTABLE = /^en[PsvxXbucaipod]/;
const STATES = ['up', 'down', 'absent', 'ignore'];
const TYPES = [
  'ethernet',
  'bond',
  'vlan',
  'linux-bridge',
  'ovs-bridge',
  'ovs-interface',
  'infiniband',
  'dummy',
  'vxlan',
];

export function checkNics(nics: readonly Nic[], path: Trail, reporter: Reporter): void {
  const names = new Unique(reporter, 'interface');
  for (const nic of nics) {
    if (nic.name !== null) names.note(nic.name, nic.path.to('name'));
    checkKind(nic, reporter);
    checkMac(nic, reporter);
    checkNumbers(nic, reporter);
    checkBonds(nic, nics, reporter);
    checkParts(nic, nics, reporter);
  }
  if (nics.length === 0 || nics.some(tellsMac)) return;
  const message = 'no interface has a mac-address: the service cannot tell whose network this is';
  reporter.at(path.to('interfaces'), { message, todo: 'add the mac-address of each ethernet interface' });
}

/** Whether it has a MAC, right or wrong, or was said to need one. */
function tellsMac({ nic, name }: Nic): boolean {
  const isBond = nic['link-aggregation'] !== undefined;
  return isBond || nic['mac-address'] !== undefined || (nic['type'] === 'ethernet' && !isPredictable(name));
}

const isPredictable = (name: string | null): boolean => name !== null && PREDICTABLE.test(name);

function checkKind({ name, nic, path }: Nic, reporter: Reporter): void {
  const type = text(nic['type']);
  const best = type === null || TYPES.includes(type) ? null : nearest(type, TYPES);
  if (best !== null) {
    const message = `${shown(type)} is no type of interface${didYouMean(type!, TYPES)}`;
    reporter.at(path.to('type'), { message, todo: `write ${best}` });
  }
  const state = nic['state'];
  if (state !== undefined && !STATES.includes(text(state) ?? '')) {
    const message = `${shown(state)} is not possible here${didYouMean(text(state) ?? '', STATES)}`;
    reporter.at(path.to('state'), { message, todo: `use one of ${STATES.join(', ')}` });
  }
  if (name === null || name.trim() === '') return;
  if (/[\s/]/.test(name)) {
    const message = `${shown(name)} is no name of an interface`;
    reporter.at(path.to('name'), { message, todo: 'write it without spaces and slashes' });
  } else if (name.length > LONGEST_NAME && type !== 'vlan') {
    const message = `${shown(name)} has ${name.length} characters, and Linux takes ${LONGEST_NAME}`;
    reporter.at(path.to('name'), { message, todo: 'give it a shorter name' });
  }
}

function checkMac({ name, nic, path }: Nic, reporter: Reporter): void {
  if (nic['type'] !== 'ethernet' || nic['mac-address'] !== undefined || isPredictable(name)) return;
  const todo = 'add its mac-address: by it the service finds the NIC';
  reporter.at(path, { message: `ethernet interface "${name}" has no mac-address`, todo });
}

function checkNumbers({ nic, path }: Nic, reporter: Reporter): void {
  const least = record(nic['ipv6'])['enabled'] === true ? 1280 : 68;
  checkNumber(nic['mtu'], path.to('mtu'), 'MTU', least, 65_535, reporter);
  if (nic['type'] !== 'vlan') return;
  const vlan = record(nic['vlan']);
  checkNumber(vlan['id'], path.to('vlan').to('id'), 'VLAN id', 1, 4094, reporter);
  for (const key of ['id', 'base-iface']) {
    if (vlan[key] === undefined)
      reporter.at(path, { message: `vlan.${key} is missing`, todo: `add vlan: {${key}: …}` });
  }
}

/** nmstate reads numbers in quotes, too. */
function checkNumber(value: unknown, path: Trail, what: string, least: number, most: number, reporter: Reporter): void {
  if (value === undefined) return;
  const isNumeral = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
  const number = isNumeral ? Number(value) : Number.NaN;
  if (Number.isInteger(number) && number >= least && number <= most) return;
  reporter.at(path, { message: `${shown(value)} is no ${what}`, todo: `use ${least} to ${most}` });
}

const namesOf = (nics: readonly Nic[]): string[] => nics.flatMap(({ name }) => name ?? []);

function checkBonds(nic: Nic, nics: readonly Nic[], reporter: Reporter): void {
  if (nic.nic['link-aggregation'] === undefined) return;
  const known = namesOf(nics);
  const mapped = new Set(nics.flatMap((one) => (one.mac === null ? [] : String(one.nic['name']))));
  for (const [j, port] of list(record(nic.nic['link-aggregation'])['port']).entries()) {
    if (typeof port !== 'string' || mapped.has(port) || (known.includes(port) && isPredictable(port))) continue;
    const message = `bond port "${port}" is no ethernet interface with a mac-address${didYouMean(port, mapped)}`;
    const todo = 'add it to interfaces, with its mac-address';
    reporter.at(nic.path.to('link-aggregation').to('port').to(j), { message, todo });
  }
}

/** VLANs and bridges stand on interfaces that are here, or that the kernel names. */
function checkParts({ nic, path }: Nic, nics: readonly Nic[], reporter: Reporter): void {
  if (nic['vlan'] === undefined && nic['bridge'] === undefined) return;
  const known = namesOf(nics);
  const parts: [Trail, unknown][] = [[path.to('vlan').to('base-iface'), record(nic['vlan'])['base-iface']]];
  for (const [j, port] of list(record(nic['bridge'])['port']).entries()) {
    const { name, ...more }: Loose = record(port);
    if (more['link-aggregation'] === undefined) parts.push([path.to('bridge').to('port').to(j).to('name'), name]);
  }
  for (const [at, part] of parts) {
    if (typeof part !== 'string' || known.includes(part) || (isPredictable(part) && nearest(part, known) === null))
      continue;
    const message = `"${part}" is not among the interfaces${didYouMean(part, known)}`;
    reporter.at(at, { message, todo: `use one of ${known.join(', ')}, or add it` });
  }
}
