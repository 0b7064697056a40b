/** Calls about infra-envs and their downloads (assisted-service.md §1.6). */
import { uuid } from '../../core/random.ts';
import { findRelease, minor } from './catalogue.ts';
import { checkPullSecret } from './cluster-checks.ts';
import { addEvent, type Call, infraEnvOf, now, recordEffect, type Service, textIn } from './service.ts';
import { type InfraEnv, newInfraEnv } from './state.ts';
import { checkStaticNetwork, sortedNetworks } from './static-network.ts';
import { type Answer, type Json, Refusal, shortTime, shown } from './wire.ts';

/** Where its ISO is, on the base URL of this moment. */
function imageUrl(service: Service, { id, type, openshift_version: version }: InfraEnv): string {
  return `${service.baseUrl}/byid/${id}/${minor(version)}/x86_64/${type === 'minimal-iso' ? 'minimal' : 'full'}.iso`;
}

function view(service: Service, infraEnv: InfraEnv): Json {
  return {
    cpu_architecture: 'x86_64',
    email_domain: 'Unknown',
    user_name: 'admin',
    proxy: {},
    pull_secret_set: true,
    ...shown(infraEnv),
    openshift_version: minor(infraEnv.openshift_version),
    download_url: imageUrl(service, infraEnv),
    expires_at: shortTime(0),
  };
}

/** GET infra-envs: all, or those of `cluster_id`. */
export function listInfraEnvs({ service, query }: Call): Answer {
  const cluster = query.get('cluster_id');
  const found = Object.values(service.world.infraEnvs).filter((one) => !cluster || one.cluster_id === cluster);
  return { status: 200, json: found.map((infraEnv) => view(service, infraEnv)) };
}

/** GET of one infra-env. */
export function getInfraEnv(call: Call): Answer {
  return { status: 200, json: view(call.service, infraEnvOf(call)) };
}

/** GET image-url: valid at once, without expiry. */
export function getImageUrl(call: Call): Answer {
  return { status: 200, json: { expires_at: shortTime(0), url: imageUrl(call.service, infraEnvOf(call)) } };
}

/** POST: without `openshift_version` the image is of the newest release, whatever the cluster's. */
export function createInfraEnv({ service, json }: Call): Answer {
  const clusterId = textIn(json, 'cluster_id');
  if (clusterId && !service.world.clusters[clusterId]) throw new Refusal(404, `Cluster ID ${clusterId} does not exist`);
  const infraEnv: InfraEnv = newInfraEnv(uuid(service.lab.random), now(service));
  takeValues(service, infraEnv, json, 'pull secret for new infraEnv is invalid: ');
  service.world.infraEnvs[infraEnv.id] = infraEnv;
  recordEffect(service, 'create-infra-env', { cluster: ownerOf(service, infraEnv), infraEnv: infraEnv.id });
  return { status: 201, json: view(service, infraEnv) };
}

/** PATCH infra-env: allowed at any time, and each one moves the date of the ISO. */
export function patchInfraEnv(call: Call): Answer {
  const infraEnv = infraEnvOf(call);
  takeValues(call.service, infraEnv, call.json, '');
  return { status: 201, json: view(call.service, infraEnv) };
}

type Wishes = Partial<InfraEnv> & { pull_secret?: string; image_type?: string };

/** Every PATCH moves `updated_at`, also one that changes nothing: the ISO's Last-Modified goes by it. */
function takeValues(service: Service, infraEnv: InfraEnv, json: Json, secretPrefix: string): void {
  const { pull_secret: secret, image_type: type, openshift_version: version, ...more } = json as Wishes;
  if (secret) checkPullSecret(secret, secretPrefix);
  const other = more.kernel_arguments?.find(({ operation }) => operation !== 'append')?.operation;
  if (other) throw new Refusal(400, `Only kernel argument operation append is supported.  Got ${other}`);
  if (more.static_network_config) {
    checkStaticNetwork(more.static_network_config);
    more.static_network_config = sortedNetworks(more.static_network_config);
  }
  Object.assign(infraEnv, more, { updated_at: now(service) });
  if (secret) infraEnv.pullSecret = secret;
  if (type) infraEnv.type = type;
  if (version) infraEnv.openshift_version = knownVersion(service, version);
  const key = infraEnv.ssh_authorized_key ? 'SSH public key is set' : 'SSH public key is not set';
  const said = `Updated image information (Image type is "${infraEnv.type}", ${key})`;
  addEvent(service, infraEnv, 'image_info_updated', said);
  service.lab.changed();
}

function knownVersion({ lab }: Service, version: string): string {
  const found = findRelease(lab, version)?.version;
  if (found) return found;
  const why = `The requested OS image for version (${version}) and CPU architecture (x86_64) isn't specified in OS images list`;
  throw new Refusal(400, `No OS image for Openshift version ${version} and architecture x86_64: ${why}`);
}

/** The name of its cluster; undefined where there is none, or none any more. */
const ownerOf = ({ world }: Service, { cluster_id: id }: InfraEnv): string | undefined => world.clusters[id]?.name;

/** DELETE infra-env: 400 while hosts are registered to it. */
export function deleteInfraEnv(call: Call): Answer {
  const { service } = call;
  const infraEnv = infraEnvOf(call);
  const { id } = infraEnv;
  const hosts = Object.values(service.world.hosts).filter((host) => host.infra_env_id === id).length;
  if (hosts) throw new Refusal(400, `failed to deregister infraEnv ${id}, ${hosts} hosts are still associated`);
  Reflect.deleteProperty(service.world.infraEnvs, id);
  recordEffect(service, 'delete-infra-env', { cluster: ownerOf(service, infraEnv), infraEnv: id });
  addEvent(service, infraEnv, 'infra_env_deregistered', 'Deregistered infra env');
  return { status: 204 };
}
