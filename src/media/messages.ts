/** What a run and its media server say to each other. */
import type { ErrorRecord } from '../core/errors.ts';
import type { ServedFile } from './reply.ts';

/** Where the server listens; port 0 is any free one, or the one that it has at this address already. */
export interface Place {
  address: string;
  port: number;
}

/** All that the server is to do. */
export interface MediaTable {
  places: Place[];
  /** `read`: bytes that went out before. */
  files: (ServedFile & { read: number })[];
  /** Tokens that were served once. */
  withdrawn: string[];
}

/** Answer to a table: its places with their ports, or what is wrong with one of them. */
export type TableAnswer = { places: Place[] } | { error: ErrorRecord };

/** Bytes that went out under a token so far. */
export interface Total {
  token: string;
  total: number;
}

/** By what the two know each other: the run shows `token`, the server answers with `proof`. */
export interface Keys {
  token: string;
  proof: string;
}

/** The one message to a new server; `factor` is that of the run's clock. It answers with the port of its control. */
export type ToMedia = Keys & { factor: number };
export interface FromMedia {
  port: number;
}
