/** What a run that was killed may have left on machines, from its journal. */
import type { RunEvent } from '../core/events.ts';
import { createMemory } from './memory.ts';

/** One line for each host that is owed something: `sno1/host-0: the ISO may be inserted, the boot override set`. */
export function owedBy(events: readonly RunEvent[]): string[] {
  const memory = createMemory();
  events.forEach(memory.apply);
  return [...new Set(events.map(({ subject }) => subject))].flatMap((subject) => {
    const { owes } = memory.of(subject).deeds;
    const what = [
      ...(owes.has('media') ? ['the ISO may be inserted'] : []),
      ...(owes.has('override') ? ['the boot override may be set'] : []),
      ...(owes.has('power') ? ['the power may not be as it was found'] : []),
    ];
    return what.length > 0 ? [`${subject}: ${what.join(', ')}`] : [];
  });
}
