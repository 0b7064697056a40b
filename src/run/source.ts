/** What a run is about, as its journal keeps it: a run goes on only over the same, or where nothing of it has begun. */
import { SnobootError } from '../core/errors.ts';
import type { JournalHeader, RunEvent } from '../core/events.ts';
import { differences } from '../inventory/difference.ts';
import type { Inventory } from '../inventory/types.ts';

export type Source = JournalHeader['source'];

/** `inventory` as it was written: without what a lab put in its place, without the lab's own settings, whatever --limit left. */
export function sourceOf({ service, media, clusters, all = clusters }: Inventory): Source {
  return {
    shared: { service, media },
    clusters: Object.fromEntries(all.map(({ name, digestSource }) => [name, digestSource])),
  };
}

/** Clusters for which something was done, or about to be done, outside. */
export function begunOf(events: readonly RunEvent[]): string[] {
  const intents = events.filter(({ type }) => type === 'intent');
  return [...new Set(intents.map(({ subject }) => subject.split('/')[0] ?? ''))];
}

/** Begun, and not come to an end at which nothing was owed. */
export function openOf(events: readonly RunEvent[]): string[] {
  const open = new Set<string>();
  for (const event of events) {
    const [name = ''] = event.subject.split('/');
    if (event.type === 'intent') open.add(name);
    if (event.type === 'cluster.ended' && event.leftovers.length === 0) open.delete(name);
  }
  return [...open];
}

/** The source that the run last went on with. */
export function latestSource(header: JournalHeader, events: readonly RunEvent[]): Source {
  const lives = events.flatMap((event) => (event.type === 'run.started' && event.source ? [event.source] : []));
  return lives.at(-1) ?? header.source;
}

/** What changed of that which has begun, one line each; [] when the run may go on. */
export function changesOf(before: Source, after: Source, begun: readonly string[]): string[] {
  if (begun.length === 0) return [];
  const clusters = begun.flatMap((name) =>
    name in after.clusters
      ? differences(before.clusters[name], after.clusters[name]).map(({ path, ...change }) =>
          line(`${name}: ${path}`, change),
        )
      : [`${name}: no longer in the inventory`],
  );
  return [...differences(before.shared, after.shared).map(({ path, ...change }) => line(path, change)), ...clusters];
}

function line(path: string, { before, after }: { before: string; after: string }): string {
  return `${path}: was ${before}, is ${after}`;
}

export function changed(run: string, changes: string[]): SnobootError {
  return new SnobootError(
    'E-INVENTORY-CHANGED',
    `the run ${run} is not finished, and the inventory has changed since: ${changes.join('; ')}`,
    'take the change back and deploy again to finish it; or give it up: snoboot cleanup with this inventory, then deploy',
  );
}

/** Throws E-INVENTORY-CHANGED where --limit leaves out what the unfinished run has open: it would be forgotten. */
export function assertNoneLeftOut(run: string, open: readonly string[], { clusters, all = clusters }: Inventory): void {
  const limited = new Set(clusters.map(({ name }) => name));
  const leftOut = open.filter((name) => !limited.has(name) && all.some((one) => one.name === name));
  if (leftOut.length === 0) return;
  throw new SnobootError(
    'E-INVENTORY-CHANGED',
    `the run ${run} is not finished, and --limit leaves out what it has begun: ${leftOut.join(', ')}`,
    'take them into --limit, or leave --limit out; or give the run up: snoboot cleanup without --limit, then this again',
  );
}
