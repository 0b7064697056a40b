/** At most so much at once, in the order in which it came. */

/** `weight`: how much of the limit the work takes, 1 if nothing is said; what is heavier than the limit runs alone. */
export type Gate = <T>(work: () => Promise<T>, weight?: number) => Promise<T>;

export function createGate(limit: number): Gate {
  const waiting: { weight: number; enter: () => void }[] = [];
  let running = 0;
  const hasRoom = (weight: number): boolean => running === 0 || running + weight <= limit;
  const admit = (): void => {
    for (let next = waiting[0]; next && hasRoom(next.weight); next = waiting[0]) {
      waiting.shift();
      running += next.weight;
      next.enter();
    }
  };
  return async (work, weight = 1) => {
    if (waiting.length === 0 && hasRoom(weight)) running += weight;
    else await new Promise<void>((enter) => waiting.push({ weight, enter }));
    try {
      return await work();
    } finally {
      running -= weight;
      admit();
    }
  };
}
