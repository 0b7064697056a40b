/**
 * One host, from the look at its BMC to the clean machine. The cluster machine says when to begin, when the installation
 * runs and when to let go; what is done in a state is a stage, which the run puts in for `stage`.
 */
import { assign } from 'xstate';
import type { ErrorRecord } from '../src/core/errors.ts';
import type { Facts } from '../src/core/events.ts';
import type { HostStageName } from '../src/stages/index.ts';
import { type HostContext, hostSetup, type HostStageInput, MOST_LOSSES } from './host-setup.ts';

const stage = (name: HostStageName) => ({
  src: 'stage' as const,
  input: ({ context }: { context: HostContext }): HostStageInput => ({ stage: name, subject: context.subject }),
  onError: {
    target: 'failed',
    actions: {
      type: 'tellFailed' as const,
      params: ({ event }: { event: { error: unknown } }) => ({ error: event.error }),
    },
  },
});

const output = ({ event }: { event: { output: Facts } }) => event.output;

export const hostMachine = hostSetup.createMachine({
  id: 'host',
  context: ({ input }) => ({ ...input, losses: 0, release: 'as-is', leftovers: [] }),
  initial: 'working',
  on: {
    RELEASE: {
      target: '.releasing',
      actions: assign({
        release: ({ event }) => event.release,
        leftovers: ({ context, event }) =>
          event.release === 'untouched' && !context.ejected ? [mediaLeft(context.subject)] : [],
      }),
    },
  },
  states: {
    working: {
      initial: 'checking',
      states: {
        checking: { invoke: { ...stage('check-bmc'), onDone: { target: 'checked', actions: 'tellChecked' } } },
        checked: { on: { START: 'inserting', ATTACH: 'awaitingReboot', TAKE_DOWN: 'takingDown' } },
        takingDown: { invoke: { ...stage('take-down'), onDone: { target: 'checked', actions: 'tellDown' } } },
        inserting: { entry: assign({ ejected: false }), invoke: { ...stage('insert-media'), onDone: 'booting' } },
        booting: { invoke: { ...stage('boot-once'), onDone: 'discovering' } },
        discovering: {
          invoke: {
            ...stage('await-agent'),
            onDone: [
              { guard: { type: 'isMediaLost', params: output }, target: 'losing' },
              { target: 'discovered', actions: 'tellDiscovered' },
            ],
          },
        },
        discovered: {
          on: { HOLD: 'held' },
          invoke: { ...stage('keep-media'), onDone: { target: 'losing', actions: 'tellLost' } },
        },
        held: { on: { INSTALLING: 'awaitingReboot' } },
        losing: {
          entry: assign({ losses: ({ context }) => context.losses + 1 }),
          always: [
            { guard: ({ context }) => context.losses <= MOST_LOSSES, target: 'inserting' },
            { target: 'failed', actions: 'tellLossAgain' },
          ],
        },
        // Whoever inserted it, the medium is still in.
        awaitingReboot: { entry: assign({ ejected: false }), invoke: { ...stage('await-reboot'), onDone: 'ejecting' } },
        ejecting: {
          invoke: {
            ...stage('eject-media'),
            onDone: { target: 'awaitingDisk', actions: [assign({ ejected: true }), 'tellEjected'] },
            // The installation goes on without it; cleanup tries again, and what it cannot do is owed.
            onError: { target: 'awaitingDisk', actions: 'tellEjected' },
          },
        },
        awaitingDisk: {
          invoke: {
            ...stage('await-disk-boot'),
            onDone: [
              { guard: { type: 'isOnDisk', params: output }, target: 'onDisk' },
              { guard: 'mayRestart', target: 'recovering' },
              { target: 'failed', actions: 'tellLoop' },
            ],
          },
        },
        recovering: {
          entry: assign({ restarts: ({ context }) => context.restarts + 1 }),
          invoke: { ...stage('boot-disk'), onDone: 'awaitingDisk' },
        },
        onDisk: {},
        failed: {},
      },
    },
    releasing: {
      on: { RELEASE: {} },
      always: { guard: ({ context }) => context.release === 'untouched', target: 'released' },
      invoke: {
        src: 'stage',
        input: ({ context }) => ({
          stage: 'cleanup',
          subject: context.subject,
          notes: { powerOff: context.release === 'off' },
        }),
        onDone: 'released',
        onError: {
          target: 'released',
          actions: assign({
            leftovers: ({ context, event }) => [...context.leftovers, owed(context.subject, event.error)],
          }),
        },
      },
    },
    released: { type: 'final', entry: 'tellReleased' },
  },
});

function mediaLeft(subject: string): string {
  return `${subject}: the ISO is still inserted, because the host may be writing its disk`;
}

function owed(subject: string, error: unknown): string {
  const { message, todo } = error as ErrorRecord;
  return `${subject}: ${message}; see that the ISO is out, the boot override clear and the power as wanted: ${todo}`;
}
