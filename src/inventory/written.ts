/** Where the values of an expanded inventory were written: in the element itself, in a group, in defaults. */
import { type Layer, writtenIn } from './merge.ts';
import type { Path } from './positions.ts';
import { hasRange } from './ranges.ts';

/** A cluster or host of the expanded inventory. */
export interface Made {
  /** What it was merged from, the last one wins. */
  layers: readonly Layer[];
  /** Which one of those that a range made; null: there is only this one. */
  name: string | null;
  hosts: readonly Made[];
}

export interface WrittenAt {
  path: Path;
  /** Whose value it is, if a range stands there and makes another one for each; else null. */
  of: string | null;
}

export class Written {
  readonly #clusters: readonly Made[];

  constructor(clusters: readonly Made[]) {
    this.#clusters = clusters;
  }

  at(path: Path): WrittenAt {
    const [first, i, hosts, j] = path;
    const cluster = first === 'clusters' ? this.#clusters[Number(i)] : undefined;
    if (!cluster) return { path, of: null };
    const host = hosts === 'hosts' && j !== undefined ? cluster.hosts[Number(j)] : undefined;
    const { layers, name } = host ?? cluster;
    const written = writtenIn(layers, path.slice(host ? 4 : 2));
    return { path: written.path, of: typeof written.value === 'string' && hasRange(written.value) ? name : null };
  }
}
