/** How a host validation is written down: a function from what was seen to a verdict. */
import type { Host, Inventory, Validation } from './host-state.ts';
import type { Cluster } from './state.ts';

export type Verdict = Pick<Validation, 'status' | 'message'>;

export interface Seen {
  cluster: Cluster;
  host: Host;
  /** Lab time. */
  now: number;
}

/** Validation id → verdict; null for what cannot be computed now: the id is absent then. */
export type Checks = Readonly<Record<string, (seen: Seen) => Verdict | null>>;

export const success = (message: string): Verdict => ({ status: 'success', message });
export const failure = (message: string): Verdict => ({ status: 'failure', message });
export const pending = (message: string): Verdict => ({ status: 'pending', message });
export const verdict = (good: boolean, yes: string, no: string): Verdict => (good ? success(yes) : failure(no));

/** A check that needs the inventory, and is pending with `missing` until it came. */
export function withInventory(missing: string, check: (inventory: Inventory, seen: Seen) => Verdict) {
  return (seen: Seen): Verdict => (seen.host.inventory ? check(seen.host.inventory, seen) : pending(missing));
}
