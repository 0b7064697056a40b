/** Turns a path in the inventory into a place in its text, and reports there. */
import type { IssueList, Place } from './issues.ts';
import type { SourceText } from './document.ts';
import type { Origins } from './origins.ts';
import type { Path, Positions } from './positions.ts';
import type { Issue, Problem } from './types.ts';

export class Reporter {
  readonly #issues: IssueList;
  readonly #source: SourceText;
  readonly #positions: Positions;
  readonly #origins: Origins;

  constructor(issues: IssueList, source: SourceText, positions: Positions, origins: Origins) {
    this.#issues = issues;
    this.#source = source;
    this.#positions = positions;
    this.#origins = origins;
  }

  /** Reports at the value; the message begins with the path. */
  at(path: Path, problem: Problem, severity: Issue['severity'] = 'error'): void {
    this.#issues.add(this.#place(path), prefixed(this.#named(path), problem), severity);
  }

  /** Reports at the key that leads to the value. */
  atKey(path: Path, problem: Problem): void {
    const place = this.#origins.of(path)?.origin.place ?? this.#source.place(this.#positions.key(path));
    this.#issues.add(place, prefixed(this.#named(path).slice(0, -1), problem));
  }

  /** `line N` of the value, or the argument that gave it. */
  line(path: Path): string {
    const { file, line } = this.#place(path);
    return line === 0 ? file : `line ${line}`;
  }

  /** The scalar as it was written; null where nobody knows. */
  raw(path: Path): string | null {
    const given = this.#origins.of(path);
    return given ? (given.origin.positions?.raw(given.rest) ?? null) : this.#positions.raw(path);
  }

  /** What the place does not say already. */
  #named(path: Path): Path {
    return this.#origins.of(path)?.rest ?? path;
  }

  #place(path: Path): Place {
    return this.#origins.of(path)?.origin.place ?? this.#source.place(this.#positions.value(path));
  }
}

function prefixed(path: Path, { message, todo }: Problem): Problem {
  return { message: path.length === 0 ? message : `${pathText(path)}: ${message}`, todo };
}

/** `clusters[0].hosts[0].name`. */
export function pathText(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i ? '.' : ''}${String(step)}`)).join('');
}

/** Reports a value that stands already at `first`. */
export function reportTwice(reporter: Reporter, what: string, value: string, path: Path, first: Path): void {
  const message = `${what} "${value}" is already at ${pathText(first)} (${reporter.line(first)})`;
  reporter.at(path, { message, todo: `give each its own ${what}` });
}

/** Reports every second value of a kind that may stand only once. */
export class Unique {
  readonly #reporter: Reporter;
  readonly #what: string;
  readonly #first = new Map<string, Path>();

  constructor(reporter: Reporter, what: string) {
    this.#reporter = reporter;
    this.#what = what;
  }

  note(value: string, path: Path): void {
    const first = this.#first.get(value);
    if (first) reportTwice(this.#reporter, this.#what, value, path, first);
    else this.#first.set(value, path);
  }
}
