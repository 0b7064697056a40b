/** What stages are given: the run's ports and clients, and what is known so far of a cluster and of each host. */
import type { Assisted } from '../assisted/client.ts';
import type { ServiceWatch } from '../assisted/watch.ts';
import type { Clock } from '../core/clock.ts';
import type { Event, Facts, Subject } from '../core/events.ts';
import type { HttpClient, Trust } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import type { ClusterSpec, HostSpec } from '../inventory/types.ts';
import type { Bmc } from '../redfish/bmc.ts';

/** Where a host's medium is published, and what was read of it. */
export interface MediaDesk {
  /** Listens where this host's BMC can reach it. Throws E-MEDIA-PORT or E-MEDIA-ADDRESS. */
  prepare(host: HostContext): Promise<void>;
  /** Publishes the ISO for this host and returns the URL; the same one for the whole run. */
  publish(host: HostContext, iso: { path: string; size: number; lastModified: string }): Promise<string>;
  /** Bytes that went out under the host's URL so far. */
  bytesRead(subject: Subject): number;
  withdraw(subject: Subject): void;
}

export interface RunContext {
  clock: Clock;
  http: HttpClient;
  assisted: Assisted;
  watch: ServiceWatch;
  /** How the service and its image service are trusted. */
  trust: Trust;
  media: MediaDesk;
  /** `.snoboot/runs/<id>`, and `.snoboot/clusters`; absolute. */
  runDir: string;
  clustersDir: string;
  say(subject: Subject, event: Event): void;
}

export interface ClusterContext {
  run: RunContext;
  spec: ClusterSpec;
  subject: Subject;
  hosts: HostContext[];
  pullSecret: Secret;
  /** Facts of this cluster's stages, merged as they come. */
  facts: Facts;
  /** The run was told to end: the trigger is not pulled any more. */
  interrupted: boolean;
}

export interface HostContext {
  run: RunContext;
  cluster: ClusterContext;
  spec: HostSpec;
  /** `cluster/host`. */
  subject: Subject;
  /** The BMC's host name or address, as it is reached. */
  bmcHost: string;
  /** Logs in at the first call; the outcome, good or bad, holds for the whole run. */
  bmc(): Promise<Bmc>;
  facts: Facts;
  /** What this run did to the machine: cleanup owes as much and no more. */
  done: { media: boolean; override: boolean; power: boolean };
}

/** A fact that an earlier stage must have left as a string. */
export function fact(context: { facts: Facts; subject: Subject }, name: string): string {
  const value = context.facts[name];
  if (typeof value !== 'string') throw new TypeError(`${context.subject}: no fact ${name}`);
  return value;
}
