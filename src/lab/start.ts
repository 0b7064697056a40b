/** Brings a lab up in this process: world, service, one BMC and one machine for each host. */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createHttpClient, type HttpClient } from '../core/http.ts';
import { systemRandom } from '../core/random.ts';
import { appendTo } from './append.ts';
import { journalFull } from './arm.ts';
import { createBmc } from './bmc/server.ts';
import { createLabClock } from './clock.ts';
import { createClusterApi } from './cluster/server.ts';
import type { HistoryEntry, Lab } from './context.ts';
import { type ArmedFaults, createFaults } from './faults.ts';
import { createMachine } from './host/machine.ts';
import { listen, type Listening } from './listen.ts';
import { takeFolder } from './lock.ts';
import { momentOf, momentsOf } from './moments.ts';
import { onDisk } from './on-disk.ts';
import { withOwnCalls } from './own-calls.ts';
import { populate } from './populate.ts';
import { releasesWith } from './service/catalogue.ts';
import { createService } from './service/serve.ts';
import type { LabSpec } from './spec.ts';
import { readWorld, saveWorld } from './world-file.ts';
import type { LabHost, World } from './world.ts';

export interface RunningLab {
  up: LabUp;
  /** Closes every server and saves the world. */
  stop(): Promise<void>;
}

/** What a program needs to talk to the lab. */
export interface LabUp {
  service: { url: string };
  bmcs: LabBmc[];
  /** `api.<cluster>.<baseDomain>:6443` → `127.0.0.1:<port>`, as DNS and load balancer would have it. */
  connectTo: Record<string, string>;
  /** When snoboot's own disk is to be full for its journal, as an armed fault's time is written; null: never. */
  journalFull: string | null;
}

export interface LabBmc {
  /** `cluster/host`. */
  host: string;
  url: string;
  username: string;
  password: string;
  /** SHA-256 of the certificate's DER form, hex in lower case. */
  fingerprint: string;
}

/**
 * Starts the lab whose folder is `dir` (made if it is missing), going on from the world in it.
 * SnobootError E-LAB-BUSY when another one runs on it, E-INVENTORY for an unknown fault, E-STATE for a world that cannot be read.
 */
export async function startLab(spec: LabSpec, dir: string): Promise<RunningLab> {
  const release = onDisk(dir, () => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return takeFolder(dir);
  });
  const shutdown: (() => unknown)[] = [release];
  const stop = async (): Promise<void> => {
    for (const end of shutdown.splice(0).reverse()) await end();
  };
  try {
    return { up: await bringUp(spec, dir, shutdown), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `shutdown` gets what must be ended, in the order in which it was begun. */
async function bringUp(spec: LabSpec, dir: string, shutdown: (() => unknown)[]): Promise<LabUp> {
  const former = onDisk(dir, () => readWorld(dir));
  const clock = createLabClock(spec.timeFactor, former?.now);
  const world = populate(former, spec, clock.now(), systemRandom);
  const down = new AbortController();
  const http = createHttpClient();
  const lab = createLab(spec, dir, world, { clock, http, signal: down.signal }, shutdown);
  shutdown.push(() => http.close());
  const service = createService(lab);
  const { port, close } = await listen(createServer(withOwnCalls(clock, lab.faults, service.handle)));
  shutdown.push(close);
  const url = `http://127.0.0.1:${port}`;
  service.setBaseUrl(url);
  moveDisks(world, url);
  const bmcs = await Promise.all(Object.values(world.hosts).map((host) => bringUpHost(lab, host, dir, shutdown)));
  const api = await listen(createClusterApi(lab));
  shutdown.push(api.close);
  losePower(lab, former);
  void service.run();
  shutdown.push(() => down.abort(new Error('the lab goes down')));
  lab.changed();
  const connectTo = Object.fromEntries(spec.apiNames.map((name) => [`${name}:6443`, `127.0.0.1:${api.port}`]));
  return { service: { url }, bmcs, connectTo, journalFull: journalFull(spec.faults) };
}

function createLab(
  spec: LabSpec,
  dir: string,
  world: World,
  { clock, http, signal }: Pick<Lab, 'clock' | 'signal'> & { http: HttpClient },
  shutdown: (() => unknown)[],
): Lab & { faults: ArmedFaults } {
  const history = appendTo(join(dir, 'history.jsonl'));
  const saver = saveWorld(dir, world, clock, signal);
  shutdown.push(() => history.close(), saver.flush);
  const record = (entry: HistoryEntry): void => {
    history.line(JSON.stringify({ at: new Date(clock.now()).toISOString(), ...entry }));
    const moment = momentOf(entry, world);
    if (moment) faults.entered(moment);
  };
  const faults = createFaults({
    hostIds: Object.keys(world.hosts),
    now: () => clock.now(),
    later: (ms, work) => void clock.sleep(ms, signal).then(work, () => undefined),
    stages: () => momentsOf(world),
    tell: (name, to, ended) => record({ kind: 'fault', to, name, ...(ended === undefined ? {} : { ended }) }),
  });
  faults.arm(spec.faults);
  const ports = { clock, random: systemRandom, send: http.send, signal };
  const releases = releasesWith(spec.versions ?? []);
  return { ...ports, releases, world, faults, nodes: new Map(), record, changed: saver.changed };
}

async function bringUpHost(lab: Lab, host: LabHost, dir: string, shutdown: (() => unknown)[]): Promise<LabBmc> {
  const file = appendTo(join(dir, 'hosts', host.id.replaceAll(/[^\w.-]/g, '_'), 'agent.log'));
  shutdown.push(() => file.close());
  const log = (text: string): void => file.line(`${new Date(lab.clock.now()).toISOString()} ${text}`);
  const { port, close }: Listening = await listen(createBmc(lab, host, createMachine(lab, host, log)));
  shutdown.push(close);
  const { username, password, fingerprint } = host.bmc;
  return { host: host.id, url: `https://127.0.0.1:${port}`, username, password, fingerprint };
}

/** The service has another port in each run; a node that is installed finds it again, as by a name. */
function moveDisks(world: World, url: string): void {
  for (const { content } of Object.values(world.hosts).flatMap(({ disks }) => disks))
    if (content.kind === 'installed' && content.serviceUrl === world.serviceUrl) content.serviceUrl = url;
  world.serviceUrl = url;
}

/** A host that was on when the former lab went down has lost its power; the history says so. */
function losePower(lab: Lab, former: World | null): void {
  for (const { id, power } of Object.values(former?.hosts ?? {}))
    if (power === 'On' && lab.world.hosts[id])
      lab.record({ kind: 'power', to: id, from: 'On', state: 'Off', by: 'lab' });
}
