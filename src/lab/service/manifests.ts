/** Manifests of a cluster (assisted-service.md §1.8), and the ignition that the installer makes of them. */
import { loadAll } from 'js-yaml';
import type { IgnitionDocument, IgnitionFile } from './ignition-types.ts';
import { type Call, clusterOf, textIn, touch } from './service.ts';
import type { Cluster, Manifest } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

export const MANIFEST_NAME = '^[^\\/]*\\.(json|ya?ml(\\.patch_?[a-zA-Z0-9_]*)?)$';
const MAX_BYTES = 1024 * 1024;

const view = ({ file_name, folder }: Manifest): object => ({ file_name, folder, manifest_source: 'user' });

/** GET manifests: the user's, without content. */
export function listManifests(call: Call): Answer {
  return { status: 200, json: clusterOf(call).manifests.map(view) };
}

/** GET of one file: its bytes as they were uploaded. */
export function getManifest(call: Call): Answer {
  const folder = call.query.get('folder') ?? 'manifests';
  const name = call.query.get('file_name') ?? '';
  const cluster = clusterOf(call);
  const found = cluster.manifests.find((one) => one.folder === folder && one.file_name === name);
  if (!found) throw new Refusal(404, `Cluster manifest ${folder}/${name} doesn't exist in cluster ${cluster.id}`);
  return { status: 200, octets: Buffer.from(found.content, 'base64'), name };
}

/** POST: taken in every status, without effect once the installation has begun; an existing name is overwritten. */
export function addManifest(call: Call): Answer {
  const { json, service } = call;
  const cluster = clusterOf(call);
  const manifest: Manifest = {
    folder: textIn(json, 'folder') || 'manifests',
    file_name: textIn(json, 'file_name'),
    content: textIn(json, 'content'),
    late: !/^(pending-for-input|insufficient|ready)$/.test(cluster.status),
  };
  checkManifest(cluster, manifest);
  const others = cluster.manifests.filter((one) => one.file_name !== manifest.file_name);
  cluster.manifests = [...others, manifest];
  touch(service, cluster);
  return { status: 201, json: view(manifest) };
}

function checkManifest(cluster: Cluster, { folder, file_name: name, content }: Manifest): void {
  const of = `for cluster ID ${cluster.id}`;
  const refuse = (why: string): Refusal => new Refusal(400, `Manifest content of file ${folder}/${name} ${of} ${why}`);
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content))
    throw new Refusal(400, `failed to base64-decode cluster manifest content for cluster ${cluster.id}`);
  const bytes = Buffer.from(content, 'base64');
  if (bytes.length === 0) throw refuse('is empty');
  if (bytes.length > MAX_BYTES) throw refuse('exceeds the maximum file size of 1MiB');
  const bad = syntaxProblem(name, bytes.toString());
  if (bad) throw refuse(`has an ${bad}`);
  if (!cluster.manifests.some((one) => one.file_name === name && one.folder !== folder)) return;
  const why = 'cannot be uploaded as it is not distinct between {manifest, openshift} folders';
  throw new Refusal(400, `manifest file ${name} ${of} in folder ${folder} ${why}`);
}

function syntaxProblem(name: string, text: string): string | undefined {
  const json = name.endsWith('.json');
  try {
    if (json) JSON.parse(text);
    else loadAll(text);
    return undefined;
  } catch (error) {
    const line = ((error as { mark?: { line?: number } }).mark?.line ?? 0) + 1;
    return json ? 'illegal JSON format' : `invalid YAML format: yaml: line ${line}: did not find expected node content`;
  }
}

interface MachineConfig {
  kind?: string;
  metadata?: { labels?: Record<string, string> };
  spec?: { config?: { storage?: { files?: IgnitionFile[] } } };
}

const ROLE_LABEL = 'machineconfiguration.openshift.io/role';
const ignition = (files: IgnitionFile[]): IgnitionDocument => ({
  ignition: { version: '3.1.0' },
  storage: { files },
  systemd: {},
});
const inTime = (cluster: Cluster): Manifest[] => cluster.manifests.filter((manifest) => !manifest.late);

/** What a host of the role writes to its disk: the files of all MachineConfigs among the manifests that came in time. */
export function machineConfigIgnition(cluster: Cluster, role: string): IgnitionDocument {
  const texts = inTime(cluster).map(({ content }) => Buffer.from(content, 'base64').toString());
  const configs = (texts.flatMap((text) => loadAll(text)) as (MachineConfig | null)[]).filter(
    (one) => one?.kind === 'MachineConfig' && one.metadata?.labels?.[ROLE_LABEL] === role,
  );
  return ignition(configs.flatMap((one) => one?.spec?.config?.storage?.files ?? []));
}

const CVO_OVERRIDES = 'apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata:\n  name: version\n';

/** What the bootstrap process is given: the manifests themselves, beside one of its own. */
export function bootstrapIgnition(cluster: Cluster): IgnitionDocument {
  const content = Buffer.from(CVO_OVERRIDES).toString('base64');
  const all = [{ folder: 'manifests', file_name: 'cvo-overrides.yaml', content }, ...inTime(cluster)];
  return ignition(
    all.map((one) => ({
      path: `/opt/openshift/${one.folder}/${one.file_name}`,
      contents: { source: `data:text/plain;charset=utf-8;base64,${one.content}` },
    })),
  );
}
