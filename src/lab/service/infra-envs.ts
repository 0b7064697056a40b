/** Calls about infra-envs and their downloads (assisted-service.md §1.6). */
import { uuid } from '../../core/random.ts';
import { findRelease, LATEST_RELEASE, minor } from './catalogue.ts';
import { checkPullSecret } from './cluster-checks.ts';
import type { Json } from './fields.ts';
import { API } from './host-view.ts';
import { addEvent, type Call, infraEnvOf, now, type Service } from './service.ts';
import type { HostNetwork, InfraEnv } from './state.ts';
import { checkStaticNetwork, sortedNetworks } from './static-network.ts';
import { type Answer, longTime, Refusal, shortTime } from './wire.ts';

/** Where its ISO is, on the base URL of this moment. */
export function imageUrl(service: Service, infraEnv: InfraEnv): string {
  const name = infraEnv.imageType === 'minimal-iso' ? 'minimal.iso' : 'full.iso';
  return `${service.baseUrl}/byid/${infraEnv.id}/${minor(infraEnv.openshiftVersion)}/x86_64/${name}`;
}

function view(service: Service, infraEnv: InfraEnv): Json {
  const json = (name: string, list: unknown[]): Json => (list.length ? { [name]: JSON.stringify(list) } : {});
  return {
    ...infraEnv.extra,
    id: infraEnv.id,
    kind: 'InfraEnv',
    href: `${API}/v2/infra-envs/${infraEnv.id}`,
    name: infraEnv.name,
    ...(infraEnv.clusterId ? { cluster_id: infraEnv.clusterId } : {}),
    cpu_architecture: 'x86_64',
    openshift_version: minor(infraEnv.openshiftVersion),
    type: infraEnv.imageType,
    download_url: imageUrl(service, infraEnv),
    expires_at: shortTime(0),
    created_at: longTime(infraEnv.createdAt),
    updated_at: longTime(infraEnv.updatedAt),
    email_domain: 'Unknown',
    user_name: 'admin',
    proxy: infraEnv.extra['proxy'] ?? {},
    pull_secret_set: true,
    ...(infraEnv.sshKey ? { ssh_authorized_key: infraEnv.sshKey } : {}),
    ...json('static_network_config', infraEnv.staticNetwork),
    ...json('kernel_arguments', infraEnv.kernelArguments),
  };
}

/** GET infra-envs: all, or those of `cluster_id`. */
export function listInfraEnvs({ service, query }: Call): Answer {
  const cluster = query.get('cluster_id');
  const found = Object.values(service.world.infraEnvs).filter((one) => !cluster || one.clusterId === cluster);
  return { status: 200, json: found.map((infraEnv) => view(service, infraEnv)) };
}

/** GET of one infra-env. */
export function getInfraEnv(call: Call): Answer {
  return { status: 200, json: view(call.service, infraEnvOf(call)) };
}

/** POST: without `openshift_version` the image is of the newest release, whatever the cluster's. */
export function createInfraEnv({ service, json }: Call): Answer {
  const clusterId = String(json['cluster_id'] ?? '');
  if (clusterId && !service.world.clusters[clusterId]) throw new Refusal(404, `Cluster ID ${clusterId} does not exist`);
  checkPullSecret(String(json['pull_secret']), 'pull secret for new infraEnv is invalid: ');
  const infraEnv: InfraEnv = {
    id: uuid(service.lab.random),
    clusterId,
    name: String(json['name']),
    openshiftVersion: LATEST_RELEASE.version,
    pullSecret: '',
    sshKey: '',
    imageType: 'full-iso',
    staticNetwork: [],
    kernelArguments: [],
    createdAt: now(service),
    updatedAt: 0,
    extra: {},
  };
  takeValues(service, infraEnv, json);
  service.world.infraEnvs[infraEnv.id] = infraEnv;
  addEvent(service, { infraEnvId: infraEnv.id }, 'infra_env_registered', 'Registered infra env');
  return { status: 201, json: view(service, infraEnv) };
}

/** PATCH infra-env: allowed at any time, and each one moves the date of the ISO. */
export function patchInfraEnv(call: Call): Answer {
  const infraEnv = infraEnvOf(call);
  if (call.json['pull_secret']) checkPullSecret(String(call.json['pull_secret']), '');
  takeValues(call.service, infraEnv, call.json);
  return { status: 201, json: view(call.service, infraEnv) };
}

const ONCE = ['cluster_id', 'name', 'cpu_architecture'];

/** Every PATCH moves `updated_at`, also one that changes nothing: the ISO's Last-Modified goes by it. */
function takeValues(service: Service, infraEnv: InfraEnv, json: Json): void {
  const networks = json['static_network_config'] as HostNetwork[] | undefined;
  const kargs = json['kernel_arguments'] as InfraEnv['kernelArguments'] | undefined;
  const other = kargs?.find(({ operation }) => operation !== 'append')?.operation;
  if (other) throw new Refusal(400, `Only kernel argument operation append is supported.  Got ${other}`);
  if (networks) checkStaticNetwork(networks);
  if (networks) infraEnv.staticNetwork = sortedNetworks(networks);
  if (kargs) infraEnv.kernelArguments = kargs;
  for (const [name, value] of Object.entries(json)) {
    if (name === 'pull_secret') infraEnv.pullSecret = String(value);
    else if (name === 'ssh_authorized_key') infraEnv.sshKey = String(value);
    else if (name === 'image_type') infraEnv.imageType = String(value);
    else if (name === 'openshift_version') infraEnv.openshiftVersion = knownVersion(String(value));
    else if (!ONCE.includes(name) && value !== networks && value !== kargs) infraEnv.extra[name] = value;
  }
  infraEnv.updatedAt = now(service);
  const key = infraEnv.sshKey ? 'SSH public key is set' : 'SSH public key is not set';
  const said = `Updated image information (Image type is "${infraEnv.imageType}", ${key})`;
  addEvent(service, { clusterId: infraEnv.clusterId, infraEnvId: infraEnv.id }, 'image_info_updated', said);
  service.lab.changed();
}

function knownVersion(version: string): string {
  const found = findRelease(version)?.version;
  if (found) return found;
  const why = `The requested OS image for version (${version}) and CPU architecture (x86_64) isn't specified in OS images list`;
  throw new Refusal(400, `No OS image for Openshift version ${version} and architecture x86_64: ${why}`);
}

/** DELETE infra-env: 400 while hosts are registered to it. */
export function deleteInfraEnv(call: Call): Answer {
  const { service } = call;
  const { id } = infraEnvOf(call);
  const hosts = Object.values(service.world.hosts).filter((host) => host.infraEnvId === id).length;
  if (hosts) throw new Refusal(400, `failed to deregister infraEnv ${id}, ${hosts} hosts are still associated`);
  delete service.world.infraEnvs[id];
  service.lab.record({ kind: 'lab', to: 'service', effect: 'delete-infra-env', infraEnv: id });
  addEvent(service, { infraEnvId: id }, 'infra_env_deregistered', 'Deregistered infra env');
  service.lab.changed();
  return { status: 204 };
}
