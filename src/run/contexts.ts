/** What the stages of a run are given: one context per cluster and host, over the run's own. */
import type { ClusterSpec, HostSpec } from '../inventory/types.ts';
import { connectBmc, type Bmc } from '../redfish/bmc.ts';
import type { ClusterContext, HostContext, RunContext } from '../stages/context.ts';
import type { SecretOf } from './secrets.ts';

/** `over` ends what BMCs are still asked when the run has ended. */
export function clusterContext(
  run: RunContext,
  spec: ClusterSpec,
  secretOf: SecretOf,
  over: AbortSignal,
): ClusterContext {
  const cluster: ClusterContext = {
    run,
    spec,
    subject: spec.name,
    hosts: [],
    pullSecret: secretOf(spec.pullSecret),
    facts: {},
    interrupted: false,
  };
  cluster.hosts = spec.hosts.map((host) => hostContext(cluster, host, secretOf, over));
  return cluster;
}

function hostContext(cluster: ClusterContext, spec: HostSpec, secretOf: SecretOf, over: AbortSignal): HostContext {
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
      {
        send: run.http.send,
        clock: run.clock,
        signal: over,
        onRecovered: (text) => run.say(subject, { type: 'recovered', text }),
      },
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
