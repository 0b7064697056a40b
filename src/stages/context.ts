/** What stages are given: the run's ports and clients, and what is known so far of a cluster and of each host. */
import type { Assisted } from '../assisted/client.ts';
import type { ServiceWatch } from '../assisted/watch.ts';
import type { Clock } from '../core/clock.ts';
import type { Event, Facts, Subject } from '../core/events.ts';
import type { HttpClient, Trust } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { macsOf } from '../inventory/network.ts';
import type { ClusterSpec, HostSpec } from '../inventory/types.ts';
import type { ClusterHealth } from '../kube/health.ts';
import type { Bmc } from '../redfish/bmc.ts';
import type { Deeds } from './deeds.ts';
import type { Claims, Pin, Shown } from './identity.ts';

/** Where a host's medium is published, and what was read of it. */
export interface MediaDesk {
  /** Listens where this host's BMC can reach it. Throws E-MEDIA-PORT or E-MEDIA-ADDRESS. */
  prepare(host: HostContext): Promise<void>;
  /** Publishes the ISO for this host and returns the URL; the same one for one ISO in all lives of the run. */
  publish(host: HostContext, iso: { path: string; size: number; lastModified: string }): Promise<string>;
  /** Bytes that went out under the host's URL so far, in all lives of the run. */
  bytesRead(subject: Subject): number;
  withdraw(subject: Subject): Promise<void>;
}

/** Who is who among the machines of a run. */
export interface Machines {
  /** What the inventory says of all its hosts, those that --limit left out too. */
  claims: readonly Claims[];
  /**
   * What this host's BMC shows, and what those of other hosts show that were looked at before or at the same time.
   * Rejects as `connect` does.
   */
  rollCall(
    subject: Subject,
    connect: () => Promise<Bmc>,
    signal: AbortSignal,
  ): Promise<{ shown: Shown; neighbours: { subject: Subject; shown: Shown }[] }>;
  /** Where it is written that this machine must not be touched; null: nowhere. */
  protectedBy(shown: Shown): string | null;
  /** Whether a BMC that nothing names, so described, may be taken for the right one: by --accept-new, or asked. */
  vouch(who: string, signal: AbortSignal): Promise<'asked' | 'accept-new' | null>;
}

/** What is kept of a host's BMC from run to run. */
export interface HostPin {
  /** The file. */
  place: string;
  /** Throws E-STATE. */
  recall(): Pin | null;
  keep(pin: Pin, how: 'asked' | 'inventory' | 'accept-new'): void;
}

export interface RunContext {
  clock: Clock;
  /** For BMCs and clusters. */
  http: HttpClient;
  /** For the service and what it points to. */
  serviceHttp: HttpClient;
  assisted: Assisted;
  /** The service as its agents are to call it. */
  agentUrl: string;
  watch: ServiceWatch;
  /** How the service and its image service are trusted. */
  trust: Trust;
  media: MediaDesk;
  machines: Machines;
  /** `.snoboot/runs/<id>`, and `.snoboot/clusters`; absolute. */
  runDir: string;
  clustersDir: string;
  /** Asks a cluster's own API with its kubeconfig. Throws E-API-UNREACH where nothing usable answers, E-CREDS for a kubeconfig of no use. */
  askCluster(kubeconfig: Secret, signal?: AbortSignal): Promise<ClusterHealth>;
  /** Whether these disks of a host may be formatted besides the one that is installed: by --yes, or asked. False where nobody answers. */
  mayErase(host: Subject, disks: string[], signal: AbortSignal): Promise<boolean>;
  say(subject: Subject, event: Event): void;
}

/** What is kept of a cluster or host. */
export interface Kept {
  /** Results of its stages, merged as they come: the journal's fold, so they outlive a killed process. */
  readonly facts: Facts;
  /** What was done to it: the journal's fold too. */
  readonly deeds: Deeds;
  /** What was noticed on the way and may be noticed anew: lost with the process. */
  readonly notes: Facts;
}

export interface ClusterContext extends Kept {
  run: RunContext;
  spec: ClusterSpec;
  subject: Subject;
  hosts: HostContext[];
  pullSecret: Secret;
  /** The run was told to end: the trigger is not pulled any more. */
  interrupted: boolean;
  goal: 'deploy' | 'destroy' | 'cleanup';
  /** Whether what is there is to be deleted first: asked for, and not done yet in this run. */
  removes: boolean;
  /** Throws E-DEADLINE when what is about to begin usually takes longer than there is time, E-CONFIRM when the plan that was confirmed said otherwise. */
  mayBegin(what: 'deploy' | 'install'): void;
  /** Throws E-LEASE-LOST when another process has taken one of the machines. */
  mayWrite(): void;
}

export interface HostContext extends Kept {
  run: RunContext;
  cluster: ClusterContext;
  spec: HostSpec;
  /** `cluster/host`. */
  subject: Subject;
  /** The BMC's host name or address, as it is reached. */
  bmcHost: string;
  pin: HostPin;
  /** Logs in at the first call; the outcome, good or bad, holds for the whole run. */
  bmc(): Promise<Bmc>;
  /** Throws E-LEASE-LOST when another process has taken this machine. */
  mayWrite(): void;
}

/** What the inventory says of the host's machine. */
export function claimsOf({ subject, spec }: Pick<HostContext, 'subject' | 'spec'>): Claims {
  return { subject, ...spec.identity, macs: macsOf(spec) };
}

/** A fact that an earlier stage must have left as a string. */
export function fact(context: { facts: Facts; subject: Subject }, name: string): string {
  const value = context.facts[name];
  if (typeof value !== 'string') throw new TypeError(`${context.subject}: no fact ${name}`);
  return value;
}
