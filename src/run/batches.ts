/** `serial` and `maxFailPercentage`, as Ansible means them: which clusters are begun together, and when no more are. */
import { SnobootError } from '../core/errors.ts';
import type { BatchSize } from '../inventory/types.ts';

interface Sized {
  hosts: readonly unknown[];
}

export interface Batch<C> {
  /** Counts from 1. */
  number: number;
  of: number;
  clusters: C[];
  hosts: number;
}

/**
 * In their order, each cluster whole: as many as the size has room for, at least one. A share is of all hosts; the last size holds
 * for all that follow. `first`: clusters with which the first batch begins, wherever they stand.
 */
export function batchesOf<C extends Sized>(
  clusters: readonly C[],
  serial: readonly BatchSize[] | null,
  first: (cluster: C) => boolean = () => false,
): Batch<C>[] {
  const all = hostsIn(clusters);
  const parts: C[][] = [];
  for (let from = 0; from < clusters.length;) {
    const size = serial?.[Math.min(parts.length, serial.length - 1)];
    const part = fitting(clusters.slice(from), size === undefined ? all : sizeOf(size, all));
    parts.push(part);
    from += part.length;
  }
  const ahead = clusters.filter(first);
  const ordered = parts.map((part, i) => [...(i === 0 ? ahead : []), ...part.filter((cluster) => !first(cluster))]);
  const filled = ordered.filter((part) => part.length > 0);
  return filled.map((part, i) => ({ number: i + 1, of: filled.length, clusters: part, hosts: hostsIn(part) }));
}

/** Why nothing more is begun after so many hosts of the batch have failed; null: it goes on. */
export function tooManyFailed(batch: Omit<Batch<unknown>, 'clusters'>, failed: number, most: number | null) {
  const { number, of, hosts } = batch;
  const where = of > 1 ? ` of batch ${number} of ${of}` : '';
  const figures = `${failed} of ${hosts} hosts${where} failed`;
  if (most !== null && failed * 100 > most * hosts)
    return enough(`${figures}, more than maxFailPercentage ${most} allows`);
  return failed === hosts && number < of ? enough(figures) : null;
}

function enough(why: string): SnobootError {
  return new SnobootError(
    'E-MAX-FAIL',
    `not begun: ${why}`,
    'find out why they failed, then deploy with --limit @failed.retry',
  );
}

function fitting<C extends Sized>(clusters: readonly C[], room: number): C[] {
  let taken = 0;
  const end = clusters.findIndex(({ hosts }, i) => (taken += hosts.length) > room && i > 0);
  return end < 0 ? [...clusters] : clusters.slice(0, end);
}

function sizeOf(size: BatchSize, all: number): number {
  return 'hosts' in size ? size.hosts : Math.max(1, Math.floor((size.percent * all) / 100));
}

function hostsIn(clusters: readonly Sized[]): number {
  return clusters.reduce((sum, { hosts }) => sum + hosts.length, 0);
}
