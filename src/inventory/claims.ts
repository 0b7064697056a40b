/** Who uses which address: what the same address may not be at once, wherever in the inventory the two stand. */
import type { Path } from './positions.ts';
import { type Reporter, reportTwice } from './reporter.ts';

export type Role = 'host' | 'vip' | 'bmc' | 'gateway' | 'media' | 'service';

interface Claim {
  path: Path;
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
  readonly #first = new Map<string, Partial<Record<Role, Claim>>>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** `address` in its one spelling, or a host name, of which nobody asks here whose address it is. */
  note(role: Role, address: string, path: Path, island: number | null = null): void {
    const known = this.#first.get(address) ?? {};
    this.#first.set(address, known);
    const claim = { path, island };
    // With those of another role it is at odds since its first claim.
    if (known[role]) {
      this.#again(role, address, claim, known[role]);
      return;
    }
    const rival = RIVALS[role].find((other) => known[other] && !areApart(claim, known[other]));
    if (rival) {
      const message = `${address} is ${NAMES[rival]}, too: ${this.#where(known[rival]!.path)}`;
      this.#reporter.at(path, { message, todo: 'give each its own address' });
    }
    known[role] = claim;
  }

  #again(role: Role, address: string, claim: Claim, first: Claim): void {
    const what = ONCE[role];
    if (what === undefined) return;
    if (!areApart(claim, first)) {
      reportTwice(this.#reporter, what, address, claim.path, first.path);
      return;
    }
    const message = `${what} "${address}" is already at ${this.#where(first.path)}`;
    const todo = 'right only if the two networks are not connected: neither has a default route';
    this.#reporter.at(claim.path, { message, todo }, 'warning');
  }

  #where(path: Path): string {
    return `${this.#reporter.name(path)} (${this.#reporter.line(path)})`;
  }
}

/** Networks of two clusters that nothing leads out of may have the same addresses. */
function areApart(one: Claim, other: Claim): boolean {
  return one.island !== null && other.island !== null && one.island !== other.island;
}
