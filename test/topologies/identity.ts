/**
 * Identity over generated machine rooms: the real cluster and host machines, check-bmc and Redfish client over the lab's
 * BMCs (without sockets). What comes after the check is one write, and the wrong machines seem to have a boot override of a
 * run that was killed, to be taken back. Judged by what the BMCs were asked.
 */
import { createVirtualClock } from '../../src/core/clock.ts';
import type { Facts } from '../../src/core/events.ts';
import { HttpError } from '../../src/core/http-error.ts';
import type { HttpRequest, HttpResponse, Send } from '../../src/core/http.ts';
import { seededRandom } from '../../src/core/random.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ClusterSpec, Inventory } from '../../src/inventory/types.ts';
import type { Bmc } from '../../src/lab/bmc/bmc.ts';
import { PROFILES } from '../../src/lab/bmc/profiles.ts';
import { respond } from '../../src/lab/bmc/routes.ts';
import type { Lab } from '../../src/lab/context.ts';
import { populate } from '../../src/lab/populate.ts';
import { runCluster } from '../../src/run/actors.ts';
import { clusterContext } from '../../src/run/contexts.ts';
import { hostPin, pinsByAddress } from '../../src/run/known-bmcs.ts';
import { createMemory } from '../../src/run/memory.ts';
import { readProtection } from '../../src/run/protected-hosts.ts';
import { machinesOf } from '../../src/run/roll-call.ts';
import { createStageRunner, type RunStage } from '../../src/run/stage-runner.ts';
import type { HostContext, RunContext } from '../../src/stages/context.ts';
import { inventoryIn } from '../run/inventories.ts';
import { clusterSpec, hostSpec } from '../stages/scene.ts';
import { tempFolder } from '../temp-folder.ts';
import { type Host, type Topology, topologyOf, trustOf, type Wrong } from './topology.ts';

const CREDENTIALS = { username: 'root', password: 'calvin' };
/** Stages that write to a BMC. */
const WRITERS = ['insert-media', 'boot-once', 'eject-media'];
const REAL = ['check-bmc', 'cleanup'];

/** One line for each violation; `seen` counts what was generated. */
export async function run(count: number, seed: string, seen = new Map<Wrong, number>()): Promise<string[]> {
  const violations: string[] = [];
  for (let i = 0; i < count; i++) {
    const topology = topologyOf(`${seed}/${i}`);
    seen.set(topology.wrong, (seen.get(topology.wrong) ?? 0) + 1);
    violations.push(...(await violationsIn(topology)));
  }
  return violations;
}

/** A refused cluster's BMCs were asked nothing but GETs, wherever their addresses lead; each of the others was written to. */
async function violationsIn(topology: Topology): Promise<string[]> {
  const { wrong, seed, hosts, refused, acceptsNew } = topology;
  const { written, errors } = await deployAll(topology);
  const of = (what: string): string => `${seed} (${wrong}${acceptsNew ? ', --accept-new' : ''}): ${what}`;
  return hosts.flatMap(({ cluster, name, address }) => {
    const why = errors.get(`${cluster}/${name}`) ?? '';
    if (refused.has(cluster)) {
      const isRefused = hosts.some((one) => one.cluster === cluster && errors.has(`${cluster}/${one.name}`));
      if (!isRefused) return of(`${cluster} was not refused`);
      return written.has(address) ? of(`${cluster}/${name} was written to`) : [];
    }
    return written.has(address) ? [] : of(`${cluster}/${name} was not begun: ${why}`);
  });
}

async function deployAll(topology: Topology) {
  const room = roomOf(topology);
  const inventory = inventoryOf(topology, room.fingerprintOf);
  const clock = createVirtualClock();
  const errors = new Map<string, string>();
  const protection = readProtection([]);
  const vouch = () => Promise.resolve(topology.acceptsNew ? ('accept-new' as const) : null);
  const run = {
    clock,
    http: { send: room.send },
    machines: machinesOf({ inventory, clock, vouch, protection }),
    media: { prepare: () => Promise.resolve(), withdraw: () => Promise.resolve() },
    say: (subject: string, event: { type: string; error?: { message: string } }) => {
      if (event.type === 'stage.failed') errors.set(subject, event.error?.message ?? '');
    },
  } as unknown as RunContext;
  const pins = pinsByAddress(tempFolder());
  for (const [address, pin] of topology.pins)
    hostPin(pins, 'c/h', `https://${address}`, clock).keep({ fingerprint: room.pinnedOf(address), ...pin }, 'asked');
  const ports = {
    secretOf: () => new Secret(CREDENTIALS.password),
    memory: createMemory(),
    leases: { check: () => undefined, release: () => undefined },
    goal: 'deploy' as const,
    replace: false,
    pins,
    mayBegin: () => undefined,
    over: new AbortController().signal,
  };
  const contexts = inventory.clusters.map((spec) => clusterContext(run, spec, ports));
  const strangers = contexts.flatMap(({ hosts }) => hosts).filter(({ bmcHost }) => topology.strangers.has(bmcHost));
  for (const { deeds } of strangers) deeds.owes.add('override');
  const ended = Promise.all(contexts.map((context) => runCluster(context, stages(), false).output));
  const over = new AbortController();
  void ended.finally(() => over.abort());
  while (!over.signal.aborted) await clock.advance(1000);
  await ended;
  return { written: room.written, errors };
}

/** The check is the real one, and so is the cleanup after a refusal; what comes between ends at once. */
function stages(): RunStage {
  const real = createStageRunner();
  return async (stage, context, signal): Promise<Facts> => {
    if (REAL.includes(stage.name)) return real(stage, context, signal);
    if (stage.name === 'keep-media') return new Promise(() => undefined);
    if (WRITERS.includes(stage.name)) await (await (context as unknown as HostContext).bmc()).clearBoot();
    return stage.name === 'check-service' ? { existing: 'absent' } : {};
  };
}

function inventoryOf({ hosts }: Topology, fingerprintOf: (host: Host) => string): Inventory {
  const names = [...new Set(hosts.map(({ cluster }) => cluster))];
  const clusters = names.map((name): ClusterSpec => {
    const own = hosts.filter(({ cluster }) => cluster === name);
    return { ...clusterSpec, name, hosts: own.map((host) => specOf(host, fingerprintOf(host))) };
  });
  return { ...inventoryIn('/'), clusters };
}

function specOf(host: Host, fingerprint: string): ClusterSpec['hosts'][number] {
  const { name, address, named, machine } = host;
  const password = { from: 'env' as const, name: 'X' };
  const trust = trustOf(host, fingerprint);
  const origin = `https://${address}`;
  return {
    ...hostSpec,
    name,
    bmc: { kind: 'redfish', origin, systemPath: null, family: null, username: CREDENTIALS.username, password, trust },
    bootMACAddress: named.mac ? machine.mac : null,
    identity: { serial: named.serial ? machine.asNamed.serial : null, uuid: named.uuid ? machine.asNamed.uuid : null },
  };
}

/** The lab's BMCs behind their addresses, as a client reaches them. `written`: addresses that were sent a write. */
function roomOf({ machines, cables, renewed, seed }: Topology) {
  const clock = createVirtualClock();
  const hosts = machines.map(({ mac, ...machine }) => ({
    ...machine,
    macs: [mac],
    cpus: 8,
    memoryMiB: 16384,
    disks: [],
    dhcp: null,
    bmc: CREDENTIALS,
  }));
  const spec = { timeFactor: 1, faults: [], hosts, apiNames: [] };
  const world = populate(null, spec, Date.UTC(2026, 0), seededRandom(seed));
  const lab = {
    clock,
    world,
    faults: { at: (_seam: string, _subject: string, value: unknown) => value },
    record: () => undefined,
    changed: () => undefined,
    signal: new AbortController().signal,
  } as unknown as Lab;
  const bmcs = new Map(
    Object.values(world.hosts).map((host): [string, Bmc] => {
      const machine = { changing: () => false, press: () => undefined } as unknown as Bmc['machine'];
      Object.assign(host.bmc.boot, { enabled: 'Once', target: 'Cd' });
      return [host.id, { lab, host, profile: PROFILES[host.profile], machine, task: null, firstRequestAt: null }];
    }),
  );
  const written = new Set<string>();
  const send: Send = async (request) => {
    const { hostname, pathname, searchParams } = new URL(request.url);
    const bmc = bmcs.get(cables.get(hostname) ?? '')!;
    refuseCertificate(request, bmc.host.bmc.fingerprint);
    if (request.method !== 'GET') written.add(hostname);
    const path = pathname.replace(/(.)\/$/, '$1');
    const { method, headers = {}, body = '' } = request;
    return plain(await respond(bmc, { method, path, query: searchParams, headers, text: String(body) }));
  };
  const shownBy = (id: string): string => bmcs.get(id)!.host.bmc.fingerprint;
  return {
    send,
    written,
    fingerprintOf: ({ machine }: Host) => shownBy(machine.id),
    pinnedOf: (address: string) => {
      const id = machines[Number(address.slice('bmc-'.length))]!.id;
      return renewed.has(id) ? 'f'.repeat(64) : shownBy(id);
    },
  };
}

function refuseCertificate({ trust }: HttpRequest, seen: string): void {
  if (trust?.kind === 'pin' && trust.fingerprint !== seen)
    throw new HttpError('tls', `certificate has SHA-256 ${seen}`);
}

function plain({ status, headers = {}, body }: Awaited<ReturnType<typeof respond>>): HttpResponse {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status,
    headers: Object.fromEntries(lower) as Record<string, string>,
    body: Buffer.from(JSON.stringify(body ?? '')),
  };
}
