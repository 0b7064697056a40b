/** The words of the cluster machine: its events, its context, and what its actions and guards mean. */
import { assign, enqueueActions, fromPromise, setup } from 'xstate';
import type { ErrorRecord } from '../src/core/errors.ts';
import type { Facts, Outcome } from '../src/core/events.ts';
import type { ClusterStageName } from '../src/stages/index.ts';
import { hostMachine } from './host.ts';
import type { HostEvent, HostInput, HostReport, Release } from './host-setup.ts';

export type ClusterOutcome = Outcome;

export type ClusterEvent = { type: 'CANCEL' } | HostReport;

export interface ClusterInput {
  name: string;
  hosts: HostInput[];
  goal: 'deploy' | 'destroy' | 'cleanup';
  /** Whether what is there is deleted first. */
  removes: boolean;
  /** Whether the installed cluster itself is asked how it is. */
  verifies: boolean;
  /** An earlier life of the run has triggered the installation. */
  triggered: boolean;
}

export interface ClusterOutput {
  outcome: ClusterOutcome;
  error: ErrorRecord | null;
  leftovers: string[];
}

export interface ClusterContext extends ClusterInput {
  checked: number;
  down: number;
  discovered: number;
  ejected: number;
  released: number;
  existing: string;
  installed: boolean;
  destroyed: boolean;
  cancelled: boolean;
  error: ErrorRecord | null;
  leftovers: string[];
}

/** What hosts report, counted. */
export type Counted = 'checked' | 'down' | 'discovered' | 'ejected' | 'released';

export interface ClusterStageInput {
  stage: ClusterStageName;
  subject: string;
}

export const BEGINNING = {
  checked: 0,
  down: 0,
  discovered: 0,
  ejected: 0,
  released: 0,
  existing: 'absent',
  installed: false,
  destroyed: false,
  cancelled: false,
  error: null,
  leftovers: [],
} satisfies Partial<ClusterContext>;

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
      for (const input of context.hosts) enqueue.spawnChild('host', { id: input.subject, input });
    }),
    tellHosts: enqueueActions(({ context, enqueue }, { event }: { event: HostEvent }) => {
      for (const { subject } of context.hosts) enqueue.sendTo(subject, event);
    }),
    releaseHosts: enqueueActions(({ context, enqueue }) => {
      for (const { subject } of context.hosts)
        enqueue.sendTo(subject, { type: 'RELEASE', release: releaseOf(context) });
    }),
    keepError: assign({
      error: ({ context }, { error }: { error: unknown }) => context.error ?? (error as ErrorRecord),
    }),
    count: assign(({ context }, { what, by }: { what: Counted; by: number }) => ({ [what]: context[what] + by })),
    keepLeftovers: assign(({ context, event }) =>
      event.type === 'host.released' ? { leftovers: [...context.leftovers, ...event.leftovers] } : {},
    ),
    keepExisting: assign(({ context }, { existing }: { existing: string }) => ({
      existing,
      triggered: context.triggered && existing === 'installing',
    })),
    // What an earlier life of this run began is this run's, though nobody was there when it ended.
    keepInstalled: assign(({ context }) => ({ existing: context.triggered ? 'installing' : 'installed', error: null })),
    cancel: assign({ cancelled: true }),
  },
  guards: {
    allChecked: ({ context }) => context.checked === context.hosts.length,
    allDown: ({ context }) => context.down === context.hosts.length,
    allDiscovered: ({ context }) => context.discovered === context.hosts.length,
    allReleased: ({ context }) => context.released === context.hosts.length,
    mayLeave: ({ context }) => context.cancelled && context.ejected === context.hosts.length,
    hasFailed: ({ context }) => context.error !== null,
    isThere: ({ context }, { existing }: { existing: string }) => !context.removes && existing === 'installed',
    isForgotten: ({ context }, { existing }: { existing: string }) => !context.removes && existing === 'forgotten',
    wasInterrupted: (_, { error }: { error: unknown }) => (error as ErrorRecord).code === 'E-INTERRUPTED',
    wasTooLate: (_, { error }: { error: unknown }) => (error as ErrorRecord).code === 'E-DEADLINE',
    isInstalling: ({ context }) => context.existing === 'installing',
    isToBeRemoved: ({ context }) => context.removes && context.existing !== 'absent',
    isToBeDestroyed: ({ context }) => context.goal === 'destroy',
    isToBeVerified: ({ context }) => context.verifies && context.existing !== 'installed',
    mayHaveLogs: ({ context }) => context.triggered && !context.installed,
  },
});

/** After the trigger only a failure that ended the installation allows to switch a host off (design §5). */
function releaseOf({ error, installed, triggered, ejected, hosts }: ClusterContext): Release {
  if (installed) return 'as-is';
  if (!triggered || ENDED.includes(error?.code ?? '')) return 'off';
  return !error && ejected === hosts.length ? 'as-is' : 'untouched';
}

export function outcomeOf({ error, existing, installed, destroyed, triggered }: ClusterContext): ClusterOutcome {
  if (error) return 'failed';
  if (destroyed) return 'destroyed';
  if (installed) return ['installed', 'forgotten'].includes(existing) ? 'unchanged' : 'installed';
  return triggered ? 'left-installing' : 'interrupted';
}
