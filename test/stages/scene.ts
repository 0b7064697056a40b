/**
 * Contexts for stages: a service and a BMC that hold plain values and note what they are asked to do; and lives of a run
 * over them that can be killed at any record of its journal and gone on with.
 */
import { setImmediate } from 'node:timers/promises';
import type { Assisted } from '../../src/assisted/client.ts';
import type { Cluster, Fields, Host } from '../../src/assisted/types.ts';
import { createVirtualClock, type VirtualClock } from '../../src/core/clock.ts';
import type { Event, Facts, RunEvent, Verb } from '../../src/core/events.ts';
import type { HttpClient } from '../../src/core/http.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ClusterSpec, HostSpec } from '../../src/inventory/types.ts';
import type { Bmc, BmcIdentity } from '../../src/redfish/bmc.ts';
import { createMemory } from '../../src/run/memory.ts';
import { createRollCall } from '../../src/run/roll-call.ts';
import { claimsOf, type ClusterContext, type HostContext, type RunContext } from '../../src/stages/context.ts';
import { HOUR, MINUTE, SECOND } from '../../src/stages/stage.ts';

export const MAC = '52:54:00:00:00:01';

export const hostSpec: HostSpec = {
  name: 'host-0',
  bmc: { kind: 'lab', profile: 'generic' },
  bootMACAddress: MAC,
  rootDeviceHints: null,
  disks: { others: 'keep' },
  networkConfig: null,
  macs: [],
  identity: { serial: null, uuid: null },
  groups: [],
  isProtected: false,
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
  apiVIPs: [],
  ingressVIPs: [],
  groups: [],
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
  fingerprint: null,
  firmware: '1',
  system: '/redfish/v1/Systems/1',
  slot: '/redfish/v1/Systems/1/VirtualMedia/1',
};

export interface World {
  clusters: Cluster[];
  patches: { what: string; fields: Fields }[];
  bmc: { power: 'On' | 'Off'; image: string | null; enabled: string; target: string | null; did: string[] };
  read: number;
  /** How long what was accepted takes to show, in milliseconds. */
  lagMs: number;
  /** The service takes the trigger, and begins two minutes later. */
  prepares: boolean;
}

/** The ISO's URL in every life. */
export const ISO = 'http://192.0.2.1:1/AbCdEfGh0123456-_x/boot.iso';

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

/** SIGKILL right after the journal's record number `at`; where that is an intent, its request `lands` or never left. */
export interface Kill {
  at: number;
  lands: boolean;
}

export type Life = ReturnType<typeof scene>;

/** What outlives a process. */
interface Lasting {
  world: World;
  clock: VirtualClock;
  spec: ClusterSpec;
  seen: BmcIdentity;
  /** The journal's lines. */
  lines: string[];
  deaths: number;
}

export function scene(world: Partial<World> = {}, spec: ClusterSpec = clusterSpec, seen: BmcIdentity = identity) {
  const full: World = {
    clusters: [],
    patches: [],
    bmc: { power: 'Off', image: null, enabled: 'Disabled', target: null, did: [] },
    read: 0,
    lagMs: 0,
    prepares: false,
    ...world,
  };
  const lasting: Lasting = { world: full, clock: createVirtualClock(), spec, seen, lines: [], deaths: 0 };
  const iso = { isoPath: '/nowhere/c.iso', isoSize: 1000, isoLastModified: 'then' };
  keep(lasting, spec.name, { clusterId: 'c1', infraEnvId: 'i1', existing: 'before-install', ...iso });
  for (const { name } of spec.hosts)
    keep(lasting, `${spec.name}/${name}`, { hostId: 'h1', serial: seen.serial, sku: seen.sku });
  return lifeOf(lasting);
}

function keep({ lines, clock }: Lasting, subject: string, facts: Facts): void {
  const event: Event = { type: 'stage.succeeded', stage: 'before', changed: false, elapsedMs: 0, facts };
  lines.push(JSON.stringify({ seq: lines.length + 1, at: new Date(clock.now()).toISOString(), subject, ...event }));
}

/** The next life of the run: all that it knows is in the journal. */
export function goOn({ lasting }: { lasting: Lasting }, verb: Verb = 'deploy'): Life {
  return lifeOf(lasting, verb);
}

function lifeOf(lasting: Lasting, verb: Verb = 'deploy') {
  const { world, clock, spec, seen, lines } = lasting;
  const memory = createMemory();
  for (const line of lines) memory.apply(JSON.parse(line) as RunEvent);
  if (verb !== 'cleanup') memory.goOn();
  const said: { subject: string; event: Event }[] = [];
  const end = createEnd(lasting);
  const say = (subject: string, event: Event): void => {
    if (end.isDead()) return;
    said.push({ subject, event });
    const full: RunEvent = { seq: lines.length + 1, at: new Date(clock.now()).toISOString(), subject, ...event };
    lines.push(JSON.stringify(full));
    memory.apply(full);
    if (lines.length === end.kill?.at) end.die(event.type === 'intent' && end.kill.lands);
  };
  const run: RunContext = {
    clock,
    http: {} as HttpClient,
    serviceHttp: {} as HttpClient,
    assisted: serviceOf(lasting, end),
    watch: { cluster: (id) => end.answer(world.clusters.find((one) => one.id === id)), refresh: () => undefined },
    trust: { kind: 'verify' },
    media: {
      prepare: () => Promise.resolve(),
      publish: () => Promise.resolve(ISO),
      bytesRead: () => world.read,
      withdraw: () => Promise.resolve(),
    },
    machines: {
      claims: spec.hosts.map((one) => claimsOf({ subject: `${spec.name}/${one.name}`, spec: one })),
      rollCall: createRollCall(clock),
      protectedBy: () => null,
      vouch: () => Promise.resolve(null),
    },
    runDir: '/nowhere',
    clustersDir: '/nowhere',
    askCluster: () => Promise.reject(new Error('no cluster answers')),
    agentUrl: 'http://service.example:8090',
    mayErase: () => Promise.resolve(false),
    say,
  };
  const context: ClusterContext = {
    run,
    spec,
    subject: spec.name,
    hosts: [],
    pullSecret: new Secret('a pull secret'),
    ...memory.of(spec.name),
    notes: {},
    interrupted: false,
    goal: 'deploy',
    removes: false,
    mayBegin: () => undefined,
    mayWrite: () => undefined,
  };
  const bmc = bmcOf(world, seen, end);
  context.hosts = spec.hosts.map((one): HostContext => ({
    run,
    cluster: context,
    spec: one,
    subject: `${spec.name}/${one.name}`,
    bmcHost: '192.0.2.9',
    pin: { place: '/nowhere/known', recall: () => null, keep: () => undefined },
    bmc: () => Promise.resolve(bmc),
    ...memory.of(`${spec.name}/${one.name}`),
    notes: {},
    mayWrite: () => undefined,
  }));
  const [host] = context.hosts;
  if (!host) throw new Error('a cluster without hosts');
  return { context, host, world, said, clock, memory, end, lasting };
}

/** As the journal has it: an effect of this stage that was tried, with what came of it unless nobody wrote that down; `lost`: no answer came. */
export function tried(life: Life, effect: string, outcome: 'done' | 'unknown' | 'lost' = 'done'): void {
  const [stage = '', name = ''] = effect.split('/');
  const { say } = life.context.run;
  const subject = stage === 'install' ? life.context.subject : life.host.subject;
  say(subject, { type: 'intent', stage, effect: name, try: 1 });
  const error = { code: 'E-SVC-UNREACH' as const, message: 'no answer', todo: 'wait' };
  if (outcome === 'done') say(subject, { type: 'result', stage, effect: name, try: 1 });
  if (outcome === 'lost') say(subject, { type: 'result', stage, effect: name, try: 1, error });
}

/** A process that may be killed: dead it says, asks and hears nothing more. */
function createEnd({ world, clock }: Lasting) {
  let dead = false;
  let lands = false;
  let tell: () => void = () => undefined;
  const never = (): Promise<never> => new Promise<never>(() => undefined);
  const end = {
    kill: undefined as Kill | undefined,
    died: new Promise<void>((resolve) => (tell = resolve)),
    isDead: () => dead,
    die: (itLands: boolean) => (([dead, lands] = [true, itLands]), tell()),
    answer: <T>(value: T): Promise<T> => (dead ? never() : Promise.resolve(value)),
    /** One request that changes something: noted as it arrives, to be seen when the lag is over. */
    ask: (note: () => void, change: () => void): Promise<void> => {
      if (dead && !lands) return never();
      note();
      if (world.lagMs === 0) change();
      else void clock.sleep(world.lagMs).then(change);
      return dead ? never() : Promise.resolve();
    },
  };
  return end;
}

type End = ReturnType<typeof createEnd>;

/** What `work` comes to while the clock goes on for at most `ms`; fails where it is not over then. */
export async function within<T>(clock: VirtualClock, ms: number, work: Promise<T>): Promise<T> {
  const state = { over: false };
  const ended = work.finally(() => (state.over = true));
  ended.catch(() => undefined);
  const last = clock.now() + ms;
  for (await clock.advance(0); !state.over; await clock.advance(5 * SECOND)) {
    if (clock.now() > last) throw new Error(`not over after ${ms / SECOND} seconds`);
    await diskIsIdle();
  }
  return ended;
}

/** The disk takes its time, in which the clock stands still. */
async function diskIsIdle(): Promise<void> {
  do await setImmediate();
  while (process.getActiveResourcesInfo().some((name) => /^(FS|Close)Req/.test(name)));
}

/** One life of a run; later ones are begun by `verb`. */
export interface Work {
  verb: Verb;
  /** `number` counts from 1. */
  live(life: Life, number: number): Promise<unknown>;
}

/** Does `work` in one life after the other, each killed but the last, with a pause between them. */
export async function live(first: Life, kills: Kill[], pauseMs: number, work: Work): Promise<Life> {
  let life = first;
  for (let number = 1; ; number++) {
    life.end.kill = kills[number - 1];
    await within(life.clock, 2 * HOUR, Promise.race([work.live(life, number), life.end.died]));
    if (!life.end.isDead()) return life;
    life.lasting.deaths += 1;
    await life.clock.advance(pauseMs);
    life = goOn(life, work.verb);
  }
}

function serviceOf({ world, clock }: Lasting, end: End): Assisted {
  const note =
    (what: string, change: () => void = () => undefined) =>
    async (_id: string, ...rest: unknown[]) => {
      await end.ask(() => world.patches.push({ what, fields: rest.at(-1) as Fields }), change);
      return {} as never;
    };
  const become = (status: string): void => {
    world.clusters = world.clusters.map((one) => ({ ...one, status }));
  };
  const prepare = (): void => {
    if (!world.prepares) return;
    become('preparing-for-installation');
    void clock.sleep(2 * MINUTE).then(() => become('installing'));
  };
  return {
    version: () => end.answer('v1'),
    openshiftVersions: () => end.answer({ '4.20.3': {}, '4.19.8': {} }),
    listClusters: () => end.answer(world.clusters),
    patchCluster: note('cluster'),
    patchHost: note('host'),
    install: note('install', prepare),
  } as unknown as Assisted;
}

function bmcOf({ bmc }: World, seen: BmcIdentity, end: End): Bmc {
  const did = (what: string, change: () => void) => end.ask(() => bmc.did.push(what), change);
  return {
    identity: seen,
    readPower: () => end.answer(bmc.power),
    readMedia: () => end.answer({ inserted: bmc.image !== null, image: bmc.image }),
    readBoot: () => end.answer({ enabled: bmc.enabled, target: bmc.target, mode: null }),
    readLog: () => end.answer([]),
    insert: (url) => did('insert', () => (bmc.image = url)),
    eject: () => did('eject', () => (bmc.image = null)),
    bootOnce: () => did('override', () => Object.assign(bmc, { enabled: 'Once', target: 'Cd' })),
    clearBoot: () => did('clear', () => Object.assign(bmc, { enabled: 'Disabled', target: null })),
    power: (action) => did(action, () => (bmc.power = action === 'off' ? 'Off' : 'On')),
  };
}
