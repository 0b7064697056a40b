/** One writer per BMC: leases in the state folder, asked for and waited for. How they keep others out: lease-claim.ts. */
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import { fraction, type Random } from '../core/random.ts';
import { type Leases, tryToClaim } from './lease-claim.ts';
import { addressOf, type HeldLease, type Holder, readLeases } from './lease-file.ts';
import { describeHolders, locked } from './lease-words.ts';
import { stored } from './state-home.ts';

export type { Leases } from './lease-claim.ts';

export interface LeaseRequest {
  stateDir: string;
  /** Their origins. */
  bmcs: readonly string[];
  holder: Pick<Holder, 'command' | 'inventory' | 'run'>;
  /** Real milliseconds. */
  waitMs: number;
  clock: Clock;
  random: Random;
  signal?: AbortSignal;
  /** Once for each change of who is waited for. */
  onWait(text: string): void;
  /** Another process, dead or seen by a person, had some of them. */
  onTaken?(text: string): void;
}

const POLL_MS = 1000;
const CLASH_MS = 20;
/** Pauses double up to here. */
const MOST_DOUBLINGS = 5;
const MOST_CLASHES = 15;

/** All of them or none. Throws E-LOCKED, E-STATE, or the signal's reason; while it waits it holds none. */
export function acquireLeases(request: LeaseRequest): Promise<Leases> {
  return takeLeases(request, []);
}

/** Takes them from living holders too, where a person has seen those leases (`heldLeases`). Throws as `acquireLeases`. */
export async function takeLeases(request: LeaseRequest, seen: readonly HeldLease[]): Promise<Leases> {
  const { clock, random, signal } = request;
  const taken = new Set(seen.map(({ claim }) => claim));
  const isFree = ({ life, claim }: HeldLease): boolean => life === 'dead' || taken.has(claim);
  const claim = { ...request, folder: folderOf(request.stateDir), bmcs: addressesOf(request.bmcs), isFree };
  const end = clock.now() + request.waitMs * clock.factor;
  const rest = (ms: number): number => ms * (1 + fraction(random)) * clock.factor;
  let told = '';
  for (let clashes = 0; ;) {
    signal?.throwIfAborted();
    const got = stored(claim.folder, () => tryToClaim(claim));
    if (!Array.isArray(got)) return got;
    if (got.length === 0) {
      if (clashes === MOST_CLASHES) throw unsteady(claim.folder);
      await clock.sleep(rest(CLASH_MS * 2 ** Math.min(clashes++, MOST_DOUBLINGS)), signal);
      continue;
    }
    clashes = 0;
    const left = end - clock.now();
    if (left <= 0) throw locked(got, request.holder.inventory);
    const text = describeHolders(got);
    if (text !== told) request.onWait(`waiting for another snoboot: ${text}`);
    told = text;
    await clock.sleep(Math.min(rest(POLL_MS), left), signal);
  }
}

/** What living processes hold of these BMCs, to be shown to a person. Throws E-STATE. */
export function heldLeases(stateDir: string, bmcs: readonly string[]): HeldLease[] {
  const folder = folderOf(stateDir);
  return stored(folder, () => readLeases(folder, addressesOf(bmcs))).filter(({ life }) => life !== 'dead');
}

function folderOf(stateDir: string): string {
  return join(stateDir, 'leases');
}

function addressesOf(bmcs: readonly string[]): string[] {
  return [...new Set(bmcs.map(addressOf))].sort();
}

function unsteady(folder: string): SnobootError {
  const what = `leases in ${folder} do not stay: others take them again and again, or its file system shows them late`;
  return new SnobootError('E-STATE', what, 'give a folder on a local disk with --state-dir');
}
