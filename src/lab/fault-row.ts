/** What a line of the table of faults is. */
import type { Seam, Seams } from './seams.ts';

export interface FaultRow<S extends Seam = Seam> {
  /** null: the lab only knows its name. */
  seam: S | null;
  /** What it does, in one line. */
  about: string;
  /** The changed value, or the very same one where the fault has nothing to say; `times`: how often it has changed one so far. */
  change: (value: Seams[S], times: number) => Seams[S];
  /** When it does so unless it is armed otherwise, as a fault's `when` is written; left out: always. */
  when?: string;
  /** What its end is, for the history. */
  ends?: string;
  /** Whether what it is armed at says only when it begins: the fault itself is everywhere. */
  everywhere?: boolean;
}

type More = Pick<FaultRow, 'when' | 'ends' | 'everywhere'>;

/** A row of any seam; the seam says which values `change` takes. */
export function row<S extends Seam>(
  seam: S | null,
  about: string,
  change: (value: Seams[S], times: number) => Seams[S],
  more: More = {},
): FaultRow {
  return { seam, about, change, ...more } as unknown as FaultRow;
}
