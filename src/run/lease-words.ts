/** What people read of leases: who holds them, and what can be done about it. */
import { SnobootError } from '../core/errors.ts';
import type { Life } from '../core/process-id.ts';
import type { HeldLease } from './lease-file.ts';

const LIFE: Record<Life, string> = {
  alive: 'running',
  stopped: 'stopped, not ended',
  dead: 'dead',
  unknown: 'cannot be seen from here',
};

/** One sentence part for each holder, with its BMCs. */
export function describeHolders(leases: readonly HeldLease[]): string {
  const claims = new Set(leases.map(({ claim }) => claim));
  const each = [...claims].map((claim) => leases.filter((lease) => lease.claim === claim));
  return each.map((held) => `${describe(held[0]!)}: ${held.map(({ bmc }) => bmc).join(', ')}`).join('; ');
}

function describe({ holder, life }: HeldLease): string {
  if (!holder) return 'another version of snoboot';
  const { command, inventory, user, since } = holder;
  const { pid, machine } = holder.process;
  return `"${command}" (${inventory}, user ${user}, pid ${pid} on ${machine}, since ${since}, ${LIFE[life]})`;
}

export function locked(held: readonly HeldLease[], inventory: string): SnobootError {
  const stopped = held.find(({ life }) => life === 'stopped')?.holder?.process.pid;
  const hint = stopped === undefined ? '' : `let it go on (kill -CONT ${stopped}) or end it (kill -KILL ${stopped}); `;
  return new SnobootError(
    'E-LOCKED',
    `another snoboot works on these machines: ${describeHolders(held)}`,
    `${hint}wait for it with --lock-wait 10m, or, if it is known to be gone: snoboot cleanup ${inventory} --take-lease`,
  );
}

/** `holders`: who has it now. */
export function lost(bmc: string, holders: readonly HeldLease[]): SnobootError {
  const what =
    holders.length > 0 ? `now with ${describeHolders(holders)}` : 'gone: taken by hand, or its file was removed';
  const todo = 'nothing more is written to this BMC: see who took it, and when that is done, deploy again';
  return new SnobootError('E-LEASE-LOST', `the lease on ${bmc} is ${what}`, todo);
}
