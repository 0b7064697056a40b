/** The assisted-service of a run: the calls of the single-node flow, one method each (assisted-service.md §1.3). */
import type { HttpStream } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { isObject } from './json.ts';
import * as read from './read.ts';
import { type AssistedDeps, type Call, createTransport, type Transport } from './transport.ts';
import type {
  Cluster,
  ClusterParams,
  Fields,
  Host,
  InfraEnv,
  InfraEnvParams,
  ManifestEntry,
  ManifestText,
  ServiceEvent,
  VersionInfo,
} from './types.ts';

export type { AssistedDeps } from './transport.ts';
export type CredentialsFile = 'kubeconfig' | 'kubeadmin-password';

/**
 * Every method rejects with a SnobootError: E-SVC-UNREACH, E-SVC-AUTH, E-SVC-GONE (the record is not there),
 * E-SVC-REFUSED (with the service's own sentence) or E-SVC-PROTO; or with the signal's reason.
 * Readings are repeated for two minutes while the service is in trouble. Writings are sent once: after
 * E-SVC-UNREACH nobody knows whether they were done, and the caller looks.
 */
export interface Assisted {
  /** The service's release tag, else the tag of its image; 'unknown' where it does not say. */
  version(signal?: AbortSignal): Promise<string>;
  openshiftVersions(signal?: AbortSignal): Promise<Record<string, VersionInfo>>;
  /** All clusters, with their hosts. */
  listClusters(signal?: AbortSignal): Promise<Cluster[]>;
  getCluster(id: string, signal?: AbortSignal): Promise<Cluster>;
  createCluster(params: ClusterParams, signal?: AbortSignal): Promise<Cluster>;
  /** Allowed before the installation only. */
  patchCluster(id: string, patch: Fields, signal?: AbortSignal): Promise<Cluster>;
  /** Takes its hosts along, not its infra-env. E-SVC-REFUSED while it prepares or installs. */
  deleteCluster(id: string, signal?: AbortSignal): Promise<void>;
  /** The user's manifests; those that the service made are left out. */
  listManifests(id: string, signal?: AbortSignal): Promise<ManifestEntry[]>;
  getManifest(id: string, folder: string, fileName: string, signal?: AbortSignal): Promise<string>;
  /** Overwrites. Taken with 201 but without effect once the installation has begun (§1.8): look at the status first. */
  uploadManifest(id: string, manifest: ManifestText, signal?: AbortSignal): Promise<void>;
  listInfraEnvs(clusterId: string, signal?: AbortSignal): Promise<InfraEnv[]>;
  createInfraEnv(params: InfraEnvParams, signal?: AbortSignal): Promise<InfraEnv>;
  /** E-SVC-REFUSED while hosts are registered to it. */
  deleteInfraEnv(id: string, signal?: AbortSignal): Promise<void>;
  /** Where the ISO is now; it may hold a token and end soon: ask just before use, never show or keep it. */
  imageUrl(infraEnvId: string, signal?: AbortSignal): Promise<string>;
  /** Those too that no cluster has, or another one. */
  listHosts(infraEnvId: string, signal?: AbortSignal): Promise<Host[]>;
  patchHost(infraEnvId: string, hostId: string, patch: Fields, signal?: AbortSignal): Promise<Host>;
  /** Taken during the installation too, and then the cluster fails (§1.3): look at the status first. */
  deleteHost(infraEnvId: string, hostId: string, signal?: AbortSignal): Promise<void>;
  /** Triggers the installation; what came of it, the cluster says. */
  install(id: string, signal?: AbortSignal): Promise<void>;
  /** Of an installation that prepares or goes on, or ended in error; what came of it, the cluster says (§2.2). */
  cancel(id: string, signal?: AbortSignal): Promise<void>;
  /** From `installing` on; E-SVC-REFUSED before. */
  credentialsFile(id: string, file: CredentialsFile, signal?: AbortSignal): Promise<Secret>;
  /** Where the installed cluster's console is; E-SVC-REFUSED before its operator is there. */
  consoleUrl(id: string, signal?: AbortSignal): Promise<string>;
  /** A tar of all logs that there are; its `body` goes to `unpackLogs`. */
  logs(id: string, signal?: AbortSignal): Promise<HttpStream>;
  /** The last `most` events of the cluster and its hosts, oldest first. */
  events(clusterId: string, most: number, signal?: AbortSignal): Promise<ServiceEvent[]>;
}

/** A client of the service at `deps.url`; nothing is contacted before the first call. */
export function createAssisted(deps: AssistedDeps): Assisted {
  const transport = createTransport(deps);
  return { ...aboutService(transport), ...aboutClusters(transport), ...aboutHosts(transport), ...results(transport) };
}

const get = (path: string, signal?: AbortSignal): Call => ({ method: 'GET', path, signal });
const post = (path: string, body?: object, signal?: AbortSignal): Call => ({ method: 'POST', path, body, signal });
const patchAt = (path: string, body: object, signal?: AbortSignal): Call => ({ method: 'PATCH', path, body, signal });
const del = (path: string, signal?: AbortSignal): Call => ({ method: 'DELETE', path, signal });
const cluster = (id: string, below = ''): string => `/clusters/${encodeURIComponent(id)}${below}`;
const infraEnv = (id: string, below = ''): string => `/infra-envs/${encodeURIComponent(id)}${below}`;
const hostAt = (infraEnvId: string, id: string): string => infraEnv(infraEnvId, `/hosts/${encodeURIComponent(id)}`);
const query = (values: Record<string, string>): string => `?${new URLSearchParams(values).toString()}`;

function aboutService({ json }: Transport) {
  return {
    version: (signal) => json(get('/component-versions', signal), read.version),
    openshiftVersions: (signal) => json(get('/openshift-versions', signal), read.versions),
  } satisfies Partial<Assisted>;
}

function aboutClusters({ json, text }: Transport) {
  const done = (value: unknown): true | undefined => (isObject(value) ? true : undefined);
  return {
    listClusters: (signal) => json(get('/clusters?with_hosts=true', signal), read.listOf(read.cluster)),
    getCluster: (id, signal) => json(get(cluster(id), signal), read.cluster),
    createCluster: (params, signal) => json(post('/clusters', params, signal), read.cluster),
    patchCluster: (id, patch, signal) => json(patchAt(cluster(id), patch, signal), read.cluster),
    deleteCluster: async (id, signal) => {
      await text(del(cluster(id), signal));
    },
    listManifests: (id, signal) => json(get(cluster(id, '/manifests'), signal), read.listOf(read.manifest)),
    getManifest: (id, folder, fileName, signal) =>
      text(get(cluster(id, `/manifests/files${query({ folder, file_name: fileName })}`), signal)),
    uploadManifest: async (id, { folder, fileName, content }, signal) => {
      const body = { folder, file_name: fileName, content: Buffer.from(content).toString('base64') };
      await json(post(cluster(id, '/manifests'), body, signal), done);
    },
    install: async (id, signal) => {
      await json(post(cluster(id, '/actions/install'), undefined, signal), done);
    },
    cancel: async (id, signal) => {
      await json(post(cluster(id, '/actions/cancel'), undefined, signal), done);
    },
  } satisfies Partial<Assisted>;
}

function aboutHosts({ json, text }: Transport) {
  return {
    listInfraEnvs: async (clusterId, signal) => {
      const all = await json(get(`/infra-envs${query({ cluster_id: clusterId })}`, signal), read.listOf(read.infraEnv));
      return all.filter(({ cluster_id }) => cluster_id === clusterId);
    },
    createInfraEnv: (params, signal) => json(post('/infra-envs', params, signal), read.infraEnv),
    deleteInfraEnv: async (id, signal) => {
      await text(del(infraEnv(id), signal));
    },
    imageUrl: (id, signal) => json(get(infraEnv(id, '/downloads/image-url'), signal), read.url),
    listHosts: (id, signal) => json(get(infraEnv(id, '/hosts'), signal), read.listOf(read.host)),
    patchHost: (infraEnvId, hostId, patch, signal) =>
      json(patchAt(hostAt(infraEnvId, hostId), patch, signal), read.host),
    deleteHost: async (infraEnvId, hostId, signal) => {
      await text(del(hostAt(infraEnvId, hostId), signal));
    },
  } satisfies Partial<Assisted>;
}

function results({ json, text, stream }: Transport) {
  return {
    credentialsFile: async (id, file, signal) =>
      new Secret(await text(get(cluster(id, `/downloads/credentials${query({ file_name: file })}`), signal))),
    consoleUrl: (id, signal) => json(get(cluster(id, '/credentials'), signal), read.consoleUrl),
    logs: (id, signal) => stream(get(cluster(id, '/logs?logs_type=all'), signal)),
    events: async (id, most, signal) => {
      const last = query({ cluster_id: id, order: 'descending', limit: String(most) });
      return (await json(get(`/events${last}`, signal), read.events)).reverse();
    },
  } satisfies Partial<Assisted>;
}
