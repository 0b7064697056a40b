/** What the lab's service can install: OpenShift versions with their OS images, container images, requirements. */
import { createHash } from 'node:crypto';
import type { Release } from '../spec.ts';
import type { Answer } from './wire.ts';

/** CPUs that a single node needs, where nothing else is known. */
const CPUS = 8;

const RELEASES: readonly Release[] = [
  { version: '4.18.52', os: '418.94.202510081640-0', cpus: 8 },
  { version: '4.20.33', os: '9.6.20260112-0', cpus: 8 },
  { version: '4.21.21', os: '9.6.20260324-0', cpus: 8 },
  { version: '4.22.9', os: '9.8.20260715-1', cpus: 4 },
];
const DEFAULT_RELEASE = RELEASES[1]!;
export const LATEST_RELEASE = RELEASES.at(-1)!;

const AGENT = 'quay.io/edge-infrastructure/assisted-installer';
export const AGENT_IMAGE = `${AGENT}-agent:latest`;
export const INSTALLER_IMAGE = `${AGENT}:latest`;
export const CONTROLLER_IMAGE = `${AGENT}-controller:latest`;
export const NEEDED = { minCpus: 2, minMemoryMiB: 8192, memoryMiB: 16_384, diskGB: 100, diskSpeedMs: 10 } as const;
export const CLUSTER_NETWORK = { cidr: '10.128.0.0/14', host_prefix: 23 };
export const SERVICE_NETWORK = { cidr: '172.30.0.0/16' };

interface Offering {
  releases: readonly Release[];
}

/** What the service offers: its own releases, and those of `versions` that are not among them. */
export function releasesWith(versions: readonly string[]): Release[] {
  const missing = [...new Set(versions)].filter((version) => !find(RELEASES, version));
  return [...RELEASES, ...missing.map(madeUp)];
}

/** A minor version stands for its first release. */
function madeUp(version: string): Release {
  const full = version.split('.').length > 2 ? version : `${version}.0`;
  return { version: full, os: `${full.replace(/\.(?=\d+\.)/, '')}-0`, cpus: CPUS };
}

/** The release of a full version, a minor one or an OS build; undefined when there is none. */
export function findRelease({ releases }: Offering, version: string): Release | undefined {
  return find(releases, version);
}

/** CPUs that a single node of this version needs. */
export function cpusFor(version: string): number {
  return find(RELEASES, version)?.cpus ?? CPUS;
}

function find(releases: readonly Release[], version: string): Release | undefined {
  return releases.find((one) => one.version === version || minor(one.version) === version || one.os === version);
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
export function listVersions({ service }: { service: { lab: Offering } }): Answer {
  const entries = service.lab.releases.map((release) => {
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
