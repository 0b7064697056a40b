/** An agent registers: a new host, or one that booted the discovery image again (assisted-service.md §2.3, §3.1). */
import { diskLabel } from './hardware.ts';
import { type Host, newHost, nothingTold, WAITING } from './host-state.ts';
import {
  addEvent,
  type Call,
  clusterOf,
  infraEnvOf,
  now,
  recordStatus,
  type Service,
  setHost,
  textIn,
  touch,
} from './service.ts';
import { hasRebooted } from './stages.ts';
import type { Cluster } from './state.ts';
import { hostView } from './views.ts';
import { type Answer, Refusal } from './wire.ts';

const INSTALLED =
  'Host is trying to register after the cluster has already been installed. That most probably means that the host is booting ' +
  'from the installation ISO, and therefore not effectively joining the cluster. The request will be ignored. Fix the boot order ' +
  'and reboot the host.';

/** POST hosts. The answer is that of a new host, but for a null `status` where it was known before. */
export function registerHost(call: Call): Answer {
  const { service, json } = call;
  const infraEnv = infraEnvOf(call);
  if (!infraEnv.cluster_id)
    throw new Refusal(400, "the lab's service takes hosts only for an infra-env that has a cluster");
  const cluster = clusterOf(call, infraEnv.cluster_id);
  const id = String(json['host_id']);
  const known = service.world.hosts[id];
  if (known) registerAgain(service, known);
  else checkOpen(service, cluster);
  const host = known ?? newHost(id, infraEnv, now(service));
  if (!known) admit(service, host);
  host.discovery_agent_version = textIn(json, 'discovery_agent_version') || host.discovery_agent_version;
  host.checked_in_at = now(service);
  touch(service, cluster);
  const blank = { ...host, ...nothingTold(), created_at: 0, updated_at: 0, bootstrap: true };
  const args = { agent_version: host.discovery_agent_version, host_id: id, infra_env_id: infraEnv.id };
  const view = { ...hostView(blank, { stages: true }), ...(known ? { status: null } : {}) };
  return { status: 201, json: { ...view, next_step_runner_command: { args: [JSON.stringify(args)] } } };
}

function checkOpen(service: Service, cluster: Cluster): void {
  if (/^(insufficient|ready|pending-for-input)$/.test(cluster.status)) return;
  const why =
    cluster.status === 'installed'
      ? 'Cannot add hosts to an existing cluster using the original Discovery ISO.'
      : 'Host can register only in one of the following states: [insufficient ready pending-for-input adding-hosts]';
  addEvent(service, cluster, 'host_registration_failed', why, 'error');
  throw new Refusal(409, why);
}

function admit(service: Service, host: Host): void {
  service.world.hosts[host.id] = host;
  recordStatus(service, host);
  addEvent(service, host, 'host_registration_succeeded', `Host ${host.id}: Successfully registered`);
}

const AFRESH = /^(discovering|insufficient|pending-for-input|known|disconnected|resetting-pending-user-action)$/;

function registerAgain(service: Service, host: Host): void {
  const fail = (status: number, why: string): Refusal => {
    addEvent(service, host, 'host_registration_failed', `Failed to register host ${host.id}: ${why}`, 'error');
    return new Refusal(status, why);
  };
  if (host.status === 'error' || host.status === 'cancelled') return;
  if (host.status === 'installed') throw fail(409, INSTALLED);
  if (host.status === 'installing-pending-user-action')
    throw fail(400, `Host is required to be booted from disk ${host.installation_disk_id}`);
  if (AFRESH.test(host.status)) {
    Object.assign(host, nothingTold(), { bootstrap: false, registered_at: now(service) });
    setHost(service, host, 'discovering', WAITING);
  } else if (host.status.startsWith('preparing-')) {
    setHost(service, host, 'known', 'Host is ready to be installed');
  } else if (hasRebooted(host)) {
    const advice = `please reboot and fix boot order to boot from disk ${diskLabel(host)}`;
    const said = `Expected the host to boot from disk, but it booted the installation image - ${advice}`;
    setHost(service, host, 'installing-pending-user-action', said);
  } else {
    setHost(service, host, 'error', 'The host unexpectedly restarted during the installation');
  }
}
