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

type Found = Issue & { place: Place };

/** The issues of one inventory; those of the inventory's own file come first. */
export class IssueList {
  readonly #file: string;
  readonly #found: Found[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  add(place: Place, problem: Problem, severity: Issue['severity'] = 'error'): void {
    const where = place.line === 0 ? place.file : `${place.file}:${place.line}:${place.column}`;
    const message = printable(problem.message, 400);
    if (this.#found.some((issue) => issue.where === where && issue.message === message)) return;
    this.#found.push({ ...problem, message, where, severity, place });
  }

  get hasErrors(): boolean {
    return this.#found.some((issue) => issue.severity === 'error');
  }

  sorted(): Issue[] {
    const rank = (issue: Found): string => (issue.place.file === this.#file ? '' : issue.place.file);
    const order = (a: Found, b: Found): number =>
      rank(a).localeCompare(rank(b)) || a.place.line - b.place.line || a.place.column - b.place.column;
    return this.#found
      .toSorted(order)
      .map(({ where, message, todo, severity }) => ({ where, message, todo, severity }));
  }

  /** Throws InventoryError if there is at least one error. */
  throwIfAny(): void {
    if (this.hasErrors) throw new InventoryError(this.sorted());
  }
}

/** A value as a message shows it: quoted, one line, cut to 60 characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return printable(typeof text === 'string' ? text : String(value), 60);
}
