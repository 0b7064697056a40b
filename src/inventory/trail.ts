/** Paths of values that are looked at by the thousand and seldom reported: one step, and what leads to it. */
import type { Path } from './positions.ts';

export class Trail {
  readonly from: Trail | null;
  readonly step: PropertyKey;

  constructor(step: PropertyKey, from: Trail | null = null) {
    this.step = step;
    this.from = from;
  }

  /** One step further; it keeps no copy of the way up to here. */
  to(step: PropertyKey): Trail {
    return new Trail(step, this);
  }

  get path(): Path {
    return this.from === null ? [this.step] : [...this.from.path, this.step];
  }
}

/** A path, however it was kept. */
export type Where = Path | Trail;

export function pathOf(where: Where): Path {
  return where instanceof Trail ? where.path : where;
}
