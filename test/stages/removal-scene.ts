/** A cluster that is to be removed: a service and a BMC that hold plain values, and lives that can be killed at any effect. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assisted } from '../../src/assisted/client.ts';
import type { Cluster, Host, InfraEnv } from '../../src/assisted/types.ts';
import { createVirtualClock, type VirtualClock } from '../../src/core/clock.ts';
import { SnobootError } from '../../src/core/errors.ts';
import type { Event, Facts } from '../../src/core/events.ts';
import type { ClusterSpec, HostSpec } from '../../src/inventory/types.ts';
import type { Bmc, BootState, PowerState } from '../../src/redfish/bmc.ts';
import { cancelInstall } from '../../src/stages/cancel-install.ts';
import type { ClusterContext, HostContext, RunContext } from '../../src/stages/context.ts';
import { Deeds } from '../../src/stages/deeds.ts';
import { deleteCluster } from '../../src/stages/delete-cluster.ts';
import { MINUTE, type Stage } from '../../src/stages/stage.ts';
import { takeDown } from '../../src/stages/take-down.ts';
import { tempFolder } from '../temp-folder.ts';

export const OUR_ISO = 'http://192.0.2.1:41000/AbCdEfGh0123456-_x/boot.iso';

interface World {
  cluster: Cluster | null;
  /** The one host's record, as long as the service has it. */
  record: Host | null;
  infraEnvs: InfraEnv[];
  /** Hosts of the infra-env beside the record. */
  others: Host[];
  bmc: { power: PowerState; image: string | null; enabled: string; target: string | null };
}

/** Ends the life: before the effect takes place, or after it and before anybody wrote that down. */
export interface Kill {
  at: number;
  when: 'before' | 'after';
}

class Killed extends Error {}

export type Scene = Awaited<ReturnType<typeof removalScene>>;

export async function removalScene(parts: Partial<World> = {}) {
  const world: World = {
    cluster: { id: 'c1', name: 'c', status: 'installed', status_info: '', tags: 'mine,snoboot', hosts: [] },
    record: { id: 'h1', status: 'installed', status_info: 'Done', progress: { current_stage: 'Done' } },
    infraEnvs: [{ id: 'i1', cluster_id: 'c1' }],
    others: [],
    bmc: { power: 'On', image: OUR_ISO, enabled: 'Once', target: 'Cd' },
    ...parts,
  };
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const clustersDir = tempFolder();
  await mkdir(join(clustersDir, 'c'));
  await writeFile(join(clustersDir, 'c', 'kubeconfig'), 'a kubeconfig');
  return {
    world,
    clock,
    clustersDir,
    /** Effects that took place. */
    did: [] as string[],
    said: [] as Event[],
    lives: 0,
    /** Runs before each reading of the cluster, with the minutes since the start. */
    meanwhile: (_minutes: number): void => undefined,
    kill: undefined as Kill | undefined,
    /** What the BMC reads back of its override, whatever is written. */
    shows: undefined as BootState | undefined,
    kept: { cluster: keptOf({ clusterId: 'c1' }), host: keptOf({ hostId: 'h1' }) },
  };
}

function keptOf(facts: Facts) {
  return { facts, deeds: new Deeds() };
}

/** One effect of the outside world, and the death that may come with it. */
async function effect(scene: Scene, what: string, change: () => void): Promise<void> {
  await Promise.resolve();
  const dies = scene.kill?.at === scene.did.length;
  if (dies && scene.kill?.when === 'before') throw new Killed();
  change();
  scene.did.push(what);
  if (dies) throw new Killed();
}

const gone = () => Promise.reject(new SnobootError('E-SVC-GONE', 'record not found', ''));
const refused = (why: string) => Promise.reject(new SnobootError('E-SVC-REFUSED', why, ''));

function serviceOf(scene: Scene): Assisted {
  const { world, clock } = scene;
  const started = clock.now();
  const stamp = (): string => new Date(clock.now()).toISOString();
  const service: Partial<Assisted> = {
    getCluster: async () => {
      scene.meanwhile((clock.now() - started) / MINUTE);
      const { cluster, record, bmc } = world;
      // The agent of a live host calls once a minute.
      if (record && bmc.power === 'On')
        record.checked_in_at = new Date(Math.floor(clock.now() / MINUTE) * MINUTE).toISOString();
      return cluster ? structuredClone({ ...cluster, hosts: record ? [record] : [] }) : gone();
    },
    listInfraEnvs: (id) => Promise.resolve(world.infraEnvs.filter(({ cluster_id }) => cluster_id === id)),
    listHosts: () => Promise.resolve([...(world.record ? [world.record] : []), ...world.others]),
    cancel: () =>
      effect(scene, 'cancel', () => {
        const given = { status: 'cancelled', status_info: 'Installation was cancelled by user' };
        Object.assign(world.cluster ?? {}, given);
        Object.assign(world.record ?? {}, given, { status_updated_at: stamp() });
      }),
    deleteHost: (_infraEnv, id) =>
      effect(scene, `delete-host ${id}`, () => {
        if (world.record?.id === id) world.record = null;
        world.others = world.others.filter((one) => one.id !== id);
      }),
    deleteInfraEnv: (id) =>
      world.record || world.others.length > 0
        ? refused('hosts are still associated')
        : effect(scene, `delete-infra-env ${id}`, () => (world.infraEnvs = [])),
    deleteCluster: () => (world.cluster ? effect(scene, 'delete-cluster', () => (world.cluster = null)) : gone()),
  };
  return service as Assisted;
}

function bmcOf(scene: Scene): Bmc {
  const { bmc } = scene.world;
  const cleared = { enabled: 'Disabled', target: null };
  const calls: Partial<Bmc> = {
    readPower: () => Promise.resolve(bmc.power),
    readMedia: () => Promise.resolve({ inserted: bmc.image !== null, image: bmc.image }),
    readBoot: () => Promise.resolve(scene.shows ?? { enabled: bmc.enabled, target: bmc.target, mode: null }),
    power: (action) => effect(scene, action, () => (bmc.power = 'Off')),
    eject: () => effect(scene, 'eject', () => (bmc.image = null)),
    clearBoot: () => effect(scene, 'clear-override', () => Object.assign(bmc, cleared)),
  };
  return calls as Bmc;
}

/** Contexts of a new life: what was noted in the last one is lost. */
export function life(scene: Scene): { cluster: ClusterContext; host: HostContext } {
  scene.lives += 1;
  const run: Partial<RunContext> = {
    clock: scene.clock,
    assisted: serviceOf(scene),
    watch: { cluster: () => Promise.resolve(undefined), refresh: () => undefined },
    clustersDir: scene.clustersDir,
    runDir: scene.clustersDir,
    say: (_subject, event) => void scene.said.push(event),
  };
  const shared = { run: run as RunContext, mayWrite: () => undefined };
  const spec = { name: 'host-0', macs: [], identity: { serial: null, uuid: null } } as unknown as HostSpec;
  const cluster = {
    ...shared,
    ...scene.kept.cluster,
    notes: {},
    spec: { name: 'c', hosts: [spec] } as unknown as ClusterSpec,
    subject: 'c',
    hosts: [] as HostContext[],
  } as unknown as ClusterContext;
  const host: HostContext = {
    ...shared,
    ...scene.kept.host,
    notes: {},
    cluster,
    spec,
    subject: 'c/host-0',
    bmcHost: '192.0.2.9',
    pin: { place: '/nowhere/known', recall: () => null, keep: () => undefined },
    bmc: () => Promise.resolve(bmcOf(scene)),
  };
  cluster.hosts.push(host);
  return { cluster, host };
}

/** A stage as the runner runs it: look, act with intent and result kept, look again. */
export async function drive<C extends ClusterContext | HostContext>(stage: Stage<C>, context: C): Promise<void> {
  const clock = context.run.clock as VirtualClock;
  const { signal } = new AbortController();
  const end = clock.now() + stage.deadlineMs;
  for (;;) {
    const look = await stage.look(context, signal);
    if (look.so) return void Object.assign(context.facts, look.facts);
    if (clock.now() >= end) throw stage.expired(context, look.seen);
    const before = look.due === undefined ? undefined : context.deeds.last(stage.name, look.due);
    if (look.due === undefined || (before && clock.now() - before.at < stage.settleMs)) {
      await clock.advance(stage.pollMs);
      continue;
    }
    context.deeds.intend(stage.name, look.due, 1, clock.now());
    try {
      await stage.act?.(context, look.due, signal);
      context.deeds.settle(stage.name, look.due, clock.now());
    } catch (error) {
      if (!(error instanceof SnobootError)) throw error;
      context.deeds.settle(stage.name, look.due, clock.now(), error.code);
      const again = await stage.look(context, signal);
      if (!again.so && again.due === look.due) throw error;
    }
  }
}

/** The whole removal, continued after each kill until it ends. */
export async function removal(scene: Scene): Promise<void> {
  for (;;) {
    const { cluster, host } = life(scene);
    try {
      await drive(cancelInstall, cluster);
      await drive(takeDown, host);
      return await drive(deleteCluster, cluster);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      scene.kill = undefined;
      await scene.clock.advance(5 * MINUTE);
    }
  }
}
