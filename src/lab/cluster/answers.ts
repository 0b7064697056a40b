/** What an API server answers: the few resources that tell of a cluster's health, else a Status, as Kubernetes words it. */
import type { ClusterNode } from './node.ts';
import { nodeObject } from './node-object.ts';
import { clusterOperators, clusterVersion, kubernetesVersion } from './objects.ts';

/** Who sent no certificate is anonymous, who sent a foreign one a stranger. */
export type Caller = 'admin' | 'anonymous' | 'stranger';

export interface ApiAnswer {
  status: number;
  /** Plain text, or a value to be written as JSON. */
  body: string | object;
}

interface Resource {
  /** '' for the core group. */
  group: string;
  plural: string;
  kind: string;
  items(node: ClusterNode, now: number): ({ metadata: { name: string } } & object)[];
}

const CONFIG = 'config.openshift.io';
const RESOURCES: readonly Resource[] = [
  { group: CONFIG, plural: 'clusterversions', kind: 'ClusterVersion', items: (node) => [clusterVersion(node)] },
  { group: CONFIG, plural: 'clusteroperators', kind: 'ClusterOperator', items: clusterOperators },
  { group: '', plural: 'nodes', kind: 'Node', items: (node, now) => [nodeObject(node, now)] },
];

/** Public to everybody, as the role system:public-info-viewer has it. */
const PUBLIC: Record<string, (node: ClusterNode) => ApiAnswer['body']> = {
  '/version': ({ system }) => kubernetesVersion(system.openshiftVersion),
  '/readyz': () => 'ok',
  '/livez': () => 'ok',
  '/healthz': () => 'ok',
};

/** `url` is the request's, with its query; `now` lab time. */
export function answerTo(node: ClusterNode, caller: Caller, method: string, url: string, now: number): ApiAnswer {
  const path = url.split('?')[0]!.replace(/(.)\/$/, '$1');
  if (caller === 'stranger') return refusal(401, 'Unauthorized', 'Unauthorized');
  const open = PUBLIC[path];
  if (open && method === 'GET') return { status: 200, body: open(node) };
  const [resource, name] = resourceOf(path);
  if (caller === 'anonymous') return forbidden(method, path, resource, name);
  if (!resource) return refusal(404, 'NotFound', 'the server could not find the requested resource', {});
  if (method !== 'GET')
    return refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
  const items = resource.items(node, now);
  if (name === undefined) return { status: 200, body: listOf(resource, items) };
  const found = items.find(({ metadata }) => metadata.name === name);
  if (found) return { status: 200, body: { ...typeOf(resource), ...found } };
  const { group, plural: kind } = resource;
  return refusal(404, 'NotFound', `${qualified(resource)} "${name}" not found`, { name, group, kind });
}

function resourceOf(path: string): [resource: Resource | undefined, name?: string] {
  for (const resource of RESOURCES) {
    const { group, plural } = resource;
    const list = `${group ? `/apis/${group}` : '/api'}/v1/${plural}`;
    if (path === list) return [resource];
    const name = path.startsWith(`${list}/`) ? path.slice(list.length + 1) : '';
    if (name && !name.includes('/')) return [resource, name];
  }
  return [undefined];
}

const typeOf = ({ group, kind }: Resource): object => ({ apiVersion: group ? `${group}/v1` : 'v1', kind });
const qualified = ({ group, plural }: Resource): string => (group ? `${plural}.${group}` : plural);

/** Items of the core group do not repeat their type in a list. */
function listOf(resource: Resource, items: object[]): object {
  const { group, kind } = resource;
  const typed = group ? items.map((item) => ({ ...typeOf(resource), ...item })) : items;
  return { ...typeOf(resource), kind: `${kind}List`, metadata: { resourceVersion: '60241' }, items: typed };
}

function forbidden(method: string, path: string, resource: Resource | undefined, name?: string): ApiAnswer {
  const verb = method === 'GET' && resource && name === undefined ? 'list' : method.toLowerCase();
  const user = 'User "system:anonymous" cannot';
  if (!resource) return refusal(403, 'Forbidden', `forbidden: ${user} ${verb} path "${path}"`, {});
  const { group, plural: kind } = resource;
  const what = `${qualified(resource)}${name === undefined ? '' : ` "${name}"`} is forbidden`;
  const where = `resource "${kind}" in API group "${group}" at the cluster scope`;
  return refusal(403, 'Forbidden', `${what}: ${user} ${verb} ${where}`, { ...(name ? { name } : {}), group, kind });
}

function refusal(code: number, reason: string, message: string, details?: object): ApiAnswer {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason };
  return { status: code, body: { ...status, ...(details ? { details } : {}), code } };
}
