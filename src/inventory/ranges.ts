/** Ranges in texts of an inventory: `node-{01..20}`, `52:54:00:00:00:{0x0a..0x1d}`; one value of a list of equally named ones each. */
import { isRecord } from './loose.ts';
import type { Path } from './positions.ts';
import type { Problem } from './types.ts';

/** What may be meant as a range; braces around anything else are text. */
const RANGE = /\{(\w*)\.\.(\w*)\}/g;
const BOUNDS = /^(0x[0-9a-f]{1,12}|\d{1,15})$/i;

interface Range {
  first: number;
  count: number;
  radix: 10 | 16;
  /** Digits at least; zeros fill up. */
  width: number;
}

/** A text with a range in it, and how many values it stands for; or what is wrong with its ranges. */
export interface Ranged {
  path: Path;
  text: string;
  count: number | Problem;
}

/** A value of which there will be several: parts that hold no range are one and the same in all of them. Paths start in it. */
export interface Template {
  make(index: number): unknown;
  ranged: Ranged[];
}

export function hasRange(text: string): boolean {
  return text.includes('..') && text.search(RANGE) >= 0;
}

/** Whether this YAML text can hold a range: two dots, or an escape that may stand for one. */
export function mayHoldRange(source: string): boolean {
  return source.includes('..') || source.includes('\\');
}

/** Of a range that cannot be counted the first word is taken. */
export function templateOf(value: unknown): Template {
  const ranged: Ranged[] = [];
  const maker = holdsRange(value) ? makerOf(value, [], ranged) : null;
  return { make: maker ?? (() => value), ranged };
}

/** Most values hold none, and need no more than this. */
export function holdsRange(value: unknown): boolean {
  if (typeof value === 'string') return hasRange(value);
  if (typeof value !== 'object' || value === null) return false;
  return (Array.isArray(value) ? value : Object.values(value)).some(holdsRange);
}

type Maker = (index: number) => unknown;

/** Null: the same for every index. */
function makerOf(value: unknown, path: Path, ranged: Ranged[]): Maker | null {
  if (typeof value === 'string') return textMaker(value, path, ranged);
  if (Array.isArray(value)) {
    const makers = value.map((part, i) => makerOf(part, [...path, i], ranged));
    if (makers.every((maker) => maker === null)) return null;
    return (index) => value.map((part: unknown, i) => makers[i]?.(index) ?? part);
  }
  if (!isRecord(value)) return null;
  const entries = Object.entries(value);
  const makers = entries.map(([key, part]) => makerOf(part, [...path, key], ranged));
  const changing = entries.flatMap(([key], i) => (makers[i] ? [{ key, make: makers[i] }] : []));
  if (changing.length === 0) return null;
  return (index) => {
    const made: Record<string, unknown> = { ...value };
    for (const { key, make } of changing) made[key] = make(index);
    return made;
  };
}

function textMaker(text: string, path: Path, ranged: Ranged[]): Maker | null {
  if (!hasRange(text)) return null;
  const all = [...text.matchAll(RANGE)].map(([written, from = '', to = '']) => rangeOf(written, from, to));
  const ranges = all.filter((range) => 'radix' in range);
  const problem = all.find((range) => 'message' in range) ?? unequal(text, ranges);
  ranged.push({ path, text, count: problem ?? ranges[0]!.count });
  if (ranges.length < all.length) return () => text.replace(RANGE, (_, from: string, to: string) => from || to);
  const [head = '', ...between] = text.split(/\{\w*\.\.\w*\}/);
  return (index) => ranges.reduce((made, range, i) => `${made}${valueAt(range, index)}${between[i]}`, head);
}

function rangeOf(written: string, from: string, to: string): Range | Problem {
  const isHex = [from, to].map((bound) => /^0x/i.test(bound));
  if (!BOUNDS.test(from) || !BOUNDS.test(to) || isHex[0] !== isHex[1])
    return { message: `${written} is no range`, todo: 'write {01..20}, or {0x01..0x1f} for hex digits' };
  const [first, last] = [Number(from), Number(to)];
  if (last < first) return { message: `the range ${written} runs backwards`, todo: 'write the smaller number first' };
  const digits = [from, to].map((bound) => bound.replace(/^0x/i, ''));
  const isFilled = digits.some((text) => text.length > 1 && text.startsWith('0'));
  const width = isFilled ? Math.max(...digits.map((text) => text.length)) : 1;
  return { first, count: last - first + 1, radix: isHex[0] ? 16 : 10, width };
}

function unequal(text: string, ranges: Range[]): Problem | undefined {
  const counts = [...new Set(ranges.map(({ count }) => count))];
  if (counts.length < 2) return undefined;
  return { message: `ranges of ${counts.join(' and ')} values in "${text}"`, todo: 'make them equally long' };
}

function valueAt({ first, radix, width }: Range, index: number): string {
  return (first + index).toString(radix).padStart(width, '0');
}
