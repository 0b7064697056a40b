/** Turns a path in the inventory into a place in its text, and reports there. */
import type { IssueList, Place } from './issues.ts';
import type { SourceText } from './document.ts';
import type { Origins } from './origins.ts';
import type { Path, Positions } from './positions.ts';
import { pathOf, type Where } from './trail.ts';
import type { Issue, Problem } from './types.ts';
import type { Written, WrittenAt } from './written.ts';

/** Takes paths in the value that is checked; places and names are those of what somebody wrote. */
export class Reporter {
  readonly #issues: IssueList;
  readonly #source: SourceText;
  readonly #positions: Positions;
  readonly #origins: Origins;
  #written: Written | null = null;

  constructor(issues: IssueList, source: SourceText, positions: Positions, origins: Origins) {
    this.#issues = issues;
    this.#source = source;
    this.#positions = positions;
    this.#origins = origins;
  }

  /** From now on paths are those of the expanded inventory. */
  follow(written: Written): void {
    this.#written = written;
  }

  /** Reports at the value; the message begins with the path. */
  at(path: Where, problem: Problem, severity: Issue['severity'] = 'error'): void {
    const written = this.#writtenAt(path);
    this.#issues.add(this.#place(written.path), prefixed(this.#named(written), problem), severity, written.of !== null);
  }

  /** Reports at the key that leads to the value. */
  atKey(path: Where, problem: Problem, severity: Issue['severity'] = 'error'): void {
    const { path: written } = this.#writtenAt(path);
    const given = this.#origins.of(written);
    const place = given?.origin.place ?? this.#source.place(this.#positions.key(written));
    this.#issues.add(place, prefixed(pathText((given?.rest ?? written).slice(0, -1)), problem), severity);
  }

  /** How a message names the value: `clusters[0].hosts[0].uuid`, and whose it is where a range gives each another one. */
  name(path: Where): string {
    return nameOf(this.#writtenAt(path));
  }

  /** `line N` of the value, or the argument that gave it. */
  line(path: Where): string {
    const { file, line } = this.#place(this.#writtenAt(path).path);
    return line === 0 ? file : `line ${line}`;
  }

  /** The scalar as it was written; null where nobody knows. */
  raw(path: Path): string | null {
    const { path: written } = this.#writtenAt(path);
    const given = this.#origins.of(written);
    return given ? (given.origin.positions?.raw(given.rest) ?? null) : this.#positions.raw(written);
  }

  #writtenAt(where: Where): WrittenAt {
    const path = pathOf(where);
    return this.#written?.at(path) ?? { path, of: null };
  }

  /** What the place does not say already. */
  #named({ path, of }: WrittenAt): string {
    return nameOf({ path: this.#origins.of(path)?.rest ?? path, of });
  }

  #place(written: Path): Place {
    return this.#origins.of(written)?.origin.place ?? this.#source.place(this.#positions.value(written));
  }
}

function nameOf({ path, of }: WrittenAt): string {
  return [pathText(path), ...(of === null ? [] : [of])].filter((part) => part !== '').join(' of ');
}

function prefixed(name: string, { message, todo }: Problem): Problem {
  return { message: name === '' ? message : `${name}: ${message}`, todo };
}

/** `clusters[0].hosts[0].name`. */
export function pathText(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i ? '.' : ''}${String(step)}`)).join('');
}

/** Reports a value that stands already at `first`. */
export function reportTwice(reporter: Reporter, what: string, value: string, path: Where, first: Where): void {
  const [name, firstName] = [reporter.name(path), reporter.name(first)];
  if (name === firstName && pathText(pathOf(path)) !== pathText(pathOf(first))) {
    const message = `${what} "${value}" goes to several`;
    reporter.at(path, {
      message,
      todo: `give each its own ${what}, with a range such as {01..20} or in its own entry`,
    });
    return;
  }
  const message = `${what} "${value}" is already at ${firstName} (${reporter.line(first)})`;
  reporter.at(path, { message, todo: `give each its own ${what}` });
}

/** Reports every second value of a kind that may stand only once. */
export class Unique {
  readonly #reporter: Reporter;
  readonly #what: string;
  readonly #first = new Map<string, Where>();

  constructor(reporter: Reporter, what: string) {
    this.#reporter = reporter;
    this.#what = what;
  }

  note(value: string, path: Where): void {
    const first = this.#first.get(value);
    if (first) reportTwice(this.#reporter, this.#what, value, path, first);
    else this.#first.set(value, path);
  }
}
