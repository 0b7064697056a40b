/** An inventory with defaults, groups and ranges as the one that somebody would have written out by hand. */
import { Groups } from './groups.ts';
import { isRecord, list, type Loose, record } from './loose.ts';
import { type Layer, mergedLayers, writtenIn } from './merge.ts';
import type { Path } from './positions.ts';
import { holdsRange, templateOf } from './ranges.ts';
import type { Reporter } from './reporter.ts';
import { clusterOf, counted, isName, type Result, type Unit, unitOf } from './units.ts';
import { Written } from './written.ts';

/** Clusters and hosts that ranges may make in one inventory. */
const MOST_MADE = 10_000;
/** Five hundred for each of them: every check looks at all. */
const MOST_VALUES = 5_000_000;

/**
 * What is wrong with groups and ranges is reported, and the value is made all the same, so that the rest can be checked. From
 * then on the reporter takes paths in the value that is returned. Of defaults and groups it keeps the first value of each range.
 * `mayHoldRange`: false where that is known already.
 */
export function expand(written: unknown, reporter: Reporter, mayHoldRange = true): unknown {
  const root = record(written);
  const work = new Expansion(new Groups(root), reporter, mayHoldRange);
  const clusters = list(root['clusters']).flatMap((cluster, i) => work.cluster(cluster, ['clusters', i]));
  work.groups.check(reporter);
  reporter.follow(new Written(clusters.map(({ made }) => made)));
  const shared = Object.keys(root).filter((key) => key === 'defaults' || key === 'groups');
  return {
    ...root,
    ...Object.fromEntries(shared.map((key) => [key, templateOf(root[key]).make(0)])),
    ...(Array.isArray(root['clusters']) ? { clusters: clusters.map(({ value }) => value) } : {}),
  };
}

class Expansion {
  readonly groups: Groups;
  readonly #reporter: Reporter;
  readonly #mayHoldRange: boolean;
  #made = 0;
  #values = 0;

  constructor(groups: Groups, reporter: Reporter, mayHoldRange: boolean) {
    this.groups = groups;
    this.#reporter = reporter;
    this.#mayHoldRange = mayHoldRange;
  }

  cluster(own: unknown, path: Path): Result[] {
    if (!isRecord(own)) return [{ value: own, made: { layers: [{ path, value: {} }], name: null, hosts: [] } }];
    if (this.#isPlain(own)) return [{ value: own, made: { layers: [{ path, value: own }], name: null, hosts: [] } }];
    const names = this.groups.named(own, path, this.#reporter);
    const layers = [...this.groups.defaults.cluster, ...this.groups.layers('cluster', names), { path, value: own }];
    const { hosts: _, ...bare } = mergedLayers(layers);
    const cluster = unitOf('cluster', layers, bare);
    const under = [
      ...this.groups.defaults.host,
      ...this.groups.layers('host', names),
      ...('disks' in own ? [{ path, value: { disks: own['disks'] } }] : []),
    ];
    const hosts = list(own['hosts']).map((host, i) => this.#host(host, [...path, 'hosts', i], under));
    this.#check(cluster, cluster.count);
    for (const host of hosts) if (host) this.#check(host, host.count ?? cluster.count);
    const most = this.#mostOf(cluster, hosts);
    return counted(cluster.count, most).map((index) => clusterOf(own, cluster, hosts, index, most));
  }

  /** Nothing goes into it or its hosts, and it holds no range: it is what it will be. */
  #isPlain(own: Loose): boolean {
    const { cluster, host } = this.groups.defaults;
    const isFull = (host: unknown): boolean => !isRecord(host) || !('groups' in host);
    return (
      cluster.length + host.length === 0 &&
      !('groups' in own || 'disks' in own) &&
      list(own['hosts']).every(isFull) &&
      !(this.#mayHoldRange && holdsRange(own))
    );
  }

  /** Null: it is no mapping. `under`: what lies below its own groups. */
  #host(own: unknown, path: Path, under: Layer[]): Unit | null {
    if (!isRecord(own)) return null;
    const names = this.groups.named(own, path, this.#reporter);
    const layers = [...under, ...this.groups.layers('host', names), { path, value: own }];
    return unitOf('host', layers, mergedLayers(layers));
  }

  /** Every range of the unit has as many values as there will be; `count` is null where there is one only. */
  #check({ what, layers, template: { ranged } }: Unit, count: number | null): void {
    const isNameWrong = ranged.some((range) => isName(range) && typeof range.count !== 'number');
    for (const { path, count: is, text: range } of ranged) {
      const at = writtenIn(layers, path).path;
      if (typeof is !== 'number') this.#reporter.at(at, is);
      else if (isNameWrong || is === count) continue;
      else if (count === null) {
        const todo = `write a range of ${is} in its name too, or one value here`;
        this.#reporter.at(at, { message: `the range in "${range}" needs one in the name of its ${what}`, todo });
      } else {
        const todo = `make it ${count} long, as the name is`;
        this.#reporter.at(at, { message: `a range of ${is}, where the name makes ${count}`, todo });
      }
    }
  }

  /** How many of each may be made: all; of too many one, so that it is checked; after too many values none. */
  #mostOf(cluster: Unit, hosts: (Unit | null)[]): number {
    const clusters = cluster.count ?? 1;
    const sum = (of: (host: Unit | null) => number): number => hosts.reduce((all, host) => all + of(host), 0);
    const made =
      clusters *
      Math.max(
        sum((host) => host?.count ?? 1),
        1,
      );
    const ranged = [cluster, ...hosts].find((unit) => unit && unit.count !== null);
    if (ranged && this.#made + made > MOST_MADE) {
      this.#refuse(ranged, `ranges make more than ${MOST_MADE} hosts`);
      return 1;
    }
    if (ranged) this.#made += made;
    const isFull = this.#values > MOST_VALUES;
    this.#values += clusters * (cluster.size + sum((host) => (host ? (host.count ?? 1) * host.size : 1)));
    if (this.#values <= MOST_VALUES) return Infinity;
    if (isFull) return 0;
    this.#refuse(cluster, `with defaults, groups and ranges more than ${MOST_VALUES} values`);
    return 1;
  }

  #refuse({ layers }: Unit, message: string): void {
    const { path } = writtenIn(layers, ['name']);
    this.#reporter.at(path, { message, todo: 'write several inventories' });
  }
}
