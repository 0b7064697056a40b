/** Calls that make, show, change and delete clusters (assisted-service.md §1.3, §1.5). */
import { uuid } from '../../core/random.ts';
import { checkClusterValues, checkPullSecret, fullVersion } from './cluster-checks.ts';
import { refreshAll } from './monitor.ts';
import { addEvent, type Call, clusterOf, hostsOf, now, recordEffect, recordStatus, textIn, touch } from './service.ts';
import { type Cluster, type ClusterStatus, newCluster } from './state.ts';
import { clusterView } from './views.ts';
import { type Answer, type Json, Refusal } from './wire.ts';

/** GET clusters: hosts only with `with_hosts=true`. */
export function listClusters({ service, query }: Call): Answer {
  const form = query.get('with_hosts') === 'true' ? 'written' : 'bare';
  const clusters = Object.values(service.world.clusters);
  return { status: 200, json: clusters.map((cluster) => clusterView(service, cluster, form)) };
}

/** GET of one cluster. */
export function getCluster({ service, params, query }: Call): Answer {
  const cluster = service.world.clusters[params['cluster_id'] ?? ''];
  if (!cluster) throw new Refusal(404, 'record not found');
  const form = query.get('exclude-hosts') === 'true' ? 'without' : 'read';
  return { status: 200, json: clusterView(service, cluster, form) };
}

/** POST clusters: 201; a name may be taken twice. Throws Refusal 400 for anything but a single node. */
export function createCluster({ service, json }: Call): Answer {
  checkClusterValues(json);
  checkPullSecret(String(json['pull_secret']), 'pull secret for new cluster is invalid: ');
  if (json['high_availability_mode'] !== 'None' && json['control_plane_count'] !== 1)
    throw new Refusal(400, "the lab's service makes single-node clusters only: control_plane_count must be 1");
  const cluster: Cluster = newCluster(uuid(service.lab.random), now(service));
  takeValues(cluster, { ...json, openshift_version: fullVersion(service, String(json['openshift_version'])) });
  service.world.clusters[cluster.id] = cluster;
  recordEffect(service, 'create-cluster', { cluster: cluster.name, clusterId: cluster.id });
  recordStatus(service, cluster);
  addEvent(service, cluster, 'cluster_registration_succeeded', 'Successfully registered cluster');
  touch(service, cluster);
  return { status: 201, json: clusterView(service, cluster, 'bare') };
}

function takeValues(cluster: Cluster, { pull_secret: secret, ...json }: Json): void {
  Object.assign(cluster, json, secret ? { pullSecret: secret } : {});
}

const CHANGEABLE: readonly ClusterStatus[] = ['insufficient', 'ready', 'pending-for-input'];

/** PATCH: an installing single node is 400, as its own address is set as both VIPs and checked first; else 409. */
export function patchCluster(call: Call): Answer {
  const { service, json } = call;
  const cluster = clusterOf(call);
  if (cluster.vip) {
    const why = `The IP address "${cluster.vip}" appears both in apiVIPs and ingressVIPs`;
    throw new Refusal(400, `1 error occurred:\n\t* ${why}\n\n`);
  }
  if (!CHANGEABLE.includes(cluster.status)) {
    const why = 'cluster can be updated only in one of [insufficient ready pending-for-input adding-hosts]';
    throw new Refusal(409, `Cluster ${cluster.id} is in ${cluster.status} state, ${why}`);
  }
  checkClusterValues(json);
  if (json['pull_secret']) checkPullSecret(textIn(json, 'pull_secret'), '');
  takeValues(cluster, json);
  cluster.updated_at = now(service);
  touch(service, cluster);
  refreshAll(service, cluster);
  return { status: 201, json: clusterView(service, cluster, 'written') };
}

const BUSY = /^(preparing-for-installation|installing.*|finalizing)$/;

/** DELETE takes the hosts along, not the infra-env. */
export function deleteCluster(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  if (BUSY.test(cluster.status)) {
    const advice = 'wait for the installation to timeout or reset the installation';
    throw new Refusal(409, `cluster ${cluster.id} can not be removed while being installed, ${advice}`);
  }
  for (const host of hostsOf(service, cluster)) Reflect.deleteProperty(service.world.hosts, host.id);
  Reflect.deleteProperty(service.world.clusters, cluster.id);
  recordEffect(service, 'delete-cluster', { cluster: cluster.name });
  addEvent(service, cluster, 'cluster_deregistered', 'Deregistered cluster');
  return { status: 204 };
}
