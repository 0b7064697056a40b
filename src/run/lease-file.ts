/**
 * Leases as files: `leases/<BMC>~<claim>`, each whole from its first moment. A claim is one attempt of one process and its
 * name never comes again, so that removing a file can only remove what was meant.
 */
import { createHash } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, isTaken, type Life, type ProcessId } from '../core/process-id.ts';
import { writePrivate } from './state-home.ts';

export interface Holder {
  process: ProcessId;
  user: string;
  /** The command line, without secrets. */
  command: string;
  inventory: string;
  run: string | null;
  /** ISO time. */
  since: string;
}

export interface HeldLease {
  /** `https://host:port` */
  bmc: string;
  claim: string;
  /** Null: not what this version writes. */
  holder: Holder | null;
  life: Life;
}

const FORMAT = 1;

/** One spelling for each address: lower case, with its port. */
export function addressOf(bmc: string): string {
  const { protocol, hostname, port } = new URL(bmc);
  return `${protocol}//${hostname.replace(/\.$/, '')}:${port || (protocol === 'http:' ? 80 : 443)}`;
}

export function leasePath(folder: string, bmc: string, claim: string): string {
  return join(folder, `${slugOf(bmc)}~${claim}`);
}

function slugOf(bmc: string): string {
  const readable = bmc.replace(/^\w+:\/\//, '').replace(/[^\w.]+/g, '-');
  return `${readable.slice(0, 80)}-${createHash('sha256').update(bmc).digest('hex').slice(0, 12)}`;
}

/** All leases on these BMCs, dead holders' too. A lease that is there all the while is never missed. */
export function readLeases(folder: string, bmcs: readonly string[]): HeldLease[] {
  const bySlug = new Map(bmcs.map((bmc) => [slugOf(bmc), bmc]));
  return namesIn(folder).flatMap((name) => {
    const [slug = '', claim = ''] = name.split('~');
    const bmc = bySlug.get(slug);
    const text = bmc === undefined ? null : textOf(join(folder, name));
    if (bmc === undefined || text === null) return [];
    const holder = holderOf(text);
    return [{ bmc, claim, holder, life: holder ? isAlive(holder.process) : 'unknown' }];
  });
}

/** Makes a lease for each BMC. False, with nothing left of it, where the folder or the draft went meanwhile. */
export function putLeases(folder: string, claim: string, bmcs: readonly string[], holder: Holder): boolean {
  const draft = join(folder, `.${claim}`);
  try {
    writePrivate(draft, JSON.stringify({ format: FORMAT, ...holder }), 'wx');
    for (const bmc of bmcs) linkSync(draft, leasePath(folder, bmc, claim));
    return true;
  } catch (error) {
    for (const bmc of bmcs) removeLease(folder, { bmc, claim });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

export function removeLease(folder: string, { bmc, claim }: Pick<HeldLease, 'bmc' | 'claim'>): void {
  rmSync(leasePath(folder, bmc, claim), { force: true });
}

/** Drafts of processes that were killed over them. One that another machine writes in this instant is made again. */
export function sweepDrafts(folder: string): void {
  for (const name of namesIn(folder).filter((one) => one.startsWith('.'))) {
    const holder = holderOf(textOf(join(folder, name)) ?? '');
    const isDead = holder ? isAlive(holder.process) === 'dead' : !isTaken(Number.parseInt(name.slice(1), 10));
    if (isDead) rmSync(join(folder, name), { force: true });
  }
}

function namesIn(folder: string): string[] {
  return unlessGone(() => readdirSync(folder)) ?? [];
}

function textOf(path: string): string | null {
  return unlessGone(() => readFileSync(path, 'utf8'));
}

function unlessGone<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function holderOf(text: string): Holder | null {
  try {
    const { format, ...holder } = JSON.parse(text) as Holder & { format: unknown };
    return format === FORMAT && Number.isInteger(holder.process.pid) ? holder : null;
  } catch {
    return null;
  }
}
