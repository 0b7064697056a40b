/** Validation ids in the words of somebody who has to put it right: what is wrong, and what to do (assisted-service.md §2.4). */

const names = (what: string): string =>
  `the host cannot resolve ${what}: make a DNS record for it on the server that the host asks`;

/** By id; `id pending` for what is not judged yet. What is not here is said in the service's own words. */
export const PLAIN_WORDS: { host: Record<string, string>; cluster: Record<string, string> } = {
  host: {
    'has-inventory': 'the agent has not yet sent what machine it runs on: look at the console of the host',
    'hostname-valid': 'the host has no name or a forbidden one such as localhost: give it one in the inventory',
    'machine-cidr-defined': 'no machine network is known: set machineNetwork in the inventory',
    'belongs-to-machine-cidr':
      'no address of the host lies in machineNetwork: correct machineNetwork or the static network of the host',
    'belongs-to-machine-cidr pending': 'waits until the host has sent its addresses and a machine network is known',
    'has-default-route':
      'the host has no default route: add a route to 0.0.0.0/0 (or ::/0) to its networkConfig, or to DHCP',
    'has-default-route pending': 'waits until the host has sent its routes',
    'ntp-synced': 'the host reaches no NTP server; this does not stop the installation, but wrong clocks will',
    'time-synced-between-host-and-service':
      "the host's clock is more than 20 minutes behind the service's or an hour ahead: set the clock in the BMC or BIOS, or give it an NTP server",
    'api-domain-name-resolved-correctly': names('api.<cluster>.<domain>'),
    'api-int-domain-name-resolved-correctly': names('api-int.<cluster>.<domain>'),
    'apps-domain-name-resolved-correctly': names('*.apps.<cluster>.<domain>'),
    'dns-wildcard-not-configured':
      'any name below <cluster>.<domain> resolves: take the wildcard record *.<cluster>.<domain> out of DNS, only *.apps may be one',
    'dns-wildcard-not-configured pending':
      'waits until the host has answered which names it can resolve; if that never comes, the host does not reach its DNS server',
    'sufficient-installation-disk-speed':
      'the installation disk is too slow or could not be measured: choose another disk with rootDeviceHints, or look at the disk',
    'container-images-available':
      'the host could not pull the container images: check its way to the registry, proxy and pull secret, then deploy again',
    'has-min-cpu-cores':
      'the host has too few CPU cores for any role: enable cores in the BIOS or take a bigger machine',
    'has-min-memory': 'the host has too little memory for any role: add memory or take a bigger machine',
    'has-min-valid-disks':
      'the host has no disk to install on: it needs one that is big enough, fixed and empty of RAID members',
    'has-cpu-cores-for-role': 'the host has too few CPU cores for its role: a single node needs 8',
    'has-memory-for-role': 'the host has too little memory for its role: a single node needs 16 GiB',
  },
  cluster: {
    'machine-cidr-defined': 'no machine network is known: set machineNetwork in the inventory',
    'machine-cidr-defined pending':
      'waits until a host has sent its addresses: the machine network is computed from them',
    'dns-domain-defined': 'the cluster has no base domain: set baseDomain in the inventory',
    'pull-secret-set': 'the service holds no pull secret for this cluster: set pullSecret in the inventory',
    'sufficient-masters-count':
      'the number of control plane hosts is not what was asked for: see that each host is discovered, and no other',
    'all-hosts-are-ready-to-install': 'a host is not ready yet: see the reasons of each host',
  },
};
