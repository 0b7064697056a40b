/** The words of the cluster machine: its events, its context, and what its actions and guards mean. */
import { assign, enqueueActions, fromPromise, setup } from 'xstate';
import type { ErrorRecord } from '../src/core/errors.ts';
import type { Facts } from '../src/core/events.ts';
import type { ClusterStageName } from '../src/stages/index.ts';
import { hostMachine } from './host.ts';
import type { HostEvent, HostReport, Release } from './host-setup.ts';

export type ClusterOutcome = 'installed' | 'unchanged' | 'failed' | 'interrupted' | 'left-installing';

export type ClusterEvent = { type: 'CANCEL' } | HostReport;

export interface ClusterInput {
  name: string;
  /** Subjects of the hosts, `cluster/host`. */
  hosts: string[];
}

export interface ClusterOutput {
  outcome: ClusterOutcome;
  error: ErrorRecord | null;
  leftovers: string[];
}

export interface ClusterContext extends ClusterInput {
  checked: number;
  discovered: number;
  ejected: number;
  released: number;
  existing: string;
  triggered: boolean;
  installed: boolean;
  cancelled: boolean;
  error: ErrorRecord | null;
  leftovers: string[];
}

export interface ClusterStageInput {
  stage: ClusterStageName;
  subject: string;
}

/** Failures after the trigger at which no installation runs any more, so that a host may be switched off; cleanup sees to it that it does not write. */
const ENDED = ['E-INSTALL', 'E-BOOT-LOOP', 'E-PREPARE'];

export const clusterSetup = setup({
  types: {} as {
    context: ClusterContext;
    input: ClusterInput;
    events: ClusterEvent;
    output: ClusterOutput;
    children: Record<string, 'host'>;
  },
  actors: {
    stage: fromPromise<Facts, ClusterStageInput>(() => Promise.reject(new Error('no stages were provided'))),
    host: hostMachine,
  },
  actions: {
    spawnHosts: enqueueActions(({ context, enqueue }) => {
      for (const subject of context.hosts) enqueue.spawnChild('host', { id: subject, input: { subject } });
    }),
    tellHosts: enqueueActions(({ context, enqueue }, { event }: { event: HostEvent }) => {
      for (const subject of context.hosts) enqueue.sendTo(subject, event);
    }),
    releaseHosts: enqueueActions(({ context, enqueue }) => {
      for (const subject of context.hosts) enqueue.sendTo(subject, { type: 'RELEASE', release: releaseOf(context) });
    }),
    keepError: assign({
      error: ({ context }, { error }: { error: unknown }) => context.error ?? (error as ErrorRecord),
    }),
    keepExisting: assign({ existing: (_, { existing }: { existing: string }) => existing }),
    cancel: assign({ cancelled: true }),
  },
  guards: {
    allChecked: ({ context }) => context.checked === context.hosts.length,
    allDiscovered: ({ context }) => context.discovered === context.hosts.length,
    allReleased: ({ context }) => context.released === context.hosts.length,
    mayLeave: ({ context }) => context.cancelled && context.ejected === context.hosts.length,
    hasFailed: ({ context }) => context.error !== null,
    found: (_, { existing }: { existing: string }) => existing === 'installed',
    wasInterrupted: (_, { error }: { error: unknown }) => (error as ErrorRecord).code === 'E-INTERRUPTED',
    isInstalling: ({ context }) => context.existing === 'installing',
    mayHaveLogs: ({ context }) => context.triggered && !context.installed,
  },
});

/** After the trigger only a failure that ended the installation allows to switch a host off (design §5). */
function releaseOf({ error, installed, triggered }: ClusterContext): Release {
  if (installed || (triggered && !error)) return 'as-is';
  return !triggered || ENDED.includes(error?.code ?? '') ? 'off' : 'untouched';
}
