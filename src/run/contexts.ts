/** What the stages of a run are given: one context per cluster and host, over the run's own and what is remembered. */
import type { Assisted } from '../assisted/client.ts';
import type { Facts } from '../core/events.ts';
import { isReading, type Send } from '../core/http.ts';
import type { ClusterSpec, HostSpec } from '../inventory/types.ts';
import type { Bmc } from '../redfish/bmc.ts';
import type { ClusterContext, HostContext, RunContext } from '../stages/context.ts';
import type { Deeds } from '../stages/deeds.ts';
import { admit } from '../stages/admission.ts';
import { checkedWrites } from './checked-writes.ts';
import { bmcHostOf, openBmc, originOf, redfishOf } from './host-bmc.ts';
import { hostPin, type PinFolder } from './known-bmcs.ts';
import type { Leases } from './lease.ts';
import type { Memory } from './memory.ts';
import type { SecretOf } from './secrets.ts';

export interface ContextPorts {
  secretOf: SecretOf;
  memory: Memory;
  leases: Leases;
  goal: ClusterContext['goal'];
  /** What is there is deleted first, unless this run has done so already. */
  replace: boolean;
  pins: PinFolder;
  mayBegin(cluster: string, what: 'deploy' | 'install'): void;
  /** The service for one cluster, whose writes are let out one by one; left out: that of the run. */
  assistedFor?(mayWrite: () => void): Assisted;
  /** Ends what BMCs are still asked when the run has ended. */
  over: AbortSignal;
}

export function clusterContext(run: RunContext, spec: ClusterSpec, ports: ContextPorts): ClusterContext {
  const { facts, deeds } = ports.memory.of(spec.name);
  const mayWrite = (): void => cluster.hosts.forEach((host) => host.mayWrite());
  const cluster: ClusterContext = {
    run: ports.assistedFor ? { ...run, assisted: ports.assistedFor(mayWrite) } : run,
    spec,
    subject: spec.name,
    hosts: [],
    pullSecret: ports.secretOf(spec.pullSecret),
    facts,
    deeds,
    notes: {} satisfies Facts,
    interrupted: false,
    goal: ports.goal,
    removes: ports.goal === 'destroy' || (ports.replace && !isOfThisRun(facts, deeds)),
    mayBegin: (what) => ports.mayBegin(spec.name, what),
    mayWrite,
  };
  cluster.hosts = spec.hosts.map((host) => hostContext(cluster, host, ports));
  return cluster;
}

/** What this run has installed, or began to, in any of its lives is not what --replace means, however it ended. */
function isOfThisRun(facts: Facts, deeds: Deeds): boolean {
  return facts['removed'] === true || deeds.last('create-cluster', 'create-cluster') !== undefined;
}

function hostContext(cluster: ClusterContext, spec: HostSpec, ports: ContextPorts): HostContext {
  const { run } = cluster;
  const subject = `${cluster.subject}/${spec.name}`;
  const origin = originOf(spec);
  const mayWrite = (): void => ports.leases.check(origin);
  const http = checkedWrites(run.http, mayWrite);
  const send: Send = async (request) => {
    if (!isReading(request)) {
      await admit(host, request.signal ?? ports.over);
      mayWrite();
    }
    // To a BMC a connection takes its time, in which this process may be stopped and its machines taken.
    return http.send(request);
  };
  const pin = hostPin(ports.pins, subject, origin, run.clock);
  let connection: Promise<Bmc> | undefined;
  const connect = (): Promise<Bmc> =>
    openBmc(spec, pin, ports.secretOf(redfishOf(spec).password), {
      send,
      clock: run.clock,
      signal: ports.over,
      onRecovered: (text) => run.say(subject, { type: 'recovered', text }),
    });
  const host: HostContext = {
    run,
    cluster,
    spec,
    subject,
    bmcHost: bmcHostOf(spec),
    pin,
    bmc: () => (connection ??= connect()),
    mayWrite,
    ...ports.memory.of(subject),
    notes: {} satisfies Facts,
  };
  return host;
}
