/** What a run knows: the fold of its events. A life that goes on folds the journal; a life that runs folds what it says. */
import type { Facts, RunEvent, Subject } from '../core/events.ts';
import { Deeds } from '../stages/deeds.ts';

export interface Remembered {
  facts: Facts;
  deeds: Deeds;
}

export interface Memory {
  /** Of a cluster or a host; made where nothing was said of it yet. */
  of(subject: Subject): Remembered;
  apply(event: RunEvent): void;
  /** A new life begins: what was being undone when the last one ended does not hold any more. */
  goOn(): void;
}

/** With these a machine owes nothing any more, and what the run did to it no longer holds. */
const CLEANING = ['cleanup', 'take-down'];

export function createMemory(): Memory {
  const all = new Map<Subject, Remembered>();
  const of = (subject: Subject): Remembered => {
    const known = all.get(subject) ?? { facts: {}, deeds: new Deeds() };
    all.set(subject, known);
    return known;
  };
  return {
    of,
    apply: (event) => fold(of(event.subject), event),
    goOn: () => {
      for (const { facts, deeds } of all.values()) if (deeds.tries(CLEANING[0]!).size > 0) letGo(facts, deeds);
    },
  };
}

function fold({ facts, deeds }: Remembered, event: RunEvent): void {
  switch (event.type) {
    case 'stage.started':
      return deeds.begin(event.stage);
    case 'intent':
      return deeds.intend(event.stage, event.effect, event.try, Date.parse(event.at));
    case 'result':
      return deeds.settle(event.stage, event.effect, Date.parse(event.at), event.error?.code);
    case 'stage.failed':
      return deeds.end(event.stage);
    case 'stage.succeeded':
      deeds.end(event.stage);
      Object.assign(facts, event.facts);
      if (CLEANING.includes(event.stage)) {
        letGo(facts, deeds);
        deeds.owes.clear();
      } else if (event.stage === 'delete-cluster') deeds.forget();
      else if (event.stage === 'eject-media') {
        deeds.owes.delete('media');
        deeds.owes.delete('override');
      } else if (event.facts['mediaLost'] === true) letGo(facts, deeds);
      return;
    default:
      return;
  }
}

/** The boot of the host has to be done anew. */
function letGo(facts: Facts, deeds: Deeds): void {
  deeds.forget();
  Object.assign(facts, { hostId: null, bytesAtInsert: null, mediaLost: false });
}
