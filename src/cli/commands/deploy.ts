/** `snoboot deploy`: loads the inventory, opens its target, runs, shows, and says at the end how it went. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createClock } from '../../core/clock.ts';
import { SnobootError } from '../../core/errors.ts';
import type { Listener } from '../../core/events.ts';
import type { Trust } from '../../core/http.ts';
import { systemRandom } from '../../core/random.ts';
import type { AssistedService, Inventory } from '../../inventory/types.ts';
import { deploy, type Deployment, type DeployRequest } from '../../run/deploy.ts';
import { recap } from '../../view/recap.ts';
import { emptyScreen, reduce } from '../../view/rows.ts';
import { readInventory } from '../read-inventory.ts';
import { catchInterrupts, type Interrupts } from '../signals.ts';
import { openView } from '../view.ts';

export interface DeployOptions {
  yes: boolean;
  version: string;
}

export async function deployCommand(file: string, options: DeployOptions): Promise<number> {
  const interrupts = catchInterrupts();
  try {
    const inventory = await readInventory(file);
    const target = await openTarget(inventory, options);
    try {
      const code = interrupts.exitCode();
      return code === undefined ? await run(inventory, target, options, interrupts) : notBegun(code);
    } finally {
      await target.stop();
    }
  } catch (error) {
    const code = interrupts.exitCode();
    if (code === undefined || !isOfTheInterrupt(error)) throw error;
    return notBegun(code);
  } finally {
    interrupts.release();
  }
}

function notBegun(exitCode: number): number {
  process.stderr.write(
    'E-INTERRUPTED: interrupted before the run began: nothing was touched\n  what to do: deploy again\n',
  );
  return exitCode;
}

/** What a terminal interrupts too: the command of a secret, the lab that is coming up. */
function isOfTheInterrupt(error: unknown): boolean {
  return error instanceof SnobootError && (error.code === 'E-SECRET' || error.code === 'E-INTERNAL');
}

async function run(
  inventory: Inventory,
  target: Target,
  options: DeployOptions,
  interrupts: Interrupts,
): Promise<number> {
  const clock = createClock(target.timeFactor);
  const view = openView(process.stderr, clock);
  let screen = emptyScreen();
  const keep: Listener = (event) => (screen = reduce(screen, event));
  try {
    const deployment = await deploy({
      ...target,
      clock,
      random: systemRandom,
      version: options.version,
      listeners: [keep, view.onEvent],
    });
    interrupts.handTo(deployment);
    const exitCode = await deployment.exitCode.finally(interrupts.takeBack);
    await view.close();
    process.stdout.write(recap(screen, recapOptions(inventory, deployment, options)));
    return exitCode;
  } finally {
    await view.close();
  }
}

interface Target extends Pick<DeployRequest, 'inventory' | 'env' | 'trust' | 'target'> {
  timeFactor: number;
  stop(): Promise<void>;
}

async function openTarget(inventory: Inventory, { yes }: DeployOptions): Promise<Target> {
  const { service } = inventory;
  if (service.type === 'lab') {
    const { openLab } = await import('../lab-target.ts');
    const lab = await openLab(inventory);
    return {
      ...lab,
      target: `lab, ${lab.timeFactor} times faster`,
      env: { ...process.env, ...lab.env },
      trust: await trustOf(lab.inventory.service),
    };
  }
  if (!yes)
    throw new SnobootError(
      'E-CONFIRM',
      `deploy erases ${inventory.clusters.flatMap(({ hosts }) => hosts).length} machines of ${inventory.file}`,
      'check the inventory, then add --yes',
    );
  const trust = await trustOf(service);
  return {
    inventory: { ...inventory, service },
    target: service.url,
    env: process.env,
    timeFactor: 1,
    trust,
    stop: () => Promise.resolve(),
  };
}

async function trustOf({ trust, caFile }: AssistedService): Promise<Trust> {
  if (trust === 'insecure') return { kind: 'insecure' };
  if (caFile === null) return { kind: 'verify' };
  const ca = await readFile(caFile, 'utf8').catch((error: unknown) => {
    throw new SnobootError(
      'E-INVENTORY',
      `service.caFile ${caFile} cannot be read: ${(error as Error).message}`,
      'correct the path',
    );
  });
  return { kind: 'verify', ca };
}

function recapOptions(inventory: Inventory, { folders }: Deployment, { yes }: DeployOptions) {
  const shown = (path: string): string => relative(process.cwd(), path) || '.';
  const credentials = inventory.clusters.map(({ name }) => [name, shown(join(folders.clustersDir, name))] as const);
  const command = `snoboot deploy ${inventory.file}${yes ? ' --yes' : ''}`;
  return { runDir: shown(folders.runDir), credentials: Object.fromEntries(credentials), command };
}
