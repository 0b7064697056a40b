/** How much of its medium a machine has read, and how fast. Pure. */
import { mebibytes } from './text.ts';

export interface Medium {
  /** Bytes so far, and of the whole medium. */
  total: number;
  size: number;
  /** What was read when, of the last seconds: oldest first. */
  reads: readonly { at: number; total: number }[];
}

/** Over so many milliseconds of the run's clock the rate is taken; older news is none. */
const RATE_MS = 20_000;

/** `at`: milliseconds since the epoch on the run's clock. */
export function readMore(medium: Medium | null, total: number, size: number, at: number): Medium {
  const recent = (medium?.reads ?? []).filter((read) => at - read.at <= RATE_MS).slice(-7);
  return { total, size, reads: [...recent, { at, total }] };
}

/** Bytes in a second; null while it is not known, or nothing came lately. */
export function rateOf({ reads }: Medium, now: number): number | null {
  const [first] = reads;
  const last = reads.at(-1);
  if (!first || !last || last.at <= first.at || now - last.at > RATE_MS) return null;
  return Math.max(0, ((last.total - first.total) * 1000) / (last.at - first.at));
}

/** `ISO 31.2/98.0 MiB, 11.4 MiB/s`; the rate while it is known and there is more to read. */
export function mediumText(medium: Medium | null, now: number): string {
  if (!medium) return '';
  const rate = medium.total < medium.size ? rateOf(medium, now) : null;
  return `ISO ${mebibytes(medium.total, medium.size)}${rate ? `, ${speed(rate)}` : ''}`;
}

function speed(bytes: number): string {
  const kib = bytes / 1024;
  return kib < 1000 ? `${kib.toFixed(0)} KiB/s` : `${(kib / 1024).toFixed(1)} MiB/s`;
}
