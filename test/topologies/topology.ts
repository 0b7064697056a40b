/** Generated machine rooms: machines with their BMCs, an inventory that names them, pins of earlier runs, and one thing that is wrong. */
import { fraction, type Random, seededRandom, token, uuid } from '../../src/core/random.ts';
import type { Trust } from '../../src/core/http.ts';
import type { BmcProfile } from '../../src/lab/spec.ts';
import type { Pin } from '../../src/stages/identity.ts';

export interface Machine {
  id: string;
  profile: BmcProfile;
  serial: string;
  uuid: string;
  mac: string;
  /** What the inventory and earlier runs know of it. */
  asNamed: { serial: string; uuid: string };
}

export interface Host {
  cluster: string;
  name: string;
  /** Host name of its BMC's address. */
  address: string;
  trust: 'verify' | 'insecure' | 'pin';
  named: { serial: boolean; uuid: boolean; mac: boolean };
  /** Met in an earlier run. */
  pinned: boolean;
  /** As the inventory says it. */
  machine: Machine;
}

export const WRONGS = [
  'nothing',
  'other-machine',
  'swapped',
  'replaced',
  'twice',
  'placeholder-named',
  'placeholders-all',
  'renewed',
  'never-met',
] as const;
export type Wrong = (typeof WRONGS)[number];

export interface Topology {
  seed: string;
  wrong: Wrong;
  hosts: Host[];
  machines: Machine[];
  /** What is really behind each address: the id of a machine. */
  cables: Map<string, string>;
  /** Machines whose BMCs have another certificate than in the earlier run. */
  renewed: Set<string>;
  pins: Map<string, Omit<Pin, 'fingerprint'>>;
  acceptsNew: boolean;
  /** Clusters that must not be touched; all others must be. */
  refused: Set<string>;
  /** Addresses behind which something is wrong. */
  strangers: Set<string>;
}

const PLACEHOLDER = 'To be filled by O.E.M.';
const NO_UUID = '00000000-0000-0000-0000-000000000000';

export function topologyOf(seed: string): Topology {
  const random = seededRandom(seed);
  const machines = Array.from({ length: 2 + below(29, random) }, (_, i) => machineOf(i, random));
  const spare = machineOf(machines.length, random);
  const hosts = hostsOf(machines, random);
  const topology: Topology = {
    seed,
    wrong: pick(WRONGS, random),
    hosts,
    machines: [...machines, spare],
    cables: new Map(hosts.map(({ address, machine }) => [address, machine.id])),
    renewed: new Set(),
    pins: new Map(),
    acceptsNew: fraction(random) < 0.5,
    refused: new Set(),
    strangers: new Set(),
  };
  const [first, second] = twoOf(hosts, random);
  spoil(topology, first, second, spare, random);
  for (const { pinned, address, machine } of hosts) if (pinned) topology.pins.set(address, machine.asNamed);
  return topology;
}

function machineOf(i: number, random: Random): Machine {
  const machine = {
    id: `m${i}`,
    profile: pick(['dell-idrac9', 'hpe-ilo5', 'generic'] as const, random),
    serial: `SN${token(random, 6).replace(/[-_]/g, 'X')}${i}`,
    uuid: uuid(random),
    mac: `52:54:00:${i.toString(16).padStart(2, '0')}:${random.bytes(2).toString('hex').replace(/^../, '$&:')}`,
  };
  return { ...machine, asNamed: { serial: machine.serial, uuid: machine.uuid } };
}

function hostsOf(machines: Machine[], random: Random): Host[] {
  let cluster = 0;
  return machines.map((machine, i) => {
    if (i > 0 && fraction(random) < 0.6) cluster++;
    const named = { serial: fraction(random) < 0.4, uuid: fraction(random) < 0.3, mac: fraction(random) < 0.4 };
    return {
      cluster: `c${cluster}`,
      name: `host-${i}`,
      address: `bmc-${i}`,
      trust: pick(['verify', 'insecure', 'pin'] as const, random),
      named,
      pinned: fraction(random) < 0.3 || !(named.serial || named.uuid || named.mac),
      machine,
    };
  });
}

function spoil(topology: Topology, a: Host, b: Host, spare: Machine, random: Random): void {
  const { cables, wrong } = topology;
  const refuse = (...hosts: Host[]): void => {
    for (const { cluster, address } of hosts) {
      topology.refused.add(cluster);
      topology.strangers.add(address);
    }
  };
  switch (wrong) {
    case 'nothing':
      return;
    case 'other-machine':
      cables.set(a.address, spare.id);
      refuse(a);
      return;
    case 'swapped':
      cables.set(a.address, b.machine.id).set(b.address, a.machine.id);
      refuse(a, b);
      return;
    case 'replaced':
      a.pinned = true;
      Object.assign(a.machine, { serial: `NEW${a.machine.serial}`, uuid: uuid(random) });
      refuse(a);
      return;
    case 'twice':
      cables.set(a.address, b.machine.id);
      refuse(a);
      // Where the certificate ends it before anybody logs in, nobody knows what is there: the other one is right.
      if (a.trust === 'verify' || (a.trust === 'insecure' && !a.pinned)) refuse(b);
      return;
    case 'placeholder-named':
      Object.assign(a, { named: { serial: true, uuid: false, mac: false }, pinned: false, trust: 'verify' });
      Object.assign(a.machine, { serial: PLACEHOLDER });
      if (!topology.acceptsNew) refuse(a);
      return;
    case 'placeholders-all':
      for (const host of topology.hosts) {
        Object.assign(host, { named: { serial: false, uuid: false, mac: true }, pinned: false });
        Object.assign(host.machine, { serial: PLACEHOLDER, uuid: NO_UUID });
      }
      return;
    case 'renewed':
      Object.assign(a, { pinned: true, trust: pick(['verify', 'insecure'] as const, random) });
      topology.renewed.add(a.machine.id);
      refuse(a);
      return;
    case 'never-met':
      Object.assign(a, { named: { serial: false, uuid: false, mac: false }, pinned: false, trust: 'insecure' });
      if (!topology.acceptsNew) refuse(a);
  }
}

export function trustOf(host: Host, fingerprint: string): Trust {
  return host.trust === 'pin' ? { kind: 'pin', fingerprint } : { kind: host.trust };
}

function below(n: number, random: Random): number {
  return Math.floor(fraction(random) * n);
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[below(list.length, random)]!;
}

function twoOf<T>(list: readonly T[], random: Random): [T, T] {
  const first = below(list.length, random);
  return [list[first]!, list[(first + 1 + below(list.length - 1, random)) % list.length]!];
}
