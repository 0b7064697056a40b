/** Calls that make, show, change and delete clusters (assisted-service.md §1.3, §1.5). */
import { uuid } from '../../core/random.ts';
import { checkClusterValues, checkPullSecret, fullVersion } from './cluster-checks.ts';
import { clusterView, WRITTEN } from './cluster-view.ts';
import type { Json } from './fields.ts';
import { refreshAll } from './monitor.ts';
import { addEvent, type Call, clusterOf, now, touch } from './service.ts';
import type { Cluster, ClusterStatus } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

const FULL = { inventory: true, stages: true };

/** GET clusters: hosts only with `with_hosts=true`. */
export function listClusters({ service, query }: Call): Answer {
  const shown = query.get('with_hosts') === 'true' ? { ...FULL, stages: false } : 'empty';
  return {
    status: 200,
    json: Object.values(service.world.clusters).map((cluster) => clusterView(service, cluster, shown)),
  };
}

/** GET of one cluster, its hosts with inventories. */
export function getCluster(call: Call): Answer {
  const shown = call.query.get('exclude-hosts') === 'true' ? 'null' : FULL;
  return { status: 200, json: clusterView(call.service, clusterOf(call, false), shown) };
}

/** POST clusters: 201; a name may be taken twice. Throws Refusal 400 for anything but a single node. */
export function createCluster({ service, json }: Call): Answer {
  checkClusterValues(json);
  checkPullSecret(String(json['pull_secret']), 'pull secret for new cluster is invalid: ');
  if (json['high_availability_mode'] !== 'None' && json['control_plane_count'] !== 1)
    throw new Refusal(400, "the lab's service makes single-node clusters only: control_plane_count must be 1");
  const at = now(service);
  const cluster: Cluster = {
    id: uuid(service.lab.random),
    name: '',
    openshiftVersion: fullVersion(String(json['openshift_version'])),
    baseDomain: '',
    pullSecret: '',
    sshKey: '',
    tags: '',
    status: 'insufficient',
    statusInfo: 'Cluster is not ready for install',
    statusUpdatedAt: at,
    createdAt: at,
    updatedAt: at,
    triggeredAt: at,
    machineNetworks: [],
    prepared: false,
    openshiftClusterId: '',
    kubeadminPassword: '',
    manifests: [],
    extra: {},
    ...notInstalled(),
    validations: null,
  };
  takeValues(cluster, json);
  service.world.clusters[cluster.id] = cluster;
  const { name, status, statusInfo } = cluster;
  service.lab.record({ kind: 'status', to: 'service', cluster: name, status, statusInfo });
  addEvent(service, { clusterId: cluster.id }, 'cluster_registration_succeeded', 'Successfully registered cluster');
  touch(service, cluster);
  return { status: 201, json: { ...clusterView(service, cluster, 'empty'), host_networks: [], operator_bundles: [] } };
}

/** What a cluster has of an installation before it began; reset goes back to it. */
export function notInstalled() {
  const operators = ['console', 'cvo'].map((name) => ({
    name,
    status: '',
    statusInfo: '',
    version: '',
    statusUpdatedAt: 0,
  }));
  return {
    operators,
    installStartedAt: 0,
    installCompletedAt: 0,
    vip: '',
    finalizingStage: '',
    finalizingStageAt: 0,
    ingressCa: false,
    controllerLogs: null,
    logsState: '',
  };
}

/** Fields with a place of their own; `openshift_version` and what only a new cluster has are dealt with there. */
const OWN = [
  'high_availability_mode',
  'control_plane_count',
  'cpu_architecture',
  'openshift_version',
  'ocp_release_image',
];

function takeValues(cluster: Cluster, json: Json): void {
  for (const [name, value] of Object.entries(json)) {
    if (name === 'name') cluster.name = String(value);
    else if (name === 'base_dns_domain') cluster.baseDomain = String(value);
    else if (name === 'pull_secret') cluster.pullSecret = String(value);
    else if (name === 'ssh_public_key') cluster.sshKey = String(value);
    else if (name === 'tags') cluster.tags = String(value);
    else if (name === 'machine_networks')
      cluster.machineNetworks = (value as { cidr: string }[]).map(({ cidr }) => cidr);
    else if (name === 'machine_network_cidr') cluster.machineNetworks = value ? [String(value)] : [];
    else if (!OWN.includes(name)) cluster.extra[name] = value;
  }
}

const CHANGEABLE: readonly ClusterStatus[] = ['insufficient', 'ready', 'pending-for-input'];

/** PATCH: an installing single node is 400, as its own address is set as both VIPs and checked first; else 409. */
export function patchCluster(call: Call): Answer {
  const { service, json } = call;
  const cluster = clusterOf(call);
  if (cluster.vip)
    throw new Refusal(
      400,
      `1 error occurred:\n\t* The IP address "${cluster.vip}" appears both in apiVIPs and ingressVIPs\n\n`,
    );
  if (!CHANGEABLE.includes(cluster.status)) {
    const states = '[insufficient ready pending-for-input adding-hosts]';
    throw new Refusal(
      409,
      `Cluster ${cluster.id} is in ${cluster.status} state, cluster can be updated only in one of ${states}`,
    );
  }
  checkClusterValues(json);
  if (json['pull_secret']) checkPullSecret(String(json['pull_secret']), '');
  takeValues(cluster, json);
  cluster.updatedAt = now(service);
  touch(service, cluster);
  refreshAll(service, cluster);
  return { status: 201, json: clusterView(service, cluster, WRITTEN) };
}
