/** Turns a path in the inventory into a place in its text, and reports there. */
import type { IssueList, Place } from './issues.ts';
import type { SourceText } from './document.ts';
import type { Path, Positions } from './positions.ts';
import type { Issue, Problem } from './types.ts';

export class Reporter {
  readonly #issues: IssueList;
  readonly #source: SourceText;
  readonly #positions: Positions;

  constructor(issues: IssueList, source: SourceText, positions: Positions) {
    this.#issues = issues;
    this.#source = source;
    this.#positions = positions;
  }

  /** Reports at the value; the message begins with the path. */
  at(path: Path, problem: Problem, severity: Issue['severity'] = 'error'): void {
    this.#issues.add(this.#place(path), prefixed(path, problem), severity);
  }

  /** Reports at the key that leads to the value. */
  atKey(path: Path, problem: Problem): void {
    this.#issues.add(this.#source.place(this.#positions.key(path)), prefixed(path.slice(0, -1), problem));
  }

  /** `line N` of the value. */
  line(path: Path): string {
    return `line ${this.#place(path).line}`;
  }

  raw(path: Path): string | null {
    return this.#positions.raw(path);
  }

  #place(path: Path): Place {
    return this.#source.place(this.#positions.value(path));
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
