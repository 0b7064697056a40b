/** What a life that goes on found in the journal, said once: where the last one stood, and what nobody knows. */
import type { ClusterContext } from '../stages/context.ts';
import type { Deeds } from '../stages/deeds.ts';
import type { Journal } from './journal.ts';
import type { OpenedRun } from './open-run.ts';

export function tellFound({ folders, past, life }: OpenedRun, clusters: ClusterContext[], { say }: Journal): void {
  const last = past.at(-1);
  const at = last ? `: it was last heard of at ${last.at}` : '';
  say('run', { type: 'found', text: `goes on with the unfinished run ${folders.run} (life ${life})${at}` });
  for (const subject of clusters.flatMap((cluster) => [cluster, ...cluster.hosts]))
    for (const text of foundOf(subject.deeds)) say(subject.subject, { type: 'found', text });
}

/** A stage that was left for a later one never ends: it is told only where something of it is unknown. */
function foundOf(deeds: Deeds): string[] {
  const open = deeds.open();
  return open.flatMap((stage) => {
    const unknown = [...deeds.tries(stage)]
      .filter(([, { outcome }]) => outcome === 'unknown')
      .map(([effect]) => effect);
    if (unknown.length === 0) return stage === open.at(-1) ? [`was at ${stage}`] : [];
    return [`was at ${stage}, and nobody wrote down what came of ${unknown.join(', ')}: looking`];
  });
}
