/** `--limit`: the clusters that patterns of Ansible's kind mean. A pattern that means nothing is an error, never a smaller run. */
import { SnobootError } from '../core/errors.ts';
import { hasWildcards, wildcard } from './glob.ts';
import { didYouMean } from './suggest.ts';
import type { ClusterSpec, Inventory } from './types.ts';

/** Names of clusters, `cluster/host`, hosts and groups → the clusters that they mean. */
type Index = ReadonlyMap<string, ReadonlySet<ClusterSpec>>;

/**
 * The inventory with the clusters that `pattern` means, in their order, each whole when one of its hosts is meant; `all`
 * keeps every one. Terms are joined by `,` or `:`, wildcards are `*`, `?` and `[...]`; what has no mark before it is taken
 * together (none: all), then `&x` leaves what `x` means too, then `!x` takes away. Throws E-USAGE for a term that means
 * nothing, and where nothing is left.
 */
export function limited(inventory: Inventory, pattern: string): Inventory {
  const { clusters } = inventory;
  const terms = termsOf(pattern);
  const index = indexOf(clusters);
  const marked = (mark: string): ReadonlySet<ClusterSpec>[] =>
    terms.filter((term) => markOf(term) === mark).map((term) => meantBy(term.slice(mark.length), index));
  const [plain, also, without] = [marked(''), marked('&'), marked('!')];
  const isMeant = (cluster: ClusterSpec): boolean =>
    (plain.length === 0 || plain.some((set) => set.has(cluster))) &&
    also.every((set) => set.has(cluster)) &&
    !without.some((set) => set.has(cluster));
  const left = clusters.filter(isMeant);
  if (left.length === 0) throw wrong(`${JSON.stringify(pattern)} leaves no cluster`, 'correct the pattern');
  return { ...inventory, clusters: left, all: inventory.all ?? clusters };
}

/** A `,` or `:` between brackets joins nothing. */
function termsOf(pattern: string): string[] {
  const terms = pattern.match(/(?:\[[^\]]*\]|[^,:])+/g)?.map((term) => term.trim()) ?? [];
  const filled = terms.filter((term) => term !== '');
  if (filled.length === 0) throw wrong('names nothing', "write e.g. --limit 'rack1,!sno-3'");
  return filled;
}

function markOf(term: string): string {
  return /^[!&]/.exec(term)?.[0] ?? '';
}

function indexOf(clusters: readonly ClusterSpec[]): Index {
  const index = new Map([['all', new Set(clusters)]]);
  const add = (name: string, cluster: ClusterSpec): void => {
    const known = index.get(name);
    if (known) known.add(cluster);
    else index.set(name, new Set([cluster]));
  };
  for (const cluster of clusters) {
    for (const name of [cluster.name, ...cluster.groups]) add(name, cluster);
    for (const host of cluster.hosts)
      for (const name of [host.name, `${cluster.name}/${host.name}`, ...host.groups]) add(name, cluster);
  }
  return index;
}

function meantBy(text: string, index: Index): ReadonlySet<ClusterSpec> {
  if (text.startsWith('~')) throw wrong(`${text}: regular expressions are not known`, 'use *, ? and [...]');
  const exact = index.get(text);
  if (exact) return exact;
  if (!hasWildcards(text)) throw meansNothing(text, didYouMean(text, index.keys()));
  const fits = wildcard(text);
  const meant = new Set([...index].flatMap(([name, clusters]) => (fits(name) ? [...clusters] : [])));
  if (meant.size === 0) throw meansNothing(text, '');
  return meant;
}

function meansNothing(text: string, hint: string): SnobootError {
  return wrong(
    `${JSON.stringify(text)} is no cluster, host or group of the inventory${hint}`,
    'correct it: a pattern that means nothing could leave out what was meant',
  );
}

function wrong(what: string, todo: string): SnobootError {
  return new SnobootError('E-USAGE', `--limit ${what}`, todo);
}
