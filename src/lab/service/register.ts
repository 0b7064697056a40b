/** An agent registers: a new host, or one that booted the discovery image again (assisted-service.md §2.3, §3.1). */
import { diskLabel } from './hardware.ts';
import { hostView } from './host-view.ts';
import { addEvent, type Call, clusterOf, infraEnvOf, now, type Service, setHost, subjectOf, touch } from './service.ts';
import { hasRebooted } from './stages.ts';
import type { Host, HostStatus } from './host-state.ts';
import type { Cluster, ClusterStatus, InfraEnv } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

const OPEN: readonly ClusterStatus[] = ['insufficient', 'ready', 'pending-for-input'];
const WAITING = 'Waiting for host to send hardware details';
const INSTALLED =
  'Host is trying to register after the cluster has already been installed. That most probably means that the host is booting ' +
  'from the installation ISO, and therefore not effectively joining the cluster. The request will be ignored. Fix the boot order ' +
  'and reboot the host.';

/** POST hosts. The answer is that of a new host, but for a null `status` where it was known before. */
export function registerHost(call: Call): Answer {
  const { service, json } = call;
  const infraEnv = infraEnvOf(call);
  if (!infraEnv.clusterId)
    throw new Refusal(400, "the lab's service takes hosts only for an infra-env that has a cluster");
  const cluster = clusterOf({ ...call, params: { cluster_id: infraEnv.clusterId } });
  const id = String(json['host_id']);
  const version = typeof json['discovery_agent_version'] === 'string' ? json['discovery_agent_version'] : '';
  const known = service.world.hosts[id];
  if (known) registerAgain(service, known);
  else checkOpen(service, cluster, infraEnv);
  const host = known ?? newHost(service, infraEnv, id);
  Object.assign(host, { agentVersion: version || host.agentVersion, checkedInAt: now(service) });
  touch(service, cluster);
  const answered = { ...host, ...blank(), createdAt: 0, updatedAt: 0, bootstrap: true };
  const view = { ...hostView(answered, { inventory: false, stages: true }), status: known ? null : host.status };
  const args = { agent_version: host.agentVersion, host_id: id, infra_env_id: infraEnv.id };
  return { status: 201, json: { ...view, next_step_runner_command: { args: [JSON.stringify(args)] } } };
}

function checkOpen(service: Service, cluster: Cluster, infraEnv: InfraEnv): void {
  if (OPEN.includes(cluster.status)) return;
  const states = '[insufficient ready pending-for-input adding-hosts]';
  const why =
    cluster.status === 'installed'
      ? 'Cannot add hosts to an existing cluster using the original Discovery ISO.'
      : `Host can register only in one of the following states: ${states}`;
  addEvent(service, { clusterId: cluster.id, infraEnvId: infraEnv.id }, 'host_registration_failed', why, 'error');
  throw new Refusal(409, why);
}

function newHost(service: Service, infraEnv: InfraEnv, id: string): Host {
  const at = now(service);
  const host: Host = {
    ...blank(),
    id,
    infraEnvId: infraEnv.id,
    clusterId: infraEnv.clusterId,
    agentVersion: '',
    status: 'discovering',
    statusInfo: WAITING,
    statusUpdatedAt: at,
    createdAt: at,
    updatedAt: at,
    registeredAt: at,
    checkedInAt: at,
    role: 'master',
    bootstrap: true,
    requestedHostname: '',
    skipFormatting: [],
    userArgs: [],
    ignitionOverride: '',
  };
  service.world.hosts[id] = host;
  const name = service.world.clusters[host.clusterId]?.name;
  service.lab.record({
    kind: 'status',
    to: 'service',
    cluster: name,
    host: id,
    status: host.status,
    statusInfo: WAITING,
  });
  addEvent(service, subjectOf(host), 'host_registration_succeeded', `Host ${id}: Successfully registered`);
  return host;
}

/** What a host has told, and has done, since it booted the image: nothing yet. */
function blank() {
  return {
    timestamp: 0,
    behindMs: 0,
    inventory: null,
    installationDiskId: '',
    resolutions: null,
    ntpSources: null,
    freeAddresses: null,
    diskSpeed: {},
    images: {},
    mediaDisconnected: false,
    stage: '',
    stageInfo: '',
    stageStartedAt: 0,
    stageUpdatedAt: 0,
    logs: null,
    logsStartedAt: 0,
    logsState: '',
    validations: null,
  };
}

const AFRESH: readonly HostStatus[] = [
  'discovering',
  'insufficient',
  'pending-for-input',
  'known',
  'disconnected',
  'resetting-pending-user-action',
];

function registerAgain(service: Service, host: Host): void {
  const fail = (status: number, why: string): Refusal => {
    addEvent(
      service,
      subjectOf(host),
      'host_registration_failed',
      `Failed to register host ${host.id}: ${why}`,
      'error',
    );
    return new Refusal(status, why);
  };
  if (host.status === 'error' || host.status === 'cancelled') return;
  if (host.status === 'installed') throw fail(409, INSTALLED);
  if (host.status === 'installing-pending-user-action')
    throw fail(400, `Host is required to be booted from disk ${host.installationDiskId}`);
  if (AFRESH.includes(host.status)) {
    Object.assign(host, blank(), { bootstrap: false, registeredAt: now(service) });
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
