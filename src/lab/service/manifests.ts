/** Manifests of a cluster (assisted-service.md §1.8), and the ignition that the installer makes of them. */
import { loadAll } from 'js-yaml';
import type { IgnitionDocument, IgnitionFile } from './ignition-types.ts';
import { type Call, clusterOf, touch } from './service.ts';
import type { Cluster, ClusterStatus, Manifest } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

export const MANIFEST_NAME = '^[^\\/]*\\.(json|ya?ml(\\.patch_?[a-zA-Z0-9_]*)?)$';
const MAX_BYTES = 1024 * 1024;
const EARLY: readonly ClusterStatus[] = ['pending-for-input', 'insufficient', 'ready'];

const shown = (manifest: Manifest): object => ({
  file_name: manifest.fileName,
  folder: manifest.folder,
  manifest_source: 'user',
});

function findCluster(call: Call): Cluster {
  try {
    return clusterOf(call);
  } catch {
    throw new Refusal(404, 'Object Not Found');
  }
}

/** GET manifests: the user's, without content. */
export function listManifests(call: Call): Answer {
  return { status: 200, json: findCluster(call).manifests.map(shown) };
}

/** GET of one file: its bytes as they were uploaded. */
export function getManifest(call: Call): Answer {
  const { folder, fileName } = wanted(call);
  const cluster = findCluster(call);
  const found = cluster.manifests.find((one) => one.folder === folder && one.fileName === fileName);
  if (!found) throw new Refusal(404, `Cluster manifest ${folder}/${fileName} doesn't exist in cluster ${cluster.id}`);
  return { status: 200, octets: Buffer.from(found.content, 'base64'), name: fileName };
}

function wanted({ query }: Call): { folder: string; fileName: string } {
  return { folder: query.get('folder') ?? 'manifests', fileName: query.get('file_name') ?? '' };
}

/** POST: taken in every status, without effect once the installation has begun; an existing name is overwritten. */
export function addManifest(call: Call): Answer {
  const { json, service } = call;
  const cluster = findCluster(call);
  const folder = String(json['folder'] ?? 'manifests');
  const fileName = String(json['file_name']);
  const content = String(json['content']);
  checkManifest(cluster, folder, fileName, content);
  const manifest = { folder, fileName, content, late: !EARLY.includes(cluster.status) };
  cluster.manifests = [...without(cluster, folder, fileName), manifest];
  touch(service, cluster);
  return { status: 201, json: shown(manifest) };
}

function without(cluster: Cluster, folder: string, fileName: string): Manifest[] {
  return cluster.manifests.filter((one) => one.folder !== folder || one.fileName !== fileName);
}

/** DELETE: 200 also for a file that is not there; 400 once the installation has begun. */
export function deleteManifest(call: Call): Answer {
  const cluster = findCluster(call);
  if (!EARLY.includes(cluster.status)) {
    const why = "is not in pre-installation states, can't modify manifests after installation has been started";
    throw new Refusal(400, `cluster ${cluster.id} ${why}`);
  }
  const { folder, fileName } = wanted(call);
  cluster.manifests = without(cluster, folder, fileName);
  touch(call.service, cluster);
  return { status: 200 };
}

function checkManifest(cluster: Cluster, folder: string, fileName: string, content: string): void {
  const of = `for cluster ID ${cluster.id}`;
  const at = `file ${folder}/${fileName} ${of}`;
  if (fileName.startsWith('.'))
    throw new Refusal(422, `Cluster manifest ${fileName} for cluster ${cluster.id} has an invalid filename.`);
  if (fileName.includes(' '))
    throw new Refusal(
      422,
      `Cluster manifest ${fileName} for cluster ${cluster.id} should not include a space in its name.`,
    );
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content))
    throw new Refusal(400, `failed to base64-decode cluster manifest content for cluster ${cluster.id}`);
  const bytes = Buffer.from(content, 'base64');
  if (bytes.length === 0) throw new Refusal(400, `Manifest content of ${at} is empty`);
  if (bytes.length > MAX_BYTES)
    throw new Refusal(400, `Manifest content of ${at} exceeds the maximum file size of 1MiB`);
  const bad = syntaxProblem(fileName, bytes.toString());
  if (bad) throw new Refusal(400, `Manifest content of ${at} has an ${bad}`);
  if (cluster.manifests.some((one) => one.fileName === fileName && one.folder !== folder)) {
    const why = 'cannot be uploaded as it is not distinct between {manifest, openshift} folders';
    throw new Refusal(400, `manifest file ${fileName} ${of} in folder ${folder} ${why}`);
  }
}

function syntaxProblem(fileName: string, text: string): string | undefined {
  const json = fileName.endsWith('.json');
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

/** What a host of the role writes to its disk: the files of all MachineConfigs among the manifests that came in time. */
export function machineConfigIgnition(cluster: Cluster, role: string): IgnitionDocument {
  const documents = cluster.manifests
    .filter((manifest) => !manifest.late)
    .flatMap(({ content }) => loadAll(Buffer.from(content, 'base64').toString()) as (MachineConfig | null)[]);
  const files = documents
    .filter((one) => one?.kind === 'MachineConfig' && one.metadata?.labels?.[ROLE_LABEL] === role)
    .flatMap((one) => one?.spec?.config?.storage?.files ?? []);
  return { ignition: { version: '3.1.0' }, storage: { files }, systemd: {} };
}

const CVO_OVERRIDES =
  'apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata:\n  name: version\nspec:\n  channel: stable\n';

/** What the bootstrap process is given: the manifests themselves, beside one of its own. */
export function bootstrapIgnition(cluster: Cluster): IgnitionDocument {
  const own = {
    folder: 'manifests',
    fileName: 'cvo-overrides.yaml',
    content: Buffer.from(CVO_OVERRIDES).toString('base64'),
  };
  const files = [own, ...cluster.manifests.filter((manifest) => !manifest.late)].map(
    ({ folder, fileName, content }) => ({
      path: `/opt/openshift/${folder}/${fileName}`,
      contents: { source: `data:text/plain;charset=utf-8;base64,${content}` },
    }),
  );
  return { ignition: { version: '3.1.0' }, storage: { files }, systemd: {} };
}
