/** What a run may have left on machines, in words. */
import type { RunEvent } from '../core/events.ts';
import type { Debt } from '../stages/deeds.ts';
import { createMemory } from './memory.ts';

/** `the ISO may be inserted, the boot override may be set`; null where nothing is owed. */
export function inWords(owes: ReadonlySet<Debt>): string | null {
  const what = [
    ...(owes.has('media') ? ['the ISO may be inserted'] : []),
    ...(owes.has('override') ? ['the boot override may be set'] : []),
    ...(owes.has('power') ? ['the power may not be as it was found'] : []),
  ];
  return what.length > 0 ? what.join(', ') : null;
}

/** Of a run that was killed, from its journal: one line for each host that is owed something. */
export function owedBy(events: readonly RunEvent[]): string[] {
  const memory = createMemory();
  events.forEach(memory.apply);
  return [...new Set(events.map(({ subject }) => subject))].flatMap((subject) => {
    const words = inWords(memory.of(subject).deeds.owes);
    return words === null ? [] : [`${subject}: ${words}`];
  });
}
