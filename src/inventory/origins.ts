/** Which values of an inventory were not read from its file but given on the command line. */
import type { Place } from './issues.ts';
import type { Path, Positions } from './positions.ts';

export interface Origin {
  place: Place;
  /** Of the YAML that was given, where the value is more than one scalar. */
  positions: Positions | null;
}

export class Origins {
  readonly #all = new Map<string, Origin>();

  /** The value at `path`, with all that lies below it, comes from there. */
  note(path: Path, origin: Origin): void {
    const key = keyOf(path);
    for (const other of this.#all.keys()) if (other.startsWith(key)) this.#all.delete(other);
    this.#all.set(key, origin);
  }

  /** The nearest origin at or above the value, and the rest of the way from there; null: the file. */
  of(path: Path): { origin: Origin; rest: Path } | null {
    for (let depth = path.length; depth > 0; depth--) {
      const origin = this.#all.get(keyOf(path.slice(0, depth)));
      if (origin) return { origin, rest: path.slice(depth) };
    }
    return null;
  }
}

/** Of a path below another one it begins with that one's. */
function keyOf(path: Path): string {
  return path.map((step) => `${JSON.stringify(String(step))}/`).join('');
}
