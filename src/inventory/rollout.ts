/** `serial` of an inventory: the sizes of batches. */
import { shown } from './issues.ts';
import type { BatchSize, Problem } from './types.ts';

const KINDS = 'a number of hosts, a share such as "10%", or a list of these';

/** Everything that is wrong with it; paths start in it. */
export function serialProblems(serial: unknown): { path: (string | number)[]; problem: Problem }[] {
  if (Array.isArray(serial) && serial.length === 0)
    return [{ path: [], problem: { message: 'is an empty list', todo: 'add at least one' } }];
  const sizes = Array.isArray(serial)
    ? serial.map((size, i) => ({ size: size as unknown, path: [i] }))
    : [{ size: serial, path: [] }];
  return sizes.flatMap(({ size, path }) => {
    if (sizeOf(size)) return [];
    return [{ path, problem: { message: `${shown(size)} is no size of a batch`, todo: `write ${KINDS}` } }];
  });
}

/** Null for what serialProblems refuses. */
export function batchSizes(serial: unknown): BatchSize[] | null {
  const sizes = (Array.isArray(serial) ? serial : [serial]).map(sizeOf);
  return sizes.every((size) => size !== null) && sizes.length > 0 ? sizes : null;
}

function sizeOf(size: unknown): BatchSize | null {
  const [, digits, sign] =
    /^([1-9]\d{0,6})(%?)$/.exec(typeof size === 'number' || typeof size === 'string' ? String(size) : '') ?? [];
  const number = Number(digits);
  if (digits === undefined || (sign === '%' && number > 100)) return null;
  return sign === '%' ? { percent: number } : { hosts: number };
}
