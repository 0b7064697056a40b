/** Who is who among the machines of a run. Its BMCs are looked at side by side: only so can two that show one machine both be refused. */
import type { Clock } from '../core/clock.ts';
import type { Subject } from '../core/events.ts';
import type { Inventory } from '../inventory/types.ts';
import { claimsOf, type Machines } from '../stages/context.ts';
import type { Shown } from '../stages/identity.ts';
import { MINUTE } from '../stages/stage.ts';
import type { Protection } from './protected-hosts.ts';

/** Of the run's clock, for BMCs that do not answer; who comes later is held against those that came before. */
const PATIENCE_MS = 2 * MINUTE;

interface Asked {
  inventory: Inventory;
  clock: Clock;
  vouch: Machines['vouch'];
  protection: Protection;
}

export function machinesOf({ inventory, clock, vouch, protection }: Asked): Machines {
  const clusters = inventory.all ?? inventory.clusters;
  return {
    claims: clusters.flatMap(({ name, hosts }) =>
      hosts.map((spec) => claimsOf({ subject: `${name}/${spec.name}`, spec })),
    ),
    rollCall: createRollCall(clock),
    protectedBy: protection.by,
    vouch,
  };
}

export function createRollCall(clock: Clock): Machines['rollCall'] {
  const called = new Map<Subject, Promise<Shown | null>>();
  const answered = new Map<Subject, Shown>();
  return async (subject, connect, signal) => {
    const answer = connect().then(({ identity }) => identity);
    const noted = answer.then(
      (shown) => (answered.set(subject, shown), shown),
      () => null,
    );
    called.set(subject, noted);
    const shown = await answer;
    const over = new AbortController();
    await Promise.race([
      Promise.all(called.values()),
      clock.sleep(PATIENCE_MS, AbortSignal.any([signal, over.signal])),
    ]).finally(() => over.abort(new Error('over')));
    const others = [...answered].filter(([name]) => name !== subject);
    return { shown, neighbours: others.map(([name, one]) => ({ subject: name, shown: one })) };
  };
}
