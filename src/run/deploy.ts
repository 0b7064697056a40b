/** The main job: every cluster of an inventory from what it is to installed, each by its own machine, side by side. */
import { createHash } from 'node:crypto';
import { createAssisted } from '../assisted/client.ts';
import { createSignIn } from '../assisted/sign-in.ts';
import { createServiceWatch } from '../assisted/watch.ts';
import type { Clock } from '../core/clock.ts';
import type { SnobootError } from '../core/errors.ts';
import type { Listener } from '../core/events.ts';
import { createHttpClient, type HttpClient, type Trust } from '../core/http.ts';
import type { Random } from '../core/random.ts';
import type { AssistedService, Inventory } from '../inventory/types.ts';
import type { RunContext } from '../stages/context.ts';
import { type ClusterRun, runCluster } from './actors.ts';
import { clusterContext } from './contexts.ts';
import { endedBy, endOf, leftOf, removeIso } from './ends.ts';
import { createFolders, type RunFolders } from './folders.ts';
import { createJournal, type Journal } from './journal.ts';
import { createMediaDesk } from './media-desk.ts';
import { clusterExit, createChangeCount, runExit } from './outcome.ts';
import { resolveSecrets, type SecretOf } from './secrets.ts';
import { createStageRunner } from './stage-runner.ts';

export interface DeployRequest {
  /** With every `lab://` address put in its real place. */
  inventory: Inventory & { service: AssistedService };
  /** How the service and its images are trusted. */
  trust: Trust;
  clock: Clock;
  random: Random;
  env: Record<string, string | undefined>;
  version: string;
  /** What people read as the place of the run: the service's URL, or `lab`. */
  target: string;
  listeners: Listener[];
}

export interface Deployment {
  folders: RunFolders;
  /** The run's exit code, when every cluster has ended and nothing of the run listens any more. */
  exitCode: Promise<number>;
  /** Starts nothing new, and leaves each machine as it is owed (design §5, Interrupt). */
  interrupt(signal: NodeJS.Signals): void;
  /** What would be left behind if the process ended now, one line each. */
  leftNow(): string[];
}

/** Resolves the secrets, opens the journal and starts. Throws E-SECRET or E-STATE before anything is contacted. */
export async function deploy(request: DeployRequest): Promise<Deployment> {
  const { inventory, clock, random } = request;
  const secretOf = await resolveSecrets(inventory, request.env);
  const folders = createFolders(inventory.dir, clock.wall(), random);
  const changes = createChangeCount();
  const listeners = [changes.listener, ...request.listeners];
  const stopped: { by?: SnobootError; signal?: NodeJS.Signals } = {};
  const clusters: ClusterRun[] = [];
  const cancelAll = (): void => clusters.forEach((cluster) => cluster.cancel());
  const journal = createJournal(folders.runDir, headerOf(request, folders.run), clock, listeners, (error) => {
    stopped.by = error;
    journal.say('run', { type: 'warning', text: `${error.message}: starting nothing new` });
    cancelAll();
  });
  const http = createHttpClient();
  const over = new AbortController();
  const media = createMediaDesk({ ...inventory.media, clock, random, say: journal.say });
  const run: RunContext = {
    ...clientsOf(request, http, secretOf, journal),
    ...folders,
    clock,
    http,
    trust: request.trust,
    media,
    say: journal.say,
  };
  journal.say('run', {
    type: 'run.started',
    clusters: inventory.clusters.map(({ name, hosts }) => ({ name, hosts: hosts.map((host) => host.name) })),
    target: request.target,
  });
  if (stopped.by) throw stopped.by;
  const contexts = inventory.clusters.map((spec) => clusterContext(run, spec, secretOf, over.signal));
  const runStage = createStageRunner();
  const ended = contexts.map(async (context) => {
    const { subject } = context;
    const cluster = runCluster(context, runStage);
    clusters.push(cluster);
    if (stopped.by) cluster.cancel();
    const end = await cluster.output;
    const output = endedBy(end, await removeIso(context), stopped.by);
    const exitCode = clusterExit(output, stopped.signal);
    journal.say(subject, { type: 'cluster.ended', ...endOf(output), exitCode, changed: changes.of(subject) });
    return exitCode;
  });
  return {
    folders,
    exitCode: finish(ended, journal, [{ close: () => over.abort() }, media, http, journal]),
    interrupt: (received) => {
      stopped.signal = received;
      journal.say('run', {
        type: 'interrupted',
        signal: received,
        text: `${received}: starting nothing new; machines are left clean, a host that is being installed keeps its ISO until it reboots`,
      });
      cancelAll();
    },
    leftNow: () => contexts.flatMap(leftOf),
  };
}

function clientsOf({ inventory, clock, trust }: DeployRequest, http: HttpClient, secretOf: SecretOf, { say }: Journal) {
  const { url, offlineToken } = inventory.service;
  const token = offlineToken ? createSignIn({ offlineToken: secretOf(offlineToken), http, clock }) : undefined;
  const onRecovered = (text: string): void => say('run', { type: 'recovered', text });
  const assisted = createAssisted({ url, http, clock, trust, onRecovered, ...(token ? { token } : {}) });
  return { assisted, watch: createServiceWatch(assisted, clock) };
}

function headerOf({ inventory, version }: DeployRequest, run: string) {
  const digest = (source: unknown): string => createHash('sha256').update(JSON.stringify(source)).digest('hex');
  const clusters = Object.fromEntries(inventory.clusters.map(({ name, digestSource }) => [name, digest(digestSource)]));
  return { format: 1 as const, run, version, clusters };
}

/** Waits for every cluster, even when another one ended by a defect of snoboot: its machines are still at work. */
async function finish(
  ended: Promise<number>[],
  journal: Journal,
  open: { close(): Promise<void> | void }[],
): Promise<number> {
  await Promise.allSettled(ended);
  try {
    const exitCode = runExit(await Promise.all(ended));
    journal.say('run', { type: 'run.ended', exitCode });
    return exitCode;
  } finally {
    for (const one of open) await one.close();
  }
}
