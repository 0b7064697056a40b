/** Groups and defaults of an inventory: what they give to a cluster or host, and which are named wrongly or by nobody. */
import { shown } from './issues.ts';
import { isRecord, list, type Loose, record } from './loose.ts';
import type { Layer } from './merge.ts';
import type { Path } from './positions.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean, nearest } from './suggest.ts';

export type Kind = 'cluster' | 'host';

/** A name that `--limit` can tell from its marks and wildcards. */
const NAME = /^[A-Za-z0-9_][\w.-]*$/;

export class Groups {
  readonly #groups: Loose;
  /** What defaults say of every cluster and every host. */
  readonly defaults: Readonly<Record<Kind, readonly Layer[]>>;
  readonly #used = new Set<string>();

  constructor(root: Loose) {
    this.#groups = record(root['groups']);
    const { cluster, host } = record(root['defaults']);
    this.defaults = { cluster: layerAt(cluster, ['defaults', 'cluster']), host: layerAt(host, ['defaults', 'host']) };
  }

  /** What groups say, in the order of `names`. */
  layers(kind: Kind, names: readonly string[]): Layer[] {
    return names.flatMap((name) => layerAt(record(this.#groups[name])[kind], ['groups', name, kind]));
  }

  /** The groups that `element`, which stands at `path`, is in; names that are none are reported. */
  named(element: Loose, path: Path, reporter: Reporter): string[] {
    return list(element['groups']).flatMap((name, i) => {
      if (typeof name !== 'string') return [];
      this.#used.add(name);
      if (Object.hasOwn(this.#groups, name)) return [name];
      const known = Object.keys(this.#groups);
      const best = nearest(name, known);
      const todo = best
        ? `write ${best}`
        : `add ${shown(name)} to groups:, or use one of ${known.join(', ') || 'them'}`;
      reporter.at([...path, 'groups', i], { message: `no group ${shown(name)}${didYouMean(name, known)}`, todo });
      return [];
    });
  }

  /** Reports names that cannot be used, and warns of groups that nobody named. */
  check(reporter: Reporter): void {
    for (const name of Object.keys(this.#groups)) {
      const path = ['groups', name];
      if (!NAME.test(name) || ['__proto__', 'all'].includes(name)) {
        const todo = name === 'all' ? 'use defaults: for what holds for all' : 'use letters, digits, dashes and dots';
        reporter.atKey(path, { message: `${shown(name)} is no name for a group`, todo });
      } else if (!this.#used.has(name))
        reporter.atKey(
          path,
          { message: `nobody is in the group ${shown(name)}`, todo: `write groups: [${name}] in a cluster or host` },
          'warning',
        );
    }
  }
}

function layerAt(value: unknown, path: Path): Layer[] {
  return isRecord(value) ? [{ path, value }] : [];
}
