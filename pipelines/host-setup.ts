/** The words of the host machine: its events, its context, and what it tells its cluster. */
import { fromPromise, sendParent, setup } from 'xstate';
import type { ErrorRecord } from '../src/core/errors.ts';
import type { Facts } from '../src/core/events.ts';
import type { HostStageName } from '../src/stages/index.ts';

/** How the machine is left: switched off; with its power as it is; or untouched, because it may still be writing its disk. */
export type Release = 'off' | 'as-is' | 'untouched';

export type HostEvent =
  | { type: 'START' }
  /** What was installed is to be deleted: off, and nothing in the slot. */
  | { type: 'TAKE_DOWN' }
  /** The trigger is about to be pulled: from now on the host is not booted once more. */
  | { type: 'HOLD' }
  /** The installation is running; `ATTACH` when somebody else began it. */
  | { type: 'INSTALLING' }
  | { type: 'ATTACH' }
  | { type: 'RELEASE'; release: Release };

/** What a host tells its cluster. */
export type HostReport =
  | { type: 'host.checked' }
  | { type: 'host.down' }
  | { type: 'host.discovered' }
  /** It was discovered, but its BMC lost the medium: it has to boot once more. */
  | { type: 'host.lost' }
  | { type: 'host.ejected' }
  | { type: 'host.failed'; error: ErrorRecord }
  | { type: 'host.released'; leftovers: string[] };

export interface HostInput {
  subject: string;
  /** How often the host was sent back to its disk already, by an earlier life of the run. */
  restarts: number;
  /** No medium of ours is in its slot, as far as the run knows. */
  ejected: boolean;
}

export interface HostContext extends HostInput {
  /** How often the medium was lost while the host lived on it. */
  losses: number;
  release: Release;
  leftovers: string[];
}

export interface HostStageInput {
  stage: HostStageName;
  subject: string;
  /** Put into the host's notes before the stage begins. */
  notes?: Facts;
}

export const MOST_RESTARTS = 2;
export const MOST_LOSSES = 1;

export const hostSetup = setup({
  types: {} as { context: HostContext; input: HostInput; events: HostEvent },
  actors: { stage: fromPromise<Facts, HostStageInput>(() => Promise.reject(new Error('no stages were provided'))) },
  actions: {
    tellChecked: sendParent({ type: 'host.checked' }),
    tellDown: sendParent({ type: 'host.down' }),
    tellLost: sendParent({ type: 'host.lost' }),
    tellDiscovered: sendParent({ type: 'host.discovered' }),
    tellEjected: sendParent({ type: 'host.ejected' }),
    tellFailed: sendParent((_, { error }: { error: unknown }) => ({
      type: 'host.failed',
      error: error as ErrorRecord,
    })),
    tellLoop: sendParent(({ context }) => ({ type: 'host.failed', error: bootLoop(context.subject) })),
    tellLossAgain: sendParent(({ context }) => ({ type: 'host.failed', error: lostAgain(context.subject) })),
    tellReleased: sendParent(({ context }) => ({ type: 'host.released', leftovers: context.leftovers })),
  },
  guards: {
    isMediaLost: (_, facts: Facts) => facts['mediaLost'] === true,
    isOnDisk: (_, facts: Facts) => facts['bootedIso'] !== true,
    mayRestart: ({ context }) => context.restarts < MOST_RESTARTS,
  },
});

function bootLoop(subject: string): ErrorRecord {
  return {
    code: 'E-BOOT-LOOP',
    message: `${subject} booted the ISO again after ${MOST_RESTARTS} restarts into its disk`,
    todo: 'put the installation disk first in the boot order of the BIOS, then deploy again',
  };
}

function lostAgain(subject: string): ErrorRecord {
  return {
    code: 'E-MEDIA-INSERT',
    message: `the BMC of ${subject} lost the ISO again while the host lived on it`,
    todo: 'find out what resets the BMC, then deploy again',
  };
}
