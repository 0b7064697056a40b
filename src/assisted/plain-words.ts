/** Validation ids in the words of somebody who has to put it right: what is wrong, and what to do (assisted-service.md §2.4). */

const names = (what: string): string =>
  `the host cannot resolve ${what}: make a DNS record for it on the server that the host asks`;

/** By id; `id pending` for what is not judged yet. What is not here is said in the service's own words. */
export const PLAIN_WORDS: { host: Record<string, string>; cluster: Record<string, string> } = {
  host: {
    connected: 'the agent is silent: look at the console of the host, its cable and its way to the service',
    'media-connected':
      'the host cannot read the ISO any more: see that the BMC still holds it and reaches the media server of snoboot',
    'inventory-not-partially-truncated':
      'the host has more hardware than the agent could send, and some of it was left out: unplug what is not needed',
    'inventory-not-fully-truncated':
      'the host has more hardware than the agent could send: unplug disks or NICs that are not needed',
    'has-inventory': 'the agent has not yet sent what machine it runs on: look at the console of the host',
    'hostname-unique': 'another host of the cluster has the same name: give each its own in the inventory',
    'hostname-valid': 'the host has no name or a forbidden one such as localhost: give it one in the inventory',
    'machine-cidr-defined': 'no machine network is known: set machineNetwork in the inventory',
    'belongs-to-machine-cidr':
      'no address of the host lies in machineNetwork: correct machineNetwork or the static network of the host',
    'belongs-to-machine-cidr pending': 'waits until the host has sent its addresses and a machine network is known',
    'ignition-downloadable': 'the host cannot fetch its ignition from the cluster: look at its way to the API',
    'belongs-to-majority-group':
      'the host does not reach the other hosts: see that all are in one network and nothing filters between them',
    'sufficient-network-latency-requirement-for-role':
      'the way to another host is too slow: look at switches and cables',
    'sufficient-packet-loss-requirement-for-role': 'packets to another host are lost: look at switches and cables',
    'non-overlapping-subnets':
      'two networks of the host overlap: give each interface a network of its own in networkConfig',
    'no-ip-collisions-in-network': 'another machine has an address of the host: find it, or give the host another one',
    'no-iscsi-nic-belongs-to-machine-cidr':
      'the NIC of the iSCSI disk is in the machine network: take another disk, or another machineNetwork',
    'mtu-valid': 'the MTU of the host is not what its network carries: correct mtu in networkConfig, or the switch',
    'has-default-route':
      'the host has no default route: add a route to 0.0.0.0/0 (or ::/0) to its networkConfig, or to DHCP',
    'has-default-route pending': 'waits until the host has sent its routes',
    'ntp-synced': 'the host reaches no NTP server; this does not stop the installation, but wrong clocks will',
    'time-synced-between-host-and-service':
      "the host's clock is more than 20 minutes behind the service's or an hour ahead: set the clock in the BMC or BIOS, or give it an NTP server",
    'api-domain-name-resolved-correctly': names('api.<cluster>.<domain>'),
    'api-int-domain-name-resolved-correctly': names('api-int.<cluster>.<domain>'),
    'apps-domain-name-resolved-correctly': names('*.apps.<cluster>.<domain>'),
    'release-domain-name-resolved-correctly': names("the registry of the release's images"),
    'dns-wildcard-not-configured':
      'any name below <cluster>.<domain> resolves: take the wildcard record *.<cluster>.<domain> out of DNS, only *.apps may be one',
    'dns-wildcard-not-configured pending':
      'waits until the host has answered which names it can resolve; if that never comes, the host does not reach its DNS server',
    'sufficient-installation-disk-speed':
      'the installation disk is too slow or could not be measured: choose another disk with rootDeviceHints, or look at the disk',
    'no-skip-installation-disk':
      'the installation disk is among those to be kept: choose another one with rootDeviceHints',
    'no-skip-missing-disk': 'a disk that is to be kept is not in the host any more: deploy with --replace',
    'disk-encryption-requirements-satisfied':
      'the host has no TPM 2.0 that is switched on, and disk encryption wants one: enable it in the BIOS',
    'compatible-agent': 'the ISO is of an older service than the one that runs: deploy with --replace for a new ISO',
    'compatible-with-cluster-platform': 'the machine is of another platform than the cluster: bare metal is wanted',
    'valid-platform-network-settings':
      'the machine is a virtual one with settings that the service refuses: take one of bare metal',
    'vsphere-disk-uuid-enabled': 'the machine is of vSphere: set disk.EnableUUID for it there',
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
    'machine-cidr-equals-to-calculated-cidr':
      'the machine network is not the one in which the VIPs are: correct machineNetwork or the VIPs',
    'cluster-cidr-defined': 'the service has no cluster network for this cluster: deploy with --replace',
    'service-cidr-defined': 'the service has no service network for this cluster: deploy with --replace',
    'no-cidrs-overlapping':
      'the machine network overlaps 10.128.0.0/14 or 172.30.0.0/16, which OpenShift takes for itself: use another one',
    'networks-same-address-families':
      'machine, cluster and service network are not all of IPv4 or all of IPv6: the service takes IPv4 for the others, so set an IPv4 machineNetwork',
    'network-prefix-valid':
      'the cluster network that the service holds is too small for its hosts: deploy with --replace',
    'network-type-valid': 'the network type does not go with this version: OVNKubernetes is wanted',
    'api-vips-defined': 'the cluster has no API VIP: set apiVIPs in the inventory',
    'api-vips-valid': 'the API VIP is taken or outside the machine network: correct apiVIPs in the inventory',
    'ingress-vips-defined': 'the cluster has no ingress VIP: set ingressVIPs in the inventory',
    'ingress-vips-valid':
      'the ingress VIP is taken or outside the machine network: correct ingressVIPs in the inventory',
    'ntp-server-configured': "the hosts' clocks differ by more than four minutes: give them an NTP server",
    'custom-manifests-requirements-satisfied': 'the service refuses a manifest: look at those that the inventory names',
    'platform-requirements-satisfied': 'the hosts do not go with the platform: bare metal is wanted',
    'dns-domain-defined': 'the cluster has no base domain: set baseDomain in the inventory',
    'pull-secret-set': 'the service holds no pull secret for this cluster: set pullSecret in the inventory',
    'sufficient-masters-count':
      'the number of control plane hosts is not what was asked for: see that each host is discovered, and no other',
    'all-hosts-are-ready-to-install': 'a host is not ready yet: see the reasons of each host',
  },
};
