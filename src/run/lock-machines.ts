/** The leases on every machine of an inventory, before anything of it is touched. */
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { Inventory } from '../inventory/types.ts';
import { originOf } from './host-bmc.ts';
import { acquireLeases, heldLeases, type Leases, takeLeases } from './lease.ts';
import { describeHolders } from './lease-words.ts';

export interface LockRequest {
  /** Folder of the leases. */
  stateDir: string;
  /** How long a machine that another process works on is waited for, in real milliseconds. */
  waitMs: number;
  /** What other processes read as the holder: the command line, without secrets. */
  command: string;
  onWait(text: string): void;
  /** Whether living processes' leases, so described, are to be taken; left out: they are not. */
  mayTake?(holders: string): Promise<boolean>;
  signal?: AbortSignal;
}

interface Locking {
  inventory: Inventory;
  clock: Clock;
  random: Random;
  lock: LockRequest;
}

/** `onTaken` hears of leases that a dead process left. */
export async function lockMachines(request: Locking, onTaken: (text: string) => void): Promise<Leases> {
  const { inventory, clock, random } = request;
  const { command, mayTake, ...lock } = request.lock;
  const bmcs = inventory.clusters.flatMap(({ hosts }) => hosts.map(originOf));
  const holder = { command, inventory: inventory.file, run: null };
  const wanted = { ...lock, bmcs, holder, clock, random, onTaken };
  const held = mayTake ? heldLeases(lock.stateDir, bmcs) : [];
  if (held.length === 0 || !mayTake) return acquireLeases(wanted);
  if (await mayTake(describeHolders(held))) return takeLeases(wanted, held);
  throw new SnobootError(
    'E-CONFIRM',
    `not taken: ${describeHolders(held)}`,
    'see what that process does, or say --yes',
  );
}
