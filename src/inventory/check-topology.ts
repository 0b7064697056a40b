/** Checks of a cluster's topology and versions: how many hosts, which releases can be so, networks that OpenShift takes for itself. */
import { list, type Loose, text } from './loose.ts';
import type { Network } from './addresses.ts';
import { parseCidr } from './addresses.ts';
import type { Reporter } from './reporter.ts';
import type { Trail } from './trail.ts';

const VIPS = ['apiVIPs', 'ingressVIPs'] as const;
/** assisted-service §1.5: the defaults, and OVN-Kubernetes' own; none of them can be set here. */
const TAKEN: readonly (readonly [string, Network])[] = (
  [
    ['the cluster network', '10.128.0.0/14'],
    ['the service network', '172.30.0.0/16'],
    ["OVN's join network", '100.64.0.0/16'],
    ["OVN's transit network", '100.88.0.0/16'],
    ["OVN's join network", 'fd98::/64'],
  ] as const
).map(([what, cidr]) => [what, parseCidr(cidr)!]);
const FIRST_ARM_MINOR = 10;

export function checkTopology(cluster: Loose, path: Trail, reporter: Reporter): void {
  const hosts = list(cluster['hosts']);
  const at = path.to('hosts');
  if (hosts.length === 2) {
    const message = '2 hosts are no topology of OpenShift that snoboot knows';
    reporter.at(at, { message, todo: 'give 1 host, or 3 and more' });
  }
  if (hosts.length > 1) {
    const message = `${hosts.length} hosts, and only single-node clusters are possible for now`;
    reporter.at(at, { message, todo: 'keep one host in each cluster' });
  }
  for (const key of VIPS) {
    if (hosts.length === 1 && cluster[key] !== undefined) {
      const message = `"${key}" with one host: a single node answers at its own address`;
      reporter.atKey(path.to(key), { message, todo: 'remove it' });
    }
    if (hosts.length > 2 && cluster[key] === undefined)
      reporter.at(path, { message: `${hosts.length} hosts, and ${key} is missing`, todo: `add ${key}:` });
  }
}

/** A release that the architecture never had. */
export function checkVersion(cluster: Loose, path: Trail, reporter: Reporter): void {
  const version = text(cluster['openshiftVersion']) ?? '';
  const minor = /^4\.(\d{1,2})(\.|-|$)/.exec(version)?.[1];
  if (cluster['cpuArchitecture'] !== 'aarch64' || minor === undefined || Number(minor) >= FIRST_ARM_MINOR) return;
  const message = `"${version}" has no release for aarch64`;
  reporter.at(path.to('openshiftVersion'), { message, todo: `use "4.${FIRST_ARM_MINOR}" or later` });
}

/** `networks`: where the nodes are; `path`: of the value that says so. */
export function checkTaken(networks: readonly Network[], path: Trail, reporter: Reporter): void {
  for (const network of networks) {
    const taken = TAKEN.find(([, { family, first, last }]) => {
      return family === network.family && first <= network.last && network.first <= last;
    });
    if (!taken) continue;
    const message = `the machine network ${network.cidr} overlaps ${taken[1].cidr}, ${taken[0]}`;
    reporter.at(path, { message, todo: 'use another network: OpenShift takes that one for itself' });
  }
}
