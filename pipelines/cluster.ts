/**
 * One cluster, from the first look to the clean machines: the order of things. It owns what its hosts share, spawns a
 * machine for each host, and waits for all of them where one must not run ahead. It does no I/O.
 */
import { and, assign } from 'xstate';
import { BEGINNING, clusterSetup, outcomeOf } from './cluster-setup.ts';
import { count, existing, hostError, lost, stage, stageError, tell } from './cluster-words.ts';

export const clusterMachine = clusterSetup.createMachine({
  id: 'cluster',
  context: ({ input }) => ({ ...input, ...BEGINNING }),
  entry: 'spawnHosts',
  initial: 'checking',
  on: {
    CANCEL: { target: '.releasing', actions: 'cancel' },
    'host.checked': { actions: count('checked') },
    'host.down': { actions: count('down') },
    'host.discovered': { actions: count('discovered') },
    'host.lost': { actions: count('discovered', -1) },
    'host.ejected': { actions: count('ejected') },
    'host.failed': { target: '.failing', actions: hostError },
  },
  states: {
    checking: {
      on: { 'host.failed': { actions: hostError } },
      invoke: {
        ...stage('check-service'),
        onDone: [
          {
            guard: { type: 'isThere', params: existing },
            target: 'saving',
            actions: 'keepInstalled',
          },
          {
            guard: { type: 'isForgotten', params: existing },
            target: 'releasing',
            actions: assign({ existing: 'forgotten', installed: true, error: null }),
          },
          { target: 'gathering', actions: { type: 'keepExisting', params: existing } },
        ],
      },
    },
    gathering: {
      always: [
        { guard: 'hasFailed', target: 'failing' },
        { guard: and(['allChecked', 'isToBeRemoved']), target: 'cancelling' },
        { guard: and(['allChecked', 'isToBeDestroyed']), target: 'destroyed' },
        { guard: and(['allChecked', 'isInstalling']), target: 'watching', actions: tell('ATTACH') },
        { guard: 'allChecked', target: 'creating' },
      ],
    },
    cancelling: { invoke: { ...stage('cancel-install'), onDone: 'takingDown' } },
    takingDown: { entry: tell('TAKE_DOWN'), always: { guard: 'allDown', target: 'deleting' } },
    deleting: {
      invoke: {
        ...stage('delete-cluster'),
        onDone: [
          { guard: 'isToBeDestroyed', target: 'destroyed' },
          { target: 'creating', actions: { type: 'keepExisting', params: { existing: 'absent' } } },
        ],
      },
    },
    destroyed: { entry: assign({ destroyed: true }), always: 'releasing' },
    creating: { invoke: { ...stage('create-cluster'), onDone: 'uploading' } },
    uploading: { invoke: { ...stage('upload-manifests'), onDone: 'describing' } },
    describing: { invoke: { ...stage('create-infra-env'), onDone: 'downloading' } },
    downloading: { invoke: { ...stage('download-iso'), onDone: 'proving' } },
    proving: { invoke: { ...stage('prove-iso'), onDone: 'discovering' } },
    discovering: { entry: tell('START'), always: { guard: 'allDiscovered', target: 'assigning' } },
    assigning: {
      on: { 'host.lost': lost },
      invoke: { ...stage('assign-hosts'), onDone: 'readying' },
    },
    readying: {
      on: { 'host.lost': lost },
      invoke: { ...stage('await-ready'), onDone: 'triggering' },
    },
    triggering: {
      entry: [assign({ triggered: true }), tell('HOLD')],
      on: { CANCEL: { actions: 'cancel' } },
      invoke: {
        ...stage('install'),
        onError: [
          {
            guard: { type: 'wasInterrupted', params: stageError },
            target: 'releasing',
            actions: assign({ triggered: false }),
          },
          {
            guard: { type: 'wasTooLate', params: stageError },
            target: 'releasing',
            actions: [assign({ triggered: false }), { type: 'keepError', params: stageError }],
          },
          stage('install').onError,
        ],
        onDone: { target: 'watching', actions: tell('INSTALLING') },
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
      invoke: {
        ...stage('save-credentials'),
        onDone: [{ guard: 'isToBeVerified', target: 'verifying' }, { target: 'releasing' }],
      },
    },
    verifying: {
      on: { 'host.failed': {} },
      invoke: { ...stage('verify-cluster'), onDone: 'releasing' },
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
          actions: [count('released'), 'keepLeftovers'],
        },
      },
      always: { guard: 'allReleased', target: 'ended' },
    },
    ended: { type: 'final' },
  },
  output: ({ context }) => ({ outcome: outcomeOf(context), error: context.error, leftovers: context.leftovers }),
});
