/** The words of the host machine: its events, its context, and what it tells its cluster. */
import { fromPromise, sendParent, setup } from 'xstate';
import type { ErrorRecord } from '../src/core/errors.ts';
import type { Facts } from '../src/core/events.ts';
import type { HostStageName } from '../src/stages/index.ts';

/** How the machine is left: switched off; with its power as it is; or untouched, because it may still be writing its disk. */
export type Release = 'off' | 'as-is' | 'untouched';

export type HostEvent =
  | { type: 'START' }
  /** The installation is running; `ATTACH` when somebody else began it. */
  | { type: 'INSTALLING' }
  | { type: 'ATTACH' }
  | { type: 'RELEASE'; release: Release };

/** What a host tells its cluster. */
export type HostReport =
  | { type: 'host.checked' }
  | { type: 'host.discovered' }
  | { type: 'host.ejected' }
  | { type: 'host.failed'; error: ErrorRecord }
  | { type: 'host.released'; leftovers: string[] };

export interface HostInput {
  subject: string;
}

export interface HostContext extends HostInput {
  /** How often the host was sent back to its disk. */
  restarts: number;
  /** The medium is out since `Rebooting`. */
  ejected: boolean;
  release: Release;
  leftovers: string[];
}

export interface HostStageInput {
  stage: HostStageName;
  subject: string;
  facts?: Facts;
}

export const MOST_RESTARTS = 2;

export const hostSetup = setup({
  types: {} as { context: HostContext; input: HostInput; events: HostEvent },
  actors: { stage: fromPromise<Facts, HostStageInput>(() => Promise.reject(new Error('no stages were provided'))) },
  actions: {
    tellChecked: sendParent({ type: 'host.checked' }),
    tellDiscovered: sendParent({ type: 'host.discovered' }),
    tellEjected: sendParent({ type: 'host.ejected' }),
    tellFailed: sendParent((_, { error }: { error: unknown }) => ({
      type: 'host.failed',
      error: error as ErrorRecord,
    })),
    tellLoop: sendParent(({ context }) => ({ type: 'host.failed', error: bootLoop(context.subject) })),
    tellReleased: sendParent(({ context }) => ({ type: 'host.released', leftovers: context.leftovers })),
  },
});

function bootLoop(subject: string): ErrorRecord {
  return {
    code: 'E-BOOT-LOOP',
    message: `${subject} booted the ISO again after ${MOST_RESTARTS} restarts into its disk`,
    todo: 'put the installation disk first in the boot order of the BIOS, then deploy again',
  };
}
