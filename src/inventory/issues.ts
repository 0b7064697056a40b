/** Collects what is wrong with an inventory, each with its position and only once, and throws it all together. */
import { SnobootError } from '../core/errors.ts';
import { printable } from '../core/secret.ts';
import type { Issue, Problem } from './types.ts';

/** The inventory cannot be used. `issues` holds every error and warning, sorted by position. */
export class InventoryError extends SnobootError {
  readonly issues: Issue[];

  constructor(issues: Issue[]) {
    const errors = issues.filter((issue) => issue.severity === 'error');
    const first = errors[0];
    const count = errors.length === 1 ? '' : `${errors.length} errors, the first: `;
    super('E-INVENTORY', `${count}${first?.where}: ${first?.message}`, first?.todo ?? '');
    this.name = 'InventoryError';
    this.issues = issues;
  }
}

export interface Place {
  file: string;
  /** From 1; 0 where there are no lines. */
  line: number;
  column: number;
}

type Found = Issue & { place: Place; isOfRange: boolean };

/** What a range gets wrong it may get wrong for thousands: so many are shown at one place, then their number. */
const SHOWN_AT_ONE_PLACE = 3;

/** The issues of one inventory; those of the inventory's own file come first. */
export class IssueList {
  readonly #file: string;
  readonly #found = new Map<string, Found>();

  constructor(file: string) {
    this.#file = file;
  }

  /** `isOfRange`: one of many that a range makes, of which the first few will do. */
  add(place: Place, problem: Problem, severity: Issue['severity'] = 'error', isOfRange = false): void {
    const where = place.line === 0 ? place.file : `${place.file}:${place.line}:${place.column}`;
    const message = printable(problem.message, 400);
    const key = JSON.stringify([where, message]);
    if (!this.#found.has(key)) this.#found.set(key, { ...problem, message, where, severity, place, isOfRange });
  }

  get hasErrors(): boolean {
    return [...this.#found.values()].some((issue) => issue.severity === 'error');
  }

  sorted(): Issue[] {
    const rank = (issue: Found): string => (issue.place.file === this.#file ? '' : issue.place.file);
    const order = (a: Found, b: Found): number =>
      rank(a).localeCompare(rank(b)) || a.place.line - b.place.line || a.place.column - b.place.column;
    const sorted = [...this.#found.values()].sort(order);
    return folded(sorted).map(({ where, message, todo, severity }) => ({ where, message, todo, severity }));
  }

  /** Throws InventoryError if there is at least one error. */
  throwIfAny(): void {
    if (this.hasErrors) throw new InventoryError(this.sorted());
  }
}

/** Neighbours at one place beyond the first few become a number. */
function folded(sorted: Found[]): Found[] {
  const counts = new Map<string, number>();
  const keyOf = ({ where, severity, isOfRange }: Found): string => `${severity} ${isOfRange} ${where}`;
  for (const issue of sorted) counts.set(keyOf(issue), (counts.get(keyOf(issue)) ?? 0) + 1);
  const seen = new Map<string, number>();
  return sorted.flatMap((issue) => {
    const [key, all] = [keyOf(issue), counts.get(keyOf(issue))!];
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    if (!issue.isOfRange || all <= SHOWN_AT_ONE_PLACE + 1 || nth <= SHOWN_AT_ONE_PLACE) return [issue];
    const message = `and ${all - SHOWN_AT_ONE_PLACE} more here`;
    return nth === all ? [{ ...issue, message, todo: 'mend the first ones' }] : [];
  });
}

/** A value as a message shows it: quoted, one line, cut to 60 characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  const plain = typeof text === 'string' ? text : String(value);
  const escaped = plain.replace(HIDDEN, (hidden) => `\\u${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return printable(escaped, 60);
}

/** Spaces that are none, and what has no width. */
const HIDDEN = /[\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]/g;

/** The characters of a text that nobody sees. */
export function hiddenIn(text: string): string[] {
  return text.match(HIDDEN) ?? [];
}
