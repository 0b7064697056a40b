/** Values that events carry and that are more than a word: plain JSON, kept in the journal. */
import type { ErrorRecord } from './errors.ts';

export type { ErrorRecord };

/** Results of stages that later stages need: JSON values by name, never a secret. */
export type Facts = Record<string, string | number | boolean | string[] | null>;

/** What the run is about, value by value: it goes on only over the same. `shared` concerns every cluster. */
export interface JournalSource {
  shared: unknown;
  clusters: Record<string, unknown>;
}

/** A disk as the agent sent it; what is not known is empty. */
export interface DiskRecord {
  /** The service's name for it, by-id or by-path. */
  id: string;
  /** E.g. `/dev/sda`. */
  path: string;
  sizeBytes: number;
  serial: string;
  wwn: string;
}

/** One entry of a log that is not ours; `at` is its own date (ISO), or empty. */
export interface HeardLine {
  at: string;
  text: string;
}
