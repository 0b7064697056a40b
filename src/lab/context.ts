/** What every emulator of the lab is given: time, chance, the world, its history and the armed faults. */
import type { Clock } from '../core/clock.ts';
import type { Send } from '../core/http.ts';
import type { Random } from '../core/random.ts';
import type { ClusterNode } from './cluster/node.ts';
import type { Faults } from './faults.ts';
import type { Release } from './spec.ts';
import type { World } from './world.ts';

/** One line of history.jsonl. `at` is lab time, ISO; the rest depends on the kind (docs/lab.md). */
export interface HistoryEntry {
  kind:
    | 'request'
    | 'power'
    | 'boot'
    | 'media'
    | 'override'
    | 'disk'
    | 'agent'
    | 'stage'
    | 'status'
    | 'network'
    | 'api'
    | 'fault'
    | 'lab';
  /** `service`, or the id of the host. */
  to: string;
  [detail: string]: unknown;
}

export interface Lab {
  clock: Clock;
  random: Random;
  /** For the emulators' own requests: BMCs and hosts are HTTP clients too. */
  send: Send;
  world: World;
  faults: Faults;
  /** What the service can install. */
  releases: readonly Release[];
  /** Nodes that are up, by the host's id. */
  nodes: Map<string, ClusterNode>;
  /** Appends a line to the history. */
  record(entry: HistoryEntry): void;
  /** Says that the world has changed and must be saved. */
  changed(): void;
  /** Aborted when the lab goes down; every loop of an emulator ends with it. */
  signal: AbortSignal;
}
