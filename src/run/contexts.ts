/** What the stages of a run are given: one context per cluster and host, over the run's own. */
import type { HttpClient } from '../core/http.ts';
import type { ClusterSpec, HostSpec } from '../inventory/types.ts';
import { connectBmc, type Bmc } from '../redfish/bmc.ts';
import type { ClusterContext, HostContext, RunContext } from '../stages/context.ts';
import type { SecretOf } from './secrets.ts';

export function clusterContext(
  run: RunContext,
  spec: ClusterSpec,
  http: HttpClient,
  secretOf: SecretOf,
): ClusterContext {
  const cluster: ClusterContext = {
    run,
    spec,
    subject: spec.name,
    hosts: [],
    pullSecret: secretOf(spec.pullSecret),
    facts: {},
  };
  cluster.hosts = spec.hosts.map((host) => hostContext(cluster, host, http, secretOf));
  return cluster;
}

function hostContext(cluster: ClusterContext, spec: HostSpec, http: HttpClient, secretOf: SecretOf): HostContext {
  const { run } = cluster;
  const subject = `${cluster.subject}/${spec.name}`;
  const { bmc } = spec;
  if (bmc.kind === 'lab') throw new TypeError(`${subject}: a lab address that was not put in place`);
  let connection: Promise<Bmc> | undefined;
  const connect = (): Promise<Bmc> =>
    connectBmc(
      {
        origin: bmc.origin,
        systemPath: bmc.systemPath,
        username: bmc.username,
        password: secretOf(bmc.password),
        trust: bmc.trust,
      },
      { send: http.send, clock: run.clock, onRecovered: (text) => run.say(subject, { type: 'recovered', text }) },
    );
  return {
    run,
    cluster,
    spec,
    subject,
    bmcHost: new URL(bmc.origin).hostname.replace(/^\[|\]$/g, ''),
    bmc: () => (connection ??= connect()),
    facts: {},
    done: { media: false, override: false, power: false },
  };
}
