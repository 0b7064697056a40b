/** The main job: every cluster of an inventory from what it is to installed, each by its own machine, side by side. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { ClusterOutput } from '../../pipelines/cluster-setup.ts';
import { createAssisted } from '../assisted/client.ts';
import { createSignIn } from '../assisted/sign-in.ts';
import { createServiceWatch } from '../assisted/watch.ts';
import type { Clock } from '../core/clock.ts';
import type { Listener } from '../core/events.ts';
import { createHttpClient, type HttpClient, type Trust } from '../core/http.ts';
import type { Random } from '../core/random.ts';
import type { AssistedService, Inventory } from '../inventory/types.ts';
import type { ClusterContext, RunContext } from '../stages/context.ts';
import { runCluster } from './actors.ts';
import { clusterContext } from './contexts.ts';
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
  const journal = createJournal(folders.runDir, headerOf(request, folders.run), clock, listeners);
  const http = createHttpClient();
  const media = createMediaDesk({ ...inventory.media, clock, random, say: journal.say });
  const run: RunContext = {
    ...clientsOf(request, http, secretOf),
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
  const contexts = inventory.clusters.map((spec) => clusterContext(run, spec, http, secretOf));
  const runStage = createStageRunner();
  const clusters = contexts.map((context) => runCluster(context, runStage));
  let signal: NodeJS.Signals | undefined;
  const ended = clusters.map(async (cluster, index) => {
    const output = await cluster.output;
    await removeIso(contexts[index]);
    const exitCode = clusterExit(output, signal);
    const { name } = inventory.clusters[index] ?? { name: '' };
    journal.say(name, { type: 'cluster.ended', ...endOf(output), exitCode, changed: changes.of(name) });
    return exitCode;
  });
  return {
    folders,
    exitCode: finish(ended, journal, [media, http, journal]),
    interrupt: (received) => {
      signal = received;
      journal.say('run', {
        type: 'interrupted',
        signal: received,
        text: 'starting nothing new; machines are left clean',
      });
      for (const cluster of clusters) cluster.cancel();
    },
    leftNow: () => contexts.flatMap(leftOf),
  };
}

function clientsOf({ inventory, clock, trust }: DeployRequest, http: HttpClient, secretOf: SecretOf) {
  const { url, offlineToken } = inventory.service;
  const token = offlineToken ? createSignIn({ offlineToken: secretOf(offlineToken), http, clock }) : undefined;
  const assisted = createAssisted({ url, http, clock, trust, ...(token ? { token } : {}) });
  return { assisted, watch: createServiceWatch(assisted, clock) };
}

function headerOf({ inventory, version }: DeployRequest, run: string) {
  const digest = (source: unknown): string => createHash('sha256').update(JSON.stringify(source)).digest('hex');
  const clusters = Object.fromEntries(inventory.clusters.map(({ name, digestSource }) => [name, digest(digestSource)]));
  return { format: 1 as const, run, version, clusters };
}

async function finish(
  ended: Promise<number>[],
  journal: Journal,
  open: { close(): Promise<void> | void }[],
): Promise<number> {
  try {
    const exitCode = runExit(await Promise.all(ended));
    journal.say('run', { type: 'run.ended', exitCode });
    return exitCode;
  } finally {
    for (const one of open) await one.close();
  }
}

function endOf({ outcome, error, leftovers }: ClusterOutput) {
  return {
    outcome,
    leftovers,
    ...(error ? { error: { code: error.code, message: error.message, todo: error.todo } } : {}),
  };
}

/** The discovery ISO holds the pull secret and is some GB long: it goes as soon as nobody reads it any more. */
async function removeIso(context: ClusterContext | undefined): Promise<void> {
  const path = context?.facts['isoPath'];
  if (typeof path === 'string') await rm(path, { force: true });
}

function leftOf({ hosts }: ClusterContext): string[] {
  return hosts.flatMap(({ subject, bmcHost, done, facts }) => {
    if (!done.media || facts['clean'] === true) return [];
    return [`${subject}: the ISO may be inserted and the boot override set (BMC ${bmcHost})`];
  });
}
