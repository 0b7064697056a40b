/** Texts that nobody meant: what a template left to be filled in, and characters that nobody sees. */
import { hiddenIn, shown } from './issues.ts';
import type { Problem } from './types.ts';

const WHOLE = /^\s*(change[-_]?me|replace[-_]?me|todo|tbd|fixme|placeholder|x{3,}|your[-_].*|\$[A-Z_][A-Z0-9_]*)\s*$/i;
const PART = /\$\{[^{}]*\}|\{\{.*?\}\}|<(?:[A-Z][A-Z0-9_ -]*|your[^<>]*)>/;

/** Whatever the rest is about: most texts have none of it. */
const SUSPECT = /[^ -~]|[<{$]|^\s*(change|replace|todo|tbd|fixme|placeholder|xxx|your)/i;

/** The problem, or null. A URL with a password in it is left to those who do not show it. */
export function unfilled(text: string): Problem | null {
  if (!SUSPECT.test(text)) return null;
  if (text.includes('@') && text.includes('://')) return null;
  const [hidden] = hiddenIn(text);
  if (hidden !== undefined) {
    const point = hidden.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    const message = `${shown(text)} has U+${point} at character ${text.indexOf(hidden) + 1}, which nobody sees`;
    return { message, todo: 'type it anew, without that character' };
  }
  const left = WHOLE.test(text) ? text.trim() : PART.exec(text)?.[0];
  if (left === undefined) return null;
  return {
    message: `the placeholder ${shown(left)} is still there`,
    todo: 'write the value: nothing is filled in here',
  };
}
