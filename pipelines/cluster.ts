/**
 * One cluster, from the first look to the clean machines: the order of things. It owns what its hosts share, spawns a
 * machine for each host, and waits for all of them where one must not run ahead. It does no I/O.
 */
import { and, assign } from 'xstate';
import type { ErrorRecord } from '../src/core/errors.ts';
import type { Facts } from '../src/core/events.ts';
import type { ClusterStageName } from '../src/stages/index.ts';
import { type ClusterContext, type ClusterOutcome, clusterSetup, type ClusterStageInput } from './cluster-setup.ts';

const stageError = ({ event }: { event: { error: unknown } }) => ({ error: event.error });

const stage = (name: ClusterStageName) => ({
  src: 'stage' as const,
  input: ({ context }: { context: ClusterContext }): ClusterStageInput => ({ stage: name, subject: context.name }),
  onError: { target: 'failing', actions: { type: 'keepError' as const, params: stageError } },
});

const existing = ({ event }: { event: { output: Facts } }) => ({ existing: String(event.output['existing']) });

const hostError = {
  type: 'keepError' as const,
  params: ({ event }: { event: { error: ErrorRecord } }) => ({ error: event.error }),
};

export const clusterMachine = clusterSetup.createMachine({
  id: 'cluster',
  context: ({ input }) => ({
    ...input,
    checked: 0,
    discovered: 0,
    ejected: 0,
    released: 0,
    existing: 'absent',
    triggered: false,
    installed: false,
    cancelled: false,
    error: null,
    leftovers: [],
  }),
  entry: 'spawnHosts',
  initial: 'checking',
  on: {
    CANCEL: { target: '.releasing', actions: 'cancel' },
    'host.checked': { actions: assign({ checked: ({ context }) => context.checked + 1 }) },
    'host.discovered': { actions: assign({ discovered: ({ context }) => context.discovered + 1 }) },
    'host.ejected': { actions: assign({ ejected: ({ context }) => context.ejected + 1 }) },
    'host.failed': { target: '.failing', actions: hostError },
  },
  states: {
    checking: {
      on: { 'host.failed': { actions: hostError } },
      invoke: {
        ...stage('check-service'),
        onDone: [
          {
            guard: { type: 'found', params: existing },
            target: 'saving',
            actions: assign({ existing: 'installed', error: null }),
          },
          { target: 'gathering', actions: { type: 'keepExisting', params: existing } },
        ],
      },
    },
    gathering: {
      always: [
        { guard: 'hasFailed', target: 'failing' },
        {
          guard: and(['allChecked', 'isInstalling']),
          target: 'watching',
          actions: { type: 'tellHosts', params: { event: { type: 'ATTACH' } } },
        },
        { guard: 'allChecked', target: 'creating' },
      ],
    },
    creating: { invoke: { ...stage('create-cluster'), onDone: 'uploading' } },
    uploading: { invoke: { ...stage('upload-manifests'), onDone: 'describing' } },
    describing: { invoke: { ...stage('create-infra-env'), onDone: 'downloading' } },
    downloading: { invoke: { ...stage('download-iso'), onDone: 'discovering' } },
    discovering: {
      entry: { type: 'tellHosts', params: { event: { type: 'START' } } },
      always: { guard: 'allDiscovered', target: 'assigning' },
    },
    assigning: { invoke: { ...stage('assign-hosts'), onDone: 'readying' } },
    readying: { invoke: { ...stage('await-ready'), onDone: 'triggering' } },
    triggering: {
      entry: assign({ triggered: true }),
      on: { CANCEL: { actions: 'cancel' } },
      invoke: {
        ...stage('install'),
        onError: [
          {
            guard: { type: 'wasInterrupted', params: stageError },
            target: 'releasing',
            actions: assign({ triggered: false }),
          },
          stage('install').onError,
        ],
        onDone: { target: 'watching', actions: { type: 'tellHosts', params: { event: { type: 'INSTALLING' } } } },
      },
    },
    watching: {
      entry: assign({ triggered: true }),
      on: { CANCEL: { actions: 'cancel' } },
      always: { guard: 'mayLeave', target: 'releasing' },
      invoke: { ...stage('await-installed'), onDone: 'saving' },
    },
    saving: {
      entry: assign({ installed: true }),
      on: { CANCEL: {}, 'host.failed': {} },
      invoke: { ...stage('save-credentials'), onDone: 'releasing' },
    },
    failing: { always: [{ guard: 'mayHaveLogs', target: 'collecting' }, { target: 'releasing' }] },
    collecting: {
      on: { CANCEL: {}, 'host.failed': {} },
      invoke: { ...stage('collect-logs'), onDone: 'releasing', onError: 'releasing' },
    },
    releasing: {
      entry: 'releaseHosts',
      on: {
        CANCEL: {},
        'host.failed': {},
        'host.released': {
          actions: assign({
            released: ({ context }) => context.released + 1,
            leftovers: ({ context, event }) => [...context.leftovers, ...event.leftovers],
          }),
        },
      },
      always: { guard: 'allReleased', target: 'ended' },
    },
    ended: { type: 'final' },
  },
  output: ({ context }) => ({ outcome: outcomeOf(context), error: context.error, leftovers: context.leftovers }),
});

function outcomeOf({ error, existing, installed, triggered }: ClusterContext): ClusterOutcome {
  if (error) return 'failed';
  if (installed) return existing === 'installed' ? 'unchanged' : 'installed';
  return triggered ? 'left-installing' : 'interrupted';
}
