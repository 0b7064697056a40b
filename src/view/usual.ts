/** What is usual, from earlier runs: milliseconds of the run's clock, null where nobody knows. */
export interface Usual {
  stage(subject: string, stage: string): number | null;
  /** From a cluster's first stage to its end. */
  whole(cluster: string): number | null;
}

export const NOTHING_USUAL: Usual = { stage: () => null, whole: () => null };

/** What takes so many times the usual is late. */
export const LATE = 2;
