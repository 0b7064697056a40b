/** A warning that thousands of hosts may deserve alike: said once, at the first, with their number. */
import type { Reporter } from './reporter.ts';
import type { Trail } from './trail.ts';
import type { Problem } from './types.ts';

export class Tally {
  readonly #first = new Map<string, { path: Trail; problem: Problem; count: number }>();

  note(kind: string, path: Trail, problem: Problem): void {
    const known = this.#first.get(kind);
    if (known) known.count++;
    else this.#first.set(kind, { path, problem, count: 1 });
  }

  report(reporter: Reporter): void {
    for (const { path, problem, count } of this.#first.values()) {
      const more = count > 1 ? ` (and ${count - 1} more)` : '';
      reporter.at(path, { message: `${problem.message}${more}`, todo: problem.todo }, 'warning');
    }
  }
}
