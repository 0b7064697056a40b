/** Contexts for stages: a service and a BMC that hold plain values and note what they are asked to do. */
import type { Assisted } from '../../src/assisted/client.ts';
import type { Cluster, Fields, Host } from '../../src/assisted/types.ts';
import { createVirtualClock } from '../../src/core/clock.ts';
import type { Event } from '../../src/core/events.ts';
import type { HttpClient } from '../../src/core/http.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ClusterSpec, HostSpec } from '../../src/inventory/types.ts';
import type { Bmc, BmcIdentity } from '../../src/redfish/bmc.ts';
import type { ClusterContext, HostContext, RunContext } from '../../src/stages/context.ts';

export const MAC = '52:54:00:00:00:01';

export const hostSpec: HostSpec = {
  name: 'host-0',
  bmc: { kind: 'lab', profile: 'generic' },
  bootMACAddress: MAC,
  rootDeviceHints: null,
  networkConfig: null,
  macs: [],
  identity: { serial: null, uuid: null },
};

export const clusterSpec: ClusterSpec = {
  name: 'c',
  baseDomain: 'example.com',
  openshiftVersion: '4.20',
  cpuArchitecture: 'x86_64',
  imageType: 'full-iso',
  pullSecret: { from: 'env', name: 'X' },
  sshKey: 'ssh-ed25519 AAAA',
  machineNetwork: null,
  manifests: [],
  hosts: [hostSpec],
  digestSource: {},
};

const disk = (name: string) => ({
  id: `/dev/disk/by-id/wwn-${name}`,
  name,
  path: `/dev/${name}`,
  wwn: `0x${name}`,
  serial: name,
  size_bytes: 100e9,
  installation_eligibility: { eligible: name === 'sda' },
});

/** A host at the service as its agent made it known. */
export function hostRecord(parts: Partial<Host> = {}, serial = 'SERIAL'): Host {
  const inventory = {
    hostname: 'localhost',
    interfaces: [{ name: 'eno1', mac_address: MAC, ipv4_addresses: ['192.168.1.5/24'] }],
    disks: [disk('sda'), disk('sdb')],
    system_vendor: { serial_number: serial },
  };
  return { id: 'h1', status: 'insufficient', status_info: '', inventory: JSON.stringify(inventory), ...parts };
}

export const identity: BmcIdentity = {
  vendor: 'V',
  model: 'M',
  serial: 'SERIAL',
  sku: null,
  uuid: 'UUID',
  macs: [MAC],
  firmware: '1',
  system: '/redfish/v1/Systems/1',
  slot: '/redfish/v1/Systems/1/VirtualMedia/1',
};

export interface World {
  clusters: Cluster[];
  patches: { what: string; fields: Fields }[];
  bmc: { power: 'On' | 'Off'; image: string | null; enabled: string; target: string | null; did: string[] };
  read: number;
}

export function cluster(parts: Partial<Cluster> = {}): Cluster {
  return {
    id: 'c1',
    name: 'c',
    status: 'insufficient',
    status_info: 'Cluster is not ready for install',
    tags: 'snoboot',
    hosts: [],
    ...parts,
  };
}

export function scene(world: Partial<World> = {}, spec: ClusterSpec = clusterSpec, seen: BmcIdentity = identity) {
  const full: World = {
    clusters: [],
    patches: [],
    bmc: { power: 'Off', image: null, enabled: 'Disabled', target: null, did: [] },
    read: 0,
    ...world,
  };
  const said: { subject: string; event: Event }[] = [];
  const clock = createVirtualClock();
  const run: RunContext = {
    clock,
    http: {} as HttpClient,
    assisted: serviceOf(full),
    watch: { cluster: (id) => Promise.resolve(full.clusters.find((one) => one.id === id)), refresh: () => undefined },
    trust: { kind: 'verify' },
    media: {
      prepare: () => Promise.resolve(),
      publish: () => Promise.resolve('http://192.0.2.1:1/token/boot.iso'),
      bytesRead: () => full.read,
      withdraw: () => undefined,
    },
    runDir: '/nowhere',
    clustersDir: '/nowhere',
    say: (subject, event) => void said.push({ subject, event }),
  };
  const context: ClusterContext = {
    run,
    spec,
    subject: spec.name,
    hosts: [],
    pullSecret: new Secret('a pull secret'),
    facts: { clusterId: 'c1', infraEnvId: 'i1' },
    interrupted: false,
  };
  const bmc = bmcOf(full, seen);
  context.hosts = spec.hosts.map((one): HostContext => ({
    run,
    cluster: context,
    spec: one,
    subject: `${spec.name}/${one.name}`,
    bmcHost: '192.0.2.9',
    bmc: () => Promise.resolve(bmc),
    facts: { hostId: 'h1', serial: seen.serial, sku: seen.sku },
    done: { media: false, override: false, power: false },
  }));
  Object.assign(context.facts, { isoPath: '/nowhere/c.iso', isoSize: 1000, isoLastModified: 'then' });
  const [host] = context.hosts;
  if (!host) throw new Error('a cluster without hosts');
  return { context, host, world: full, said, clock };
}

function serviceOf(world: World): Assisted {
  const note =
    (what: string) =>
    (_id: string, ...rest: unknown[]) => (
      world.patches.push({ what, fields: rest.at(-1) as Fields }),
      Promise.resolve({} as never)
    );
  return {
    version: () => Promise.resolve('v1'),
    openshiftVersions: () => Promise.resolve({ '4.20.3': {}, '4.19.8': {} }),
    listClusters: () => Promise.resolve(world.clusters),
    patchCluster: note('cluster'),
    patchHost: note('host'),
    install: note('install'),
  } as unknown as Assisted;
}

function bmcOf({ bmc }: World, seen: BmcIdentity): Bmc {
  const did = (what: string, change: () => void) => (bmc.did.push(what), change(), Promise.resolve());
  return {
    identity: seen,
    readPower: () => Promise.resolve(bmc.power),
    readMedia: () => Promise.resolve({ inserted: bmc.image !== null, image: bmc.image }),
    readBoot: () => Promise.resolve({ enabled: bmc.enabled, target: bmc.target, mode: null }),
    insert: (url) => did('insert', () => (bmc.image = url)),
    eject: () => did('eject', () => (bmc.image = null)),
    bootOnce: () => did('override', () => Object.assign(bmc, { enabled: 'Once', target: 'Cd' })),
    clearBoot: () => did('clear', () => Object.assign(bmc, { enabled: 'Disabled', target: null })),
    power: (action) => did(action, () => (bmc.power = action === 'off' ? 'Off' : 'On')),
  };
}
