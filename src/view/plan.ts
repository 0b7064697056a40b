/** What `snoboot plan` knows: plain JSON, the same for text, JSON and YAML. Names are only added to. */
import type { ErrorRecord } from '../core/errors.ts';

export interface Plan {
  inventory: string;
  /** The service's URL, or what the lab is. */
  target: string;
  verb: 'deploy' | 'destroy';
  clusters: PlannedCluster[];
  /** Machines whose installation disk would be erased. */
  erases: number;
  /** Effects that would be brought about for certain. */
  changes: number;
  /** About the inventory as a whole, one line each. */
  notes: string[];
}

export interface PlannedCluster {
  name: string;
  /** What the service holds under its name: absent, before-install, installing, installed, ended-badly, forgotten; unknown where it could not be asked. */
  state: string;
  /** What it would be in the end, if all goes well: an outcome of a run. */
  outcome: string;
  openshiftVersion: string;
  livesThere: Living | null;
  lastRun: LastWord | null;
  steps: Step[];
  hosts: PlannedHost[];
  notes: string[];
  problem: ErrorRecord | null;
}

/** A cluster that is there, by the service or by the record here. Dates are ISO, null where they are not known. */
export interface Living {
  cluster: string;
  status: string;
  since: string | null;
  openshiftVersion: string | null;
}

/** Of the newest run that brought it to an end; by the run's clock. */
export interface LastWord {
  at: string;
  outcome: string;
}

export interface Step {
  /** The cluster, or `cluster/host`. */
  subject: string;
  stage: string;
  /** Name of the effect; null: it only waits, or is already so. */
  effect: string | null;
  says: string;
  /** `so`: it is already so; `may`: only if it turns out to be needed. */
  when: 'so' | 'will' | 'may';
  /** What would have to go wrong before; null: nothing. */
  onlyIf: string | null;
}

export interface PlannedHost {
  name: string;
  bmc: string;
  identity: {
    vendor: string;
    model: string | null;
    serial: string | null;
    uuid: string | null;
    macs: readonly string[];
    firmware: string | null;
  } | null;
  /** `known`: pinned; `named`: by the inventory; `new`: would be asked for, or wants --accept-new. */
  known: 'known' | 'named' | 'new' | null;
  power: string | null;
  /** URL in its slot. */
  medium: string | null;
  /** What the service knows to live on this machine. */
  livesThere: Living | null;
  disk: string;
  iso: string;
  /** Where the BMC would read the ISO: `http://address[:port]`; null where no address routes there. */
  mediaAddress: string | null;
  problem: ErrorRecord | null;
}
