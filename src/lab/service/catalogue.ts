/** What the lab's service can install: OpenShift versions with their OS images, container images, requirements, and the calls that list them. */
import { createHash } from 'node:crypto';
import type { Call } from './service.ts';
import { type Answer, Refusal } from './wire.ts';

interface Release {
  version: string;
  /** OS build of the live image. */
  os: string;
  /** CPUs that a single node needs (§1.9: four from 4.22 on). */
  cpus: number;
}

const RELEASES: readonly Release[] = [
  { version: '4.18.52', os: '418.94.202510081640-0', cpus: 8 },
  { version: '4.20.33', os: '9.6.20260112-0', cpus: 8 },
  { version: '4.22.9', os: '9.8.20260715-1', cpus: 4 },
];
const DEFAULT_RELEASE = RELEASES[1]!;
export const LATEST_RELEASE = RELEASES[2]!;

export const AGENT_IMAGE = 'quay.io/edge-infrastructure/assisted-installer-agent:latest';
export const INSTALLER_IMAGE = 'quay.io/edge-infrastructure/assisted-installer:latest';
export const CONTROLLER_IMAGE = 'quay.io/edge-infrastructure/assisted-installer-controller:latest';
export const NEEDED = { minCpus: 2, minMemoryMiB: 8192, memoryMiB: 16_384, diskGB: 100, diskSpeedMs: 10 } as const;
export const FORBIDDEN_NAMES = ['', '.localdomain', '4', '4.localdomain4', '6', '6.localdomain6'].map(
  (s) => `localhost${s}`,
);

/** The release of a full version, a minor one or an OS build; undefined when there is none. */
export function findRelease(version: string): Release | undefined {
  return RELEASES.find(
    (release) => release.version === version || minor(release.version) === version || release.os === version,
  );
}

/** `4.20.33` → `4.20`. */
export function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** The images that a host must be able to pull before it installs, in the order of the step: release, mco, must-gather, installer. */
export function neededImages(version: string): [release: string, mco: string, mustGather: string, installer: string] {
  const component = (part: string): string => {
    const digest = createHash('sha256').update(`${part} ${version}`).digest('hex');
    return `quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:${digest}`;
  };
  return [releaseImage(version), component('machine-config-operator'), component('must-gather'), INSTALLER_IMAGE];
}

/** The release image of a full version. */
export function releaseImage(version: string): string {
  return `quay.io/openshift-release-dev/ocp-release:${version}-x86_64`;
}

/** GET openshift-versions. */
export function listVersions(): Answer {
  const entries = RELEASES.map((release) => {
    const entry = { cpu_architectures: ['x86_64'], display_name: release.version, support_level: 'production' };
    return [release.version, release === DEFAULT_RELEASE ? { ...entry, default: true } : entry];
  });
  return { status: 200, json: Object.fromEntries(entries) };
}

/** GET component-versions: the images that the service works with. */
export function componentVersions(): Answer {
  const versions = {
    'assisted-installer': INSTALLER_IMAGE,
    'assisted-installer-controller': CONTROLLER_IMAGE,
    'assisted-installer-service': 'Unknown',
    'discovery-agent': AGENT_IMAGE,
  };
  return { status: 200, json: { versions } };
}

/** GET support-levels: what of the listed features and architectures the lab has. */
export function supportLevels({ query, params }: Call): Answer {
  if (!query.get('openshift_version')) throw new Refusal(400, 'openshift_version in query is required', 'openapi');
  const features = { SNO: 'supported', FULL_ISO: 'supported', MINIMAL_ISO: 'supported', CUSTOM_MANIFEST: 'supported' };
  if (params['kind'] === 'features') return { status: 200, json: { features } };
  return { status: 200, json: { architectures: { X86_64_ARCHITECTURE: 'supported' } } };
}

export const CLUSTER_NETWORK = { cidr: '10.128.0.0/14', host_prefix: 23 };
export const SERVICE_NETWORK = { cidr: '172.30.0.0/16' };

/** GET default-config. */
export function defaultConfig(): Answer {
  const json = {
    cluster_network_cidr: CLUSTER_NETWORK.cidr,
    cluster_network_host_prefix: CLUSTER_NETWORK.host_prefix,
    cluster_networks_dualstack: [CLUSTER_NETWORK, { cidr: 'fd01::/48', host_prefix: 64 }],
    cluster_networks_ipv4: [CLUSTER_NETWORK],
    forbidden_hostnames: FORBIDDEN_NAMES,
    inactive_deletion_hours: 480,
    ntp_source: '',
    service_network_cidr: SERVICE_NETWORK.cidr,
    service_networks_dualstack: [SERVICE_NETWORK, { cidr: 'fd02::/112' }],
    service_networks_ipv4: [SERVICE_NETWORK],
  };
  return { status: 200, json };
}

/** The requirements of a role, in the words of preflight-requirements. */
export function requirements(version: string): Answer {
  const base = { disk_size_gb: NEEDED.diskGB, installation_disk_speed_threshold_ms: NEEDED.diskSpeedMs };
  const master = { ...base, cpu_cores: masterCpus(version), ram_mib: NEEDED.memoryMiB };
  const network = { network_latency_threshold_ms: 1000, packet_loss_percentage: 10 };
  const worker = { ...base, ...network, cpu_cores: NEEDED.minCpus, ram_mib: NEEDED.minMemoryMiB };
  const role = (quantitative: object): object => ({ qualitative: null, quantitative });
  return { status: 200, json: { ocp: { master: role(master), worker: role(worker) }, operators: [] } };
}

/** How many CPUs a single node of this version needs. */
export function masterCpus(version: string): number {
  return findRelease(version)?.cpus ?? 8;
}
