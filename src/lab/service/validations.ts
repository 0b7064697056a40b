/** All validations of a host and of a cluster that the lab computes; an id that is not in the tables is absent (assisted-service.md §2.4). */
import { HARDWARE_CHECKS } from './hardware-checks.ts';
import { NETWORK_CHECKS } from './network-checks.ts';
import type { Host, Validation, Validations } from './host-state.ts';
import type { Cluster } from './state.ts';
import { type Checks, failure, pending, type Seen, success, type Verdict, verdict } from './verdicts.ts';

/** What the status of a host waits for, each with a sentence of its own; what is in none is shown only. */
const MINIMUM = ['has-min-valid-disks', 'has-min-cpu-cores', 'has-min-memory'];
const INPUT = ['machine-cidr-defined'];
const SHOWN = ['ntp-synced', 'container-images-available'];

/** What can be said of the host now. */
export function hostValidations(seen: Seen): Validations {
  const judge = (checks: Checks): Validation[] =>
    Object.entries(checks).flatMap(([id, check]) => {
      const found = check(seen);
      return found ? [{ id, ...found }] : [];
    });
  return { hardware: judge(HARDWARE_CHECKS), network: judge(NETWORK_CHECKS) };
}

/** The first kind of validation that holds the host back, and the sentences of what fails: what is pending is never named. */
export function verdictOn(validations: Validations) {
  const open = Object.values(validations).flatMap((list) => list.filter(({ status }) => status !== 'success'));
  const failing = open.filter(({ status }) => status !== 'pending');
  const said = (list: Validation[]): string => list.map(({ message }) => message).join(' ; ');
  const isOpen = (ids: string[]): boolean => open.some(({ id }) => ids.includes(id));
  const tooSmall = said(failing.filter(({ id }) => MINIMUM.includes(id)));
  const blocks = open.some(({ id }) => !SHOWN.includes(id));
  const by = isOpen(MINIMUM) ? 'minimum' : isOpen(INPUT) ? 'input' : blocks ? 'install' : null;
  return { by, tooSmall, failing: said(failing) };
}

/** The validations that decide a single node's cluster. */
export function clusterValidations(cluster: Cluster, hosts: Host[]): Validations {
  const of = (id: string, found: Verdict): Validation => ({ id, ...found });
  const secret = verdict(cluster.pullSecret !== '', 'The pull secret is set.', 'The pull secret is not set.');
  const no = 'The base domain is undefined and must be provided.';
  const domain = verdict(cluster.base_dns_domain !== '', 'The base domain is defined.', no);
  return {
    configuration: [of('pull-secret-set', secret)],
    'hosts-data': [
      of('all-hosts-are-ready-to-install', allReady(hosts)),
      of('sufficient-masters-count', oneMaster(hosts)),
    ],
    network: [of('dns-domain-defined', domain), of('machine-cidr-defined', machineNetwork(cluster, hosts))],
  };
}

const READY = /^(known|preparing-for-installation|preparing-successful|installing.*|installed|error|cancelled)$/;

function allReady(hosts: Host[]): Verdict {
  return verdict(
    hosts.every((host) => READY.test(host.status)),
    'All hosts in the cluster are ready to install.',
    'The cluster has hosts that are not ready to install.',
  );
}

function oneMaster(hosts: Host[]): Verdict {
  return verdict(
    hosts.length === 1 && hosts[0]!.role === 'master',
    'The cluster has the exact amount of dedicated control plane nodes.',
    'Single-node clusters must have a single control plane node and no workers.',
  );
}

function machineNetwork(cluster: Cluster, hosts: Host[]): Verdict {
  if (cluster.machine_networks.length) return success('The Machine Network CIDR is defined.');
  if (!hosts.some((host) => host.inventory)) return pending('Hosts have not been discovered yet');
  const why = 'Setting Machine Network CIDR is required for single node cluster';
  return failure(`The Machine Network CIDR is undefined; ${why}`);
}
