/** Where each value of a YAML text stands: js-yaml's events, walked once into a tree (libraries.md §3). */
import { type Event, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

export type Path = readonly PropertyKey[];

interface Spot {
  /** Offsets of the value and, in a mapping, of its key. */
  value: number;
  key: number;
  /** The scalar as it is written, without quotes. */
  raw: string | null;
  children: Map<string, Spot>;
}

const MERGE = '<<';

/** Offsets of the values of a text that js-yaml could read. A value that came by alias or merge stands where the alias does. */
export class Positions {
  readonly #source: string;
  #tree: Spot | null = null;

  constructor(source: string) {
    this.#source = source;
  }

  /** An inventory that is right needs none, so the events are read again rather than kept. */
  get #root(): Spot {
    return (this.#tree ??= new Walk(this.#source, parseEvents(this.#source, {})).document());
  }

  /** Offset of the value at `path`, or of its nearest ancestor that is written in the text. */
  value(path: Path): number {
    return this.#nearest(path).value;
  }

  /** Offset of the key that leads to the value at `path`. */
  key(path: Path): number {
    const spot = this.#nearest(path);
    return spot.key >= 0 ? spot.key : spot.value;
  }

  /** The scalar at `path` as it is written; null if it is none, or came by alias. */
  raw(path: Path): string | null {
    let spot: Spot | undefined = this.#root;
    for (const step of path) spot = spot?.children.get(String(step));
    return spot?.raw ?? null;
  }

  #nearest(path: Path): Spot {
    let spot = this.#root;
    for (const step of path) {
      const next = spot.children.get(String(step));
      if (!next) return spot.children.get(MERGE) ?? spot;
      spot = next;
    }
    return spot;
  }
}

class Walk {
  readonly #source: string;
  readonly #events: Event[];
  #next = 0;

  constructor(source: string, events: Event[]) {
    this.#source = source;
    this.#events = events;
  }

  document(): Spot {
    this.#next = 1;
    return this.#node(-1);
  }

  #node(key: number): Spot {
    const event = this.#events[this.#next++];
    const spot: Spot = { value: 0, key, raw: null, children: new Map() };
    if (event?.type === EVENT_ID.ALIAS) spot.value = event.anchorStart - 1;
    if (event?.type === EVENT_ID.SCALAR) {
      spot.value = event.valueStart < 0 ? Math.max(key, 0) : start(event);
      spot.raw = this.#source.slice(event.valueStart, event.valueEnd);
    }
    if (event?.type === EVENT_ID.SEQUENCE || event?.type === EVENT_ID.MAPPING) {
      spot.value = event.start;
      for (let index = 0; this.#events[this.#next]?.type !== EVENT_ID.POP; index++) {
        this.#child(spot, event.type === EVENT_ID.MAPPING, index);
      }
      this.#next++;
    }
    return spot;
  }

  #child(parent: Spot, inMapping: boolean, index: number): void {
    if (!inMapping) {
      parent.children.set(String(index), this.#node(-1));
      return;
    }
    const key = this.#events[this.#next++];
    const isText = key?.type === EVENT_ID.SCALAR;
    const name = isText ? getScalarValue(this.#source, key) : `*${index}`;
    parent.children.set(name, this.#node(isText ? start(key) : -1));
  }
}

function start(event: ScalarEvent): number {
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return Math.max(quoted ? event.valueStart - 1 : event.valueStart, 0);
}
