/** A generated inventory for plans, and what its machines have been through before. */
import { counted } from '../../src/view/text.ts';
import { fraction, type Random, seededRandom } from '../../src/core/random.ts';

const PROFILES = ['dell-idrac9', 'hpe-ilo5', 'generic'];
const BEFORE = ['nothing', 'described'] as const;
/** From which a deploy gets well by itself. */
const SETBACKS = ['boots-iso-again', 'bmc-reset', 'bmc-503'];

/** What somebody else did to the machines. */
export interface Uses {
  power: boolean;
  medium: boolean;
}

export interface PlanTopology {
  inventory: object;
  /** What an earlier run came to: `described` at the service only. */
  before: (typeof BEFORE)[number] | 'installed';
  replace: boolean;
  /** The lab is up all the time: machines keep their power. */
  stays: boolean;
  uses: Uses;
  /** Whether the plan is made twice. */
  doubled: boolean;
  /** All of this in words. */
  says: string;
}

export function planTopology(seed: string): PlanTopology {
  const random = seededRandom(seed);
  const before = chance(random, 0.2) ? 'installed' : oneOf(random, BEFORE);
  const count = oneOf(random, [1, 1, 2, 3]);
  const clusters = Array.from({ length: count }, (_, i) => clusterOf(random, `c${i + 1}`, i));
  const faults = clusters.flatMap(({ fault }) => fault);
  const stays = chance(random, 0.6);
  const uses = { power: stays && chance(random, 0.5), medium: stays && chance(random, 0.5) };
  const replace = before !== 'nothing' && chance(random, 0.5);
  const doubled = chance(random, 0.2);
  const words = [
    counted(count, 'cluster'),
    `${before} before`,
    replace && '--replace',
    stays && 'lab up',
    uses.power && 'on',
    uses.medium && 'a medium in',
    doubled && 'planned twice',
    ...faults,
  ];
  return {
    inventory: {
      service: { type: 'lab' },
      lab: { timeFactor: 200, faults },
      clusters: clusters.map(({ cluster }) => cluster),
    },
    before,
    replace,
    stays,
    uses,
    doubled,
    says: words.filter((word) => word !== false).join(', '),
  };
}

function clusterOf(random: Random, name: string, index: number) {
  const mac = `52:54:00:00:00:0${index + 1}`;
  const hasExtraDisk = chance(random, 0.4);
  const setback = chance(random, 0.3) ? [`${oneOf(random, SETBACKS)}@${name}/host-0`] : [];
  const host = {
    name: 'host-0',
    bmc: { address: `lab://${oneOf(random, PROFILES)}` },
    bootMACAddress: mac,
    ...(chance(random, 0.5) ? { networkConfig: networkOf(mac, index) } : {}),
    // An extra disk is eligible too, so one of them has to be named.
    ...(hasExtraDisk || chance(random, 0.5) ? { rootDeviceHints: oneOf(random, HINTS) } : {}),
    disks: { others: oneOf(random, ['keep', 'erase']) },
  };
  const cluster = {
    name,
    baseDomain: 'lab.example.com',
    openshiftVersion: oneOf(random, ['4.20', '4.21']),
    pullSecret: 'file:secrets/pull-secret.json',
    sshKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc lab@example.com',
    ...(chance(random, 0.5) ? { manifests: 'manifests/sno-ai-test' } : {}),
    hosts: [host],
  };
  return { cluster, fault: [...(hasExtraDisk ? [`extra-disk@${name}/host-0`] : []), ...setback] };
}

/** Each is of the lab's first disk alone. */
const HINTS = [
  { deviceName: '/dev/disk/by-path/pci-0000:00:1f.2-ata-1' },
  { hctl: '0:0:0:0' },
  { minSizeGigabytes: 90 },
];

function networkOf(mac: string, index: number) {
  const address = { ip: `10.0.${index}.10`, 'prefix-length': 24 };
  const gateway = `10.0.${index}.1`;
  return {
    interfaces: [
      {
        name: 'eno1',
        type: 'ethernet',
        state: 'up',
        'mac-address': mac,
        ipv4: { enabled: true, address: [address] },
      },
    ],
    'dns-resolver': { config: { server: [gateway] } },
    routes: {
      config: [{ destination: '0.0.0.0/0', 'next-hop-address': gateway, 'next-hop-interface': 'eno1' }],
    },
  };
}

const chance = (random: Random, of: number): boolean => fraction(random) < of;
const oneOf = <T>(random: Random, all: readonly T[]): T => all[Math.floor(fraction(random) * all.length)]!;
