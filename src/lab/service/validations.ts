/** All validations of a host and of a cluster that the lab computes; an id that is not in the tables is absent (assisted-service.md §2.4). */
import { HARDWARE_CHECKS } from './hardware-checks.ts';
import { NETWORK_CHECKS } from './network-checks.ts';
import type { Host, Validation } from './host-state.ts';
import type { Cluster } from './state.ts';
import { failure, pending, type Seen, success, type Verdict } from './verdicts.ts';

/** What can be said of the host now. */
export function hostValidations(seen: Seen): Validation[] {
  return Object.entries({ hardware: HARDWARE_CHECKS, network: NETWORK_CHECKS }).flatMap(([category, checks]) =>
    Object.entries(checks).flatMap(([id, check]) => {
      const verdict = check(seen);
      return verdict ? [{ category, id, ...verdict }] : [];
    }),
  );
}

/** The validations that decide a single node's cluster. */
export function clusterValidations(cluster: Cluster, hosts: Host[]): Validation[] {
  const verdicts: [category: string, id: string, verdict: Verdict][] = [
    [
      'configuration',
      'pull-secret-set',
      given(cluster.pullSecret, 'The pull secret is set.', 'The pull secret is not set.'),
    ],
    ['hosts-data', 'all-hosts-are-ready-to-install', allReady(hosts)],
    ['hosts-data', 'sufficient-masters-count', oneMaster(hosts)],
    [
      'network',
      'dns-domain-defined',
      given(cluster.baseDomain, 'The base domain is defined.', 'The base domain is undefined and must be provided.'),
    ],
    ['network', 'machine-cidr-defined', machineNetwork(cluster, hosts)],
  ];
  return verdicts.map(([category, id, verdict]) => ({ category, id, ...verdict }));
}

const given = (value: string, good: string, bad: string): Verdict => (value ? success(good) : failure(bad));

const READY = /^(known|preparing-for-installation|preparing-successful|installing.*|installed)$/;

function allReady(hosts: Host[]): Verdict {
  if (hosts.every((host) => READY.test(host.status))) return success('All hosts in the cluster are ready to install.');
  return failure('The cluster has hosts that are not ready to install.');
}

function oneMaster(hosts: Host[]): Verdict {
  if (hosts.length === 1 && hosts[0]!.role === 'master')
    return success('The cluster has the exact amount of dedicated control plane nodes.');
  return failure('Single-node clusters must have a single control plane node and no workers.');
}

function machineNetwork(cluster: Cluster, hosts: Host[]): Verdict {
  if (cluster.machineNetworks.length) return success('The Machine Network CIDR is defined.');
  if (!hosts.some((host) => host.inventory)) return pending('Hosts have not been discovered yet');
  return failure(
    'The Machine Network CIDR is undefined; Setting Machine Network CIDR is required for single node cluster',
  );
}
