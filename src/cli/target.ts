/** Where a verb does its work: the service of the inventory, or the lab in its place. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Clock, createClock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { Trust } from '../core/http.ts';
import { proxiesOf } from '../core/proxy.ts';
import type { AssistedService, Inventory } from '../inventory/types.ts';
import { type PinFolder, pinsByHost } from '../run/known-bmcs.ts';
import type { RunRequest } from '../run/session.ts';

export interface Target extends Pick<
  RunRequest,
  'inventory' | 'written' | 'env' | 'proxies' | 'trust' | 'target' | 'connectTo' | 'disk'
> {
  clock: Clock;
  /** Where what is known of its BMCs is kept, and that none of them need be asked for; null: by address, in the state folder. */
  ownPins: PinFolder | null;
  stop(): Promise<void>;
}

export interface TargetOptions {
  /** Armed in the lab besides those of the inventory. */
  faults: string[];
}

/** Contacts nothing of real machines. */
export async function openTarget(written: Inventory, { faults }: TargetOptions): Promise<Target> {
  const { service } = written;
  if (service.type === 'lab') return openLabTarget(written, faults);
  if (faults.length > 0)
    throw new SnobootError('E-USAGE', '--fault is for the lab, and this inventory is not', 'leave --fault out');
  return {
    inventory: { ...written, service },
    written,
    target: service.url,
    env: process.env,
    proxies: proxiesOf(process.env),
    clock: createClock(),
    ownPins: null,
    trust: await trustOf(service),
    stop: () => Promise.resolve(),
  };
}

async function openLabTarget(written: Inventory, faults: string[]): Promise<Target> {
  const { labFolder, openLab } = await import('./lab-target.ts');
  const { journalFull } = await import('./full-disk.ts');
  const lab = await openLab(written, faults);
  const isRehearsal = basename(written.home) === 'rehearsal';
  const { inventory, connectTo, timeFactor, now, up } = lab;
  return {
    inventory,
    written,
    target: `lab${isRehearsal ? ' (rehearsal)' : ''}, ${timeFactor} times faster`,
    env: { ...process.env, ...lab.env },
    clock: createClock(timeFactor, now),
    ownPins: pinsByHost(join(labFolder(written), 'known-bmcs')),
    trust: await trustOf(inventory.service),
    connectTo,
    ...(up.journalFull === null ? {} : { disk: journalFull(up.journalFull) }),
    stop: () => lab.stop(),
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
  return { kind: 'verify', alsoCa: ca };
}
