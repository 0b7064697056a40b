/** What changed between two sources of a cluster: value by value, in the inventory's words. */
import { printable, redact } from '../core/secret.ts';
import { isRecord } from './loose.ts';

export interface Difference {
  /** `hosts.host-0.bmc.address`; elements of lists by number: `interfaces[0].name`. */
  path: string;
  /** The values in short, `nothing` where there is none. */
  before: string;
  after: string;
}

const LONGEST = 60;
const ALIKE_BEFORE = 12;

/** Every value that is not the same in two JSON values, in the order of their keys; empty if nothing differs. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const longer = before.length > after.length ? before : after;
    return longer.flatMap((_, i) => differences(before[i], after[i], `${path}[${i}]`));
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  if (jsonOf(before) === jsonOf(after)) return [];
  const texts = [textOf(before), textOf(after)] as const;
  const [old, now] = texts[0] === texts[1] ? [jsonOf(before), jsonOf(after)] : texts;
  const skip = Math.max(0, firstUnlike(old, now) - ALIKE_BEFORE);
  return [{ path, before: short(old, skip), after: short(now, skip) }];
}

/** As a journal keeps it: a value in which a secret stands was written without. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value ?? null, (_, part: unknown) => (typeof part === 'string' ? redact(part) : part));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value !== 'string') return jsonOf(value);
  return redact(value).replace(/^sha256:(.{8}).*/, 'content $1');
}

/** Long texts from shortly before the place where they part. */
function short(text: string, skip: number): string {
  return printable(text.length > LONGEST && skip > 0 ? `…${text.slice(skip)}` : text, LONGEST);
}

function firstUnlike(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}
