/** Who uses which address: what the same address may not be at once, wherever in the inventory the two stand. */
import { type Reporter, reportTwice } from './reporter.ts';
import type { Where } from './trail.ts';

export type Role = 'host' | 'vip' | 'bmc' | 'gateway' | 'media' | 'service';

interface Claim {
  role: Role;
  path: Where;
  /** The cluster whose own network it is, if nothing leads out of that; null: the address is known elsewhere, too. */
  island: number | null;
}

const NAMES: Record<Role, string> = {
  host: "a host's address",
  vip: 'a VIP',
  bmc: "a BMC's address",
  gateway: "a gateway's address",
  media: "the media server's address",
  service: "the service's address",
};
/** A machine that is erased is neither router nor service; several BMCs behind one address are told apart by their ports. */
const RIVALS: Record<Role, readonly Role[]> = {
  host: ['vip', 'bmc', 'gateway', 'media', 'service'],
  vip: ['host', 'bmc', 'gateway', 'media', 'service'],
  bmc: ['host', 'vip', 'gateway', 'media', 'service'],
  gateway: ['host', 'vip', 'bmc'],
  media: ['host', 'vip', 'bmc'],
  service: ['host', 'vip', 'bmc'],
};
const ONCE: Partial<Record<Role, string>> = { host: 'IP address', vip: 'VIP' };

export class Claims {
  readonly #reporter: Reporter;
  readonly #first = new Map<string, Claim[]>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** `address` in its one spelling, or a host name, of which nobody asks here whose address it is. */
  note(role: Role, address: string, path: Where, island: number | null = null): void {
    const claim = { role, path, island };
    const known = this.#first.get(address);
    if (!known) {
      this.#first.set(address, [claim]);
      return;
    }
    const own = known.find((first) => first.role === role);
    // With those of another role it is at odds since its first claim.
    if (own) {
      this.#again(address, claim, own);
      return;
    }
    const rivals = RIVALS[role].flatMap((other) => known.find((first) => first.role === other) ?? []);
    const rival = rivals.find((first) => !areApart(claim, first));
    if (rival) {
      const message = `${address} is ${NAMES[rival.role]}, too: ${this.#where(rival.path)}`;
      this.#reporter.at(path, { message, todo: 'give each its own address' });
    }
    known.push(claim);
  }

  #again(address: string, claim: Claim, first: Claim): void {
    const what = ONCE[claim.role];
    if (what === undefined) return;
    if (!areApart(claim, first)) {
      reportTwice(this.#reporter, what, address, claim.path, first.path);
      return;
    }
    const message = `${what} "${address}" is already at ${this.#where(first.path)}`;
    const todo = 'right only if the two networks are not connected: neither has a default route';
    this.#reporter.at(claim.path, { message, todo }, 'warning');
  }

  #where(path: Where): string {
    return `${this.#reporter.name(path)} (${this.#reporter.line(path)})`;
  }
}

/** Networks of two clusters that nothing leads out of may have the same addresses. */
function areApart(one: Claim, other: Claim): boolean {
  return one.island !== null && other.island !== null && one.island !== other.island;
}
