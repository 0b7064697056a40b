/** `snoboot status --live`: what the service says now of the inventory's clusters. Asks, and changes nothing. */
import { createAssisted } from '../assisted/client.ts';
import { type ClusterReport, type HostReport, reportOf, type ValidationReport } from '../assisted/report.ts';
import { createSignIn } from '../assisted/sign-in.ts';
import { createClock } from '../core/clock.ts';
import { createHttpClient, type HttpClient } from '../core/http.ts';
import { resolveSecret } from '../inventory/secrets.ts';
import type { Inventory } from '../inventory/types.ts';
import { clean } from '../view/text.ts';
import type { StatusOptions } from './options.ts';
import { readInventory } from './read-inventory.ts';
import { openTarget, type Target } from './target.ts';

export interface ServiceReport {
  url: string;
  /** The service's own. */
  version: string;
  clusters: ClusterReport[];
  /** Clusters of the inventory that the service does not know. */
  unknown: string[];
}

/** Reads of the inventory's secrets the sign-in alone. Throws what reading the inventory and asking the service throws. */
export async function liveData(file: string, options: StatusOptions): Promise<ServiceReport> {
  const inventory = await readInventory(file, options);
  const labUrl = inventory.service.type === 'lab' ? await runningLab(inventory) : null;
  if (labUrl !== null) return asked({ ...inventory, service: { ...PLAIN, url: labUrl } }, LAB);
  const target = await openTarget(inventory, { faults: options.fault ?? [] });
  try {
    return await asked(target.inventory, target);
  } finally {
    await target.stop();
  }
}

/** The lab of a run that goes on is asked where it is; it is not joined. */
async function runningLab(inventory: Inventory): Promise<string | null> {
  const { labServing } = await import('./lab-target.ts');
  return labServing(inventory);
}

const PLAIN = { type: 'assisted', offlineToken: null, trust: 'verify', caFile: null, agentUrl: null } as const;
const LAB: Way = {
  env: {},
  trust: { kind: 'verify' },
  clock: createClock(),
};

type Way = Pick<Target, 'env' | 'trust' | 'proxies' | 'clock'>;

async function asked(inventory: Target['inventory'], way: Way): Promise<ServiceReport> {
  const { url } = inventory.service;
  const { clock, trust, proxies } = way;
  const http = createHttpClient(proxies ? { proxies } : {});
  try {
    const token = await signInOf(inventory, way, http);
    const assisted = createAssisted({ url, http, clock, trust, ...(token ? { token } : {}) });
    const [version, all] = await Promise.all([assisted.version(), assisted.listClusters()]);
    const wanted = inventory.clusters.map(({ name, baseDomain }) => ({
      name,
      there: all.filter((one) => one.name === name && (one.base_dns_domain ?? baseDomain) === baseDomain),
    }));
    return {
      url: clean(url),
      version: clean(version),
      clusters: wanted.flatMap(({ there }) => there.map(reportOf)),
      unknown: wanted.flatMap(({ name, there }) => (there.length === 0 ? [name] : [])),
    };
  } finally {
    await http.close();
  }
}

async function signInOf({ service, dir }: Target['inventory'], { env, trust, clock }: Way, http: HttpClient) {
  if (!service.offlineToken) return undefined;
  const secret = await resolveSecret(service.offlineToken, { env, cwd: dir });
  return createSignIn({ offlineToken: secret, http, clock, trust });
}

export function liveText({ url, version, clusters, unknown }: ServiceReport): string {
  const lines = [
    `the service ${url} (version ${version}) says:`,
    ...clusters.flatMap(clusterLines),
    ...unknown.map((name) => `${clean(name)}: not there`),
  ];
  return `${lines.join('\n')}\n`;
}

function clusterLines(cluster: ClusterReport): string[] {
  const { name, status, statusInfo, openshiftVersion, percent, networks, validations, hosts } = cluster;
  const known = Object.entries(networks).flatMap(([kind, list]) =>
    list.length > 0 ? `${kind} ${list.join(', ')}` : [],
  );
  const progress = percent === null ? '' : `, ${percent}%`;
  return [
    `${name}: ${status}${progress}: ${statusInfo}`,
    ...(openshiftVersion === null ? [] : [`  OpenShift ${openshiftVersion}`]),
    ...(known.length > 0 ? [`  networks: ${known.join('; ')}`] : []),
    ...validations.map((one) => `  ${validationLine(one)}`),
    ...hosts.flatMap(hostLines),
  ];
}

function hostLines({ id, name, role, status, statusInfo, stage, percent, validations }: HostReport): string[] {
  const progress = percent === null || stage === '' ? stage : `${stage} ${percent}%`;
  const at = [status, progress].filter(Boolean).join(', ');
  return [
    `  ${name || id} (${role || 'no role yet'}): ${at}: ${statusInfo}`,
    ...validations.map((one) => `    ${validationLine(one)}`),
  ];
}

function validationLine({ id, status, message }: ValidationReport): string {
  return `${status} ${id}: ${message}`;
}
