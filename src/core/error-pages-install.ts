/** Pages of errors from the validations to the installed cluster. */
import type { ErrorPage } from './error-page.ts';

const LIVE = ['snoboot status FILE --live', 'validations and host states in the words of the service'] as const;

export const INSTALL_PAGES = {
  'E-NETWORK-AMBIGUOUS': {
    means: 'A host has addresses in several networks, and nobody says which is the machine network.',
    causes: ['machineNetwork is left out for a host with several addresses'],
    checks: [['snoboot probe FILE --suggest', 'the addresses of each host after discovery']],
    remedy: ['It is the network in which the API and the node answer.'],
  },
  'E-VALIDATION': {
    means: 'The service does not let the hosts be installed: a validation fails, or was not judged in time.',
    causes: [
      'DNS: api, api-int or *.apps do not resolve, or any name does',
      'the clock of the host is wrong',
      'no default route, or no address in the machine network',
      'too few CPUs, too little memory',
    ],
    checks: [
      LIVE,
      ['dig +short api.CLUSTER.DOMAIN', 'the address of the cluster'],
      ['ssh core@HOST journalctl -u agent', 'what the agent on the live system sees'],
    ],
    remedy: ['The hosts were switched off; deploying again boots them anew.'],
  },
  'E-PREPARE': {
    means: 'The service could not prepare the installation, or did not take the trigger.',
    causes: [
      'a container image that the host cannot pull: registry, proxy, pull secret',
      'an installation disk that is too slow or could not be measured',
      'a manifest that the installer refuses',
    ],
    checks: [
      LIVE,
      [
        'ssh core@HOST podman pull quay.io/openshift-release-dev/ocp-release:VERSION-x86_64',
        'whether the host can pull',
      ],
    ],
    remedy: ['Nothing was written to the disk.'],
  },
  'E-INSTALL': {
    means: 'The installation ended in error, or the cluster is so since an earlier run.',
    causes: [
      'the image could not be written: disk, controller, or the way to the ISO',
      'the host lost the ISO while it lived on it',
      'the host did not come back from its reboot: boot order',
      'the bootstrap did not end: DNS, images, time',
    ],
    checks: [
      ['ls .snoboot/runs/*/logs/CLUSTER', "the service's logs of this cluster, unpacked"],
      LIVE,
      ['ssh core@HOST journalctl -b -u bootkube', 'the bootstrap, if the host has rebooted'],
    ],
    remedy: ['`snoboot deploy FILE --replace` deletes the failed cluster first.'],
  },
  'E-INSTALL-STUCK': {
    means: 'The installation neither ended nor failed for hours.',
    causes: [
      'a host that hangs in its reboot',
      'operators of the cluster that do not become available',
      'a service that lost sight of the host',
    ],
    checks: [
      LIVE,
      ['oc --kubeconfig .snoboot/clusters/CLUSTER/kubeconfig get clusteroperators', 'what the cluster still waits for'],
    ],
    remedy: [],
  },
  'E-INSTALLING': {
    means: 'A machine is being installed and lives on the ISO in its slot: it is not touched.',
    causes: ['cleanup or --replace while an installation runs'],
    checks: [LIVE],
    remedy: ['Once the host has rebooted into its disk, cleanup may be typed.'],
  },
  'E-API-UNREACH': {
    means: "The cluster's own API cannot be asked from this machine.",
    causes: [
      'api.CLUSTER.DOMAIN does not resolve here, or leads elsewhere',
      'a firewall on port 6443',
      'the cluster is down',
    ],
    checks: [
      ['dig +short api.CLUSTER.DOMAIN', 'the address of the API'],
      ['curl -k https://api.CLUSTER.DOMAIN:6443/version', 'an answer: the API is there'],
    ],
    remedy: ['The cluster itself may be well: `--no-verify` does not ask it.'],
  },
  'E-VERIFY': {
    means: 'The cluster is installed, but half an hour later nodes or operators are not well.',
    causes: [
      'an operator that is degraded',
      'a node that is not Ready',
      'the cluster is still busy with its first start',
    ],
    checks: [
      [
        'oc --kubeconfig .snoboot/clusters/CLUSTER/kubeconfig get clusterversion,clusteroperators',
        'which one, and why',
      ],
      ['oc --kubeconfig .snoboot/clusters/CLUSTER/kubeconfig get nodes', 'whether they are Ready'],
    ],
    remedy: ['The credentials were saved before: the cluster can be used and mended.'],
  },
} as const satisfies Record<string, ErrorPage>;
