/** How a cluster is, in its own words: OpenShift's version, the nodes, the operators. */
import { printable, type Secret } from '../core/secret.ts';
import { type ApiPorts, clusterApi } from './api.ts';
import { type Json, object, objects, text } from './json.ts';
import { readKubeconfig } from './kubeconfig.ts';

export interface ClusterHealth {
  /** Of OpenShift as it was last installed whole, else as it is to be. */
  version: string | null;
  available: boolean;
  /** What the installation or an update is still at, or stopped by. */
  progressing: string | null;
  nodes: { name: string; ready: boolean }[];
  /** Operators, each with its reason: `dns (DNSDegraded)`. */
  degraded: string[];
  unavailable: string[];
}

const CONFIG = '/apis/config.openshift.io/v1';

/**
 * Asks the API that the kubeconfig names. Throws E-CREDS where the kubeconfig is of no use; E-API-UNREACH where nobody
 * answers (`cause` is an HttpError) or where the answer is a refusal; the reason of the signal.
 */
export async function askCluster({
  kubeconfig,
  ...ports
}: Omit<ApiPorts, 'access'> & { kubeconfig: Secret }): Promise<ClusterHealth> {
  const api = clusterApi({ ...ports, access: readKubeconfig(kubeconfig) });
  const status = object((await api.get(`${CONFIG}/clusterversions/version`))['status']);
  const operators = await api.list(`${CONFIG}/clusteroperators`);
  const nodes = await api.list('/api/v1/nodes');
  return {
    version: versionIn(status),
    available: isTrue(condition(status, 'Available')),
    progressing: ['Failing', 'Progressing'].map((type) => trouble(status, type)).find((one) => one !== null) ?? null,
    nodes: nodes.map((node) => ({ name: nameOf(node), ready: isTrue(condition(object(node['status']), 'Ready')) })),
    degraded: operators.flatMap((one) => stated(one, 'Degraded', isTrue)),
    unavailable: operators.flatMap((one) => stated(one, 'Available', (found) => !isTrue(found))),
  };
}

/** What is not well (yet), a phrase each; [] when all is. */
export function unhealthy(health: ClusterHealth, expectedNodes: number): string[] {
  const { version, available, progressing, nodes, degraded, unavailable } = health;
  const waiting = nodes.filter(({ ready }) => !ready).map(({ name }) => name);
  return [
    ...(available ? [] : [`OpenShift ${version ?? '(no version yet)'} is not available yet`]),
    ...(progressing === null ? [] : [progressing]),
    ...(nodes.length < expectedNodes ? [`${nodes.length} of ${expectedNodes} nodes have joined`] : []),
    ...some('nodes not ready', waiting),
    ...some('operators not available', unavailable),
    ...some('operators degraded', degraded),
  ];
}

const SHOWN = 4;

function some(what: string, names: string[]): string[] {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return names.length === 0 ? [] : [`${what}: ${names.slice(0, SHOWN).join(', ')}${more}`];
}

/** The history's newest entry comes first. */
function versionIn(status: Json): string | null {
  const completed = objects(status['history']).find(({ state }) => state === 'Completed');
  const version = text(completed?.['version']) ?? text(object(status['desired'])['version']);
  return version && printable(version, 60);
}

function condition(status: Json, type: string): Json | undefined {
  return objects(status['conditions']).find((one) => one['type'] === type);
}

function isTrue(found: Json | undefined): boolean {
  return found?.['status'] === 'True';
}

function trouble(status: Json, type: string): string | null {
  const found = condition(status, type);
  return isTrue(found) ? printable(text(found?.['message']) ?? type, 160) : null;
}

function stated(operator: Json, type: string, isBad: (found: Json | undefined) => boolean): string[] {
  const found = condition(object(operator['status']), type);
  return isBad(found) ? [`${nameOf(operator)} (${printable(text(found?.['reason']) ?? 'no reason given', 60)})`] : [];
}

function nameOf(item: Json): string {
  return printable(text(object(item['metadata'])['name']) ?? 'no name', 80);
}
