/** What is to be written where, so that one line of a terminal becomes another. Pure. */
import type { Line } from './row-lines.ts';
import { width } from './text.ts';

export interface Change {
  /** Columns from the left at which `text` begins. */
  column: number;
  text: string;
  /** Whether nothing stands behind it any more. */
  isToEnd: boolean;
}

/** Null where both look the same. */
export function changeOf(before: Line, after: Line): Change | null {
  if (before.text === after.text && before.tone === after.tone) return null;
  const whole = { column: 0, text: after.text, isToEnd: true };
  if (before.tone !== after.tone || !isPlain(before.text) || !isPlain(after.text)) return whole;
  const column = alike(before.text, after.text, (text, i) => text[i]);
  if (before.text.length !== after.text.length) return { column, text: after.text.slice(column), isToEnd: true };
  const behind = alike(before.text.slice(column), after.text.slice(column), (text, i) => text.at(-1 - i));
  return { column, text: after.text.slice(column, after.text.length - behind), isToEnd: false };
}

/** One column for each unit of the text. */
const isPlain = (text: string): boolean => width(text) === text.length && !/[^\x20-\x7e✔✖»…]/.test(text);

function alike(a: string, b: string, at: (text: string, i: number) => string | undefined): number {
  let count = 0;
  while (count < a.length && count < b.length && at(a, count) === at(b, count)) count += 1;
  return count;
}
