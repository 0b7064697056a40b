/**
 * One writer per BMC. Who wants some puts up a lease on each, and only then looks: whoever sees a living other one takes its own
 * back. Of two, the later one sees the earlier, so both may back off, but never both stay.
 */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Clock } from '../core/clock.ts';
import { ownProcess } from '../core/process-id.ts';
import { type Random, token } from '../core/random.ts';
import { redact } from '../core/secret.ts';
import {
  addressOf,
  type HeldLease,
  type Holder,
  leasePath,
  putLeases,
  readLeases,
  removeLease,
  sweepDrafts,
} from './lease-file.ts';
import { describeHolders, lost } from './lease-words.ts';
import { privateFolder } from './state-home.ts';

export interface Leases {
  /** Before each write. Throws E-LEASE-LOST where the BMC is not this process's any more. */
  check(bmc: string): void;
  /** Gives back what is still ours. Never throws, and may be called on exit. */
  release(): void;
}

export interface Claim {
  folder: string;
  /** As `addressOf` spells them. */
  bmcs: string[];
  holder: Pick<Holder, 'command' | 'inventory' | 'run'>;
  clock: Clock;
  random: Random;
  /** Of a dead process, or taken by a person. */
  isFree(lease: HeldLease): boolean;
  onTaken?(text: string): void;
}

/** What others hold; nothing where several claimed in the same moment and this one stood back. */
export function tryToClaim(wanted: Claim): Leases | HeldLease[] {
  const { folder, bmcs, isFree } = wanted;
  privateFolder(folder);
  sweepDrafts(folder);
  const held = readLeases(folder, bmcs).filter((lease) => !isFree(lease));
  if (held.length > 0) return held;
  const claim = `${process.pid}-${token(wanted.random, 12)}`;
  if (!putLeases(folder, claim, bmcs, holderNow(wanted))) return [];
  const all = readLeases(folder, bmcs);
  const others = all.filter((lease) => lease.claim !== claim);
  // Its own ones are missed where it was stopped just now, and a person took them.
  if (all.length - others.length < bmcs.length || !others.every(isFree)) {
    for (const bmc of bmcs) removeLease(folder, { bmc, claim });
    return [];
  }
  for (const other of others) removeLease(folder, other);
  if (others.length > 0) wanted.onTaken?.(`taken over from ${describeHolders(others)}`);
  return leasesOf(folder, bmcs, claim);
}

function leasesOf(folder: string, bmcs: readonly string[], claim: string): Leases {
  return {
    check: (bmc) => {
      const address = addressOf(bmc);
      if (!existsSync(leasePath(folder, address, claim))) throw lost(address, holdersOf(folder, address));
    },
    release: () => {
      for (const bmc of bmcs) unlessRefused(() => removeLease(folder, { bmc, claim }));
    },
  };
}

function holdersOf(folder: string, bmc: string): HeldLease[] {
  return unlessRefused(() => readLeases(folder, [bmc])) ?? [];
}

/** What the disk refuses here cannot be helped: a lease that stays is a dead process's soon. */
function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function holderNow({ holder: { command, inventory, run }, clock }: Claim): Holder {
  const since = new Date(clock.wall()).toISOString();
  return {
    process: ownProcess(),
    user: userName(),
    command: redact(command),
    inventory: redact(inventory),
    run,
    since,
  };
}

/** In a container a user may be a number without a name. */
function userName(): string {
  return unlessRefused(() => userInfo().username) ?? String(process.getuid?.());
}
