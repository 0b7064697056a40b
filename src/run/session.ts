/** What every verb that touches machines begins with: secrets, leases, the run and its journal, the clients; and its end. */
import type { Clock } from '../core/clock.ts';
import type { SnobootError } from '../core/errors.ts';
import type { Listener, Verb } from '../core/events.ts';
import { createHttpClient, type Trust } from '../core/http.ts';
import type { Proxies } from '../core/proxy.ts';
import type { Random } from '../core/random.ts';
import type { AssistedService, Inventory } from '../inventory/types.ts';
import type { ClusterContext, RunContext } from '../stages/context.ts';
import { checkedWrites } from './checked-writes.ts';
import { assistedOf } from './clients.ts';
import { type ContextPorts, clusterContext } from './contexts.ts';
import { type Disk, realDisk } from './disk.ts';
import { tellFound } from './found.ts';
import { type Journal, openJournal } from './journal.ts';
import type { PinFolder } from './known-bmcs.ts';
import type { Leases } from './lease.ts';
import { lockMachines, type LockRequest } from './lock-machines.ts';
import { createMediaDesk } from './media-desk.ts';
import { type OpenedRun, openRun } from './open-run.ts';
import type { Protection } from './protected-hosts.ts';
import { runContextOf } from './run-context.ts';
import { resolveSecrets } from './secrets.ts';

export interface RunRequest {
  verb: Verb;
  /** With every `lab://` address put in its real place. */
  inventory: Inventory & { service: AssistedService };
  /** As it was written. */
  written: Inventory;
  /** How the service and its images are trusted. */
  trust: Trust;
  /** By which the service, its images and its sign-in are reached; never BMCs or media. */
  proxies?: Proxies;
  /** `host:port` → where it really is, for a lab that stands in for the DNS. */
  connectTo?: Record<string, string>;
  clock: Clock;
  random: Random;
  env: Record<string, string | undefined>;
  version: string;
  /** What people read as the place of the run: the service's URL, or `lab`. */
  target: string;
  listeners: Listener[];
  replace: boolean;
  lock: LockRequest;
  /** What is known of BMCs. */
  pins: PinFolder;
  vouch: RunContext['machines']['vouch'];
  protection: Protection;
  /** See RunContext; left out: nobody answers, so no. */
  mayErase?: RunContext['mayErase'];
  disk?: Disk;
}

export interface Session extends OpenedRun {
  run: RunContext;
  journal: Journal;
  leases: Leases;
  /** One context for each cluster of the inventory. */
  contexts: ClusterContext[];
  /** Ends what is still asked, lets the media server end, gives the leases back. */
  close(): Promise<void>;
}

type Policy = Pick<ContextPorts, 'goal' | 'mayBegin'> & {
  /** Nothing can be written any more. */
  onBroken(error: SnobootError): void;
  /** The stage after which clusters stop; null or left out: none. */
  stopAfter?: string | null;
};

/** Throws E-PROTECTED, E-SECRET, E-LOCKED, E-STATE, or what `openRun` throws, before anything outside is touched. */
export async function openSession(request: RunRequest, policy: Policy): Promise<Session> {
  const { inventory, clock, random, pins } = request;
  await request.protection.refuse(inventory);
  const secretOf = await resolveSecrets(inventory, request.env);
  const taken: string[] = [];
  const leases = await lockMachines(request, (text) => taken.push(text));
  try {
    const opened = openRun({ ...request, inventory: request.written, wallMs: clock.wall() });
    const { file, start, folders } = opened;
    const onBroken = (error: SnobootError): void => {
      journal.say('run', { type: 'warning', text: `${error.message}: starting nothing new` });
      policy.onBroken(error);
    };
    const journal = openJournal({ file, start, clock, disk: request.disk ?? realDisk, onBroken });
    journal.listen(opened.memory.apply);
    request.listeners.forEach(journal.listen);
    const http = createHttpClient({ connectTo: request.connectTo ?? {} });
    const serviceHttp = createHttpClient(request.proxies ? { proxies: request.proxies } : {});
    const onRecovered = (text: string): void => journal.say('run', { type: 'recovered', text });
    const { offlineToken } = inventory.service;
    const token = offlineToken && secretOf(offlineToken);
    const assistedBy = assistedOf(request, serviceHttp, token, onRecovered);
    const media = createMediaDesk({ ...inventory.media, dir: folders.runDir, clock, random, say: journal.say });
    const run = runContextOf(request, {
      ...folders,
      http,
      serviceHttp,
      assisted: assistedBy(serviceHttp),
      media,
      say: journal.say,
    });
    const over = new AbortController();
    const ports = {
      ...policy,
      secretOf,
      leases,
      pins,
      memory: opened.memory,
      replace: request.replace,
      assistedFor: (mayWrite: () => void) => assistedBy(checkedWrites(serviceHttp, mayWrite)),
      over: over.signal,
    };
    const contexts = inventory.clusters.map((spec) => clusterContext(run, spec, ports));
    announce(request, opened, journal, policy);
    for (const text of taken) journal.say('run', { type: 'recovered', text });
    if (opened.life > 1) tellFound(opened, contexts, journal);
    await media.resume();
    const close = async (): Promise<void> => {
      over.abort();
      await media.close();
      await Promise.all([http.close(), serviceHttp.close()]);
      journal.close();
      leases.release();
    };
    return { ...opened, run, journal, leases, contexts, close };
  } catch (error) {
    leases.release();
    throw error;
  }
}

function announce(
  request: RunRequest,
  { life, newSource }: OpenedRun,
  { say }: Journal,
  { stopAfter }: Pick<Policy, 'stopAfter'>,
): void {
  const { verb, inventory, target } = request;
  const clusters = inventory.clusters.map(({ name, hosts }) => ({ name, hosts: hosts.map((host) => host.name) }));
  const source = newSource ? { source: newSource } : {};
  const stop = stopAfter ? { stopAfter } : {};
  say('run', { type: 'run.started', verb, clusters, target, life, pid: process.pid, ...source, ...stop });
}
