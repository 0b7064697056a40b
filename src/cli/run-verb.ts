/** A verb that works on machines, from its options to its exit code: inventory, target, run, view, recap, signals. */
import { join, relative } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import { systemRandom } from '../core/random.ts';
import type { Inventory } from '../inventory/types.ts';
import type { Deployment } from '../run/deploy.ts';
import { inventoryName } from '../run/folders.ts';
import type { LockRequest } from '../run/lock-machines.ts';
import type { RunRequest } from '../run/session.ts';
import { openStateHome, stateHome } from '../run/state-home.ts';
import { usualTimes } from '../run/usual.ts';
import { createBoard } from '../view/board.ts';
import { recap } from '../view/recap.ts';
import { ask } from './ask.ts';
import { confirm, type Planning, refuseUnattended } from './confirm.ts';
import { eraseQuestion } from './erase-question.ts';
import { identityPorts } from './identity-ports.ts';
import { commandOf, type CommonOptions } from './options.ts';
import { readForMachines } from './read-inventory.ts';
import { catchInterrupts, type Interrupts } from './signals.ts';
import { openTarget, type Target } from './target.ts';
import { openView, resolved } from './view.ts';
import { durationMs } from './when.ts';

export interface VerbWork {
  options: CommonOptions;
  /** What a person reads who did not say --yes: `deploy erases`. */
  does: string;
  /** What is planned and shown to a person before; left out: nothing is, and yes or no is asked. */
  plans?: Planning;
  /** What was typed, as far as it decides what is done. */
  command: string;
  /** The same without --replace, which not every cluster needs a second time; left out: there is none in it. */
  again?: string;
  /** The same for what failed, which stands in a file. */
  retry?(file: string): string;
  /** Whether clusters that are there are deleted first; left out: no. */
  replaces?: boolean;
  /** Machines may be taken from a living process, if a person says so. */
  takesLeases?: boolean;
  start(request: Started): Promise<Deployment>;
}

export interface Started extends Omit<RunRequest, 'verb' | 'replace' | 'version'> {
  /** The clusters that may be begun as they were shown; null: all. */
  confirmed: ReadonlySet<string> | null;
}

type Confirmed = VerbWork & Pick<Started, 'confirmed'>;

export async function runVerb(file: string, asked: VerbWork): Promise<number> {
  const progress = resolved(asked.options.progress, process.stderr);
  const work = { ...asked, options: { ...asked.options, progress } };
  const { yes = false, fault: faults = [], stateDir, lockWait } = work.options;
  const waitMs = durationMs('--lock-wait', lockWait);
  const interrupts = catchInterrupts();
  try {
    const inventory = await readForMachines(file, work.options);
    const stateFolder = openStateHome(stateHome(process.env, stateDir ?? null));
    refuseUnattended(inventory, work.does, yes);
    const target = await openTarget(inventory, { faults });
    try {
      const confirmed = await confirm(target, stateFolder, work, interrupts.signal);
      const code = interrupts.exitCode();
      const lock = { ...lockOf(work, interrupts), stateDir: stateFolder, waitMs };
      return code === undefined
        ? await run(target, { ...work, confirmed }, lock, interrupts)
        : notBegun(code, work.command);
    } finally {
      await target.stop();
    }
  } catch (error) {
    const code = interrupts.exitCode();
    if (code === undefined || !isOfTheInterrupt(error)) throw error;
    return notBegun(code, work.command);
  } finally {
    interrupts.release();
  }
}

function notBegun(exitCode: number, command: string): number {
  process.stderr.write(
    `E-INTERRUPTED: interrupted before the run began: nothing was touched\n  what to do: snoboot ${command}\n`,
  );
  return exitCode;
}

/** What a terminal interrupts too: the command of a secret, the lab that is coming up, the wait for a lease. */
function isOfTheInterrupt(error: unknown): boolean {
  return error instanceof SnobootError && ['E-SECRET', 'E-INTERNAL', 'E-INTERRUPTED'].includes(error.code);
}

function lockOf({ command, takesLeases, options }: VerbWork, { signal }: Interrupts) {
  const mayTake = async (holders: string): Promise<boolean> =>
    options.yes === true || (await ask(`${holders}\nTake these machines from it?`, signal));
  return {
    command: `snoboot ${command}`,
    ...(takesLeases ? { mayTake } : {}),
    onWait: (text: string): void => void process.stderr.write(`${text}\n`),
    signal,
  };
}

async function run(target: Target, work: Confirmed, lock: LockRequest, interrupts: Interrupts): Promise<number> {
  const { written, clock } = target;
  const { progress } = work.options;
  const view = openView(progress, clock, usualTimes(written.home, inventoryName(written)));
  const board = createBoard();
  try {
    const deployment = await work.start({
      ...target,
      random: systemRandom,
      listeners: [board.take, view.onEvent],
      mayErase: eraseQuestion(view, work.options.yes === true),
      ...identityPorts(target, lock.stateDir, work.options.acceptNew === true, view),
      lock,
      confirmed: work.confirmed,
    });
    interrupts.handTo(deployment);
    const exitCode = await deployment.exitCode.finally(interrupts.takeBack);
    await view.close();
    if (progress !== 'json') process.stdout.write(recap(board.screen(), recapOptions(written, deployment, work)));
    return exitCode;
  } finally {
    await view.close();
  }
}

function recapOptions(inventory: Inventory, { folders, retryFile }: Deployment, work: VerbWork) {
  const { command, again = command, retry, replaces, options } = work;
  const shown = (path: string): string => relative(process.cwd(), path) || '.';
  const credentials = inventory.clusters.map(({ name }) => [name, shown(join(folders.clustersDir, name))] as const);
  const failed = retryFile();
  return {
    runDir: shown(folders.runDir),
    credentials: Object.fromEntries(credentials),
    command: `snoboot ${again}`,
    why: `snoboot ${commandOf('why', inventory.file, { rehearse: options.rehearse ?? false })}`,
    replace: replaces ?? false,
    ...(retry && failed !== null ? { retry: `snoboot ${retry(shown(failed))}` } : {}),
  };
}
