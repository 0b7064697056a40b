/** Pages of errors of the booted host: its agent and its disks. */
import type { ErrorPage } from './error-page.ts';

const SUGGEST = [
  'snoboot probe FILE --suggest',
  'disks and NICs of each host after discovery, ready to paste',
] as const;

export const HOST_PAGES = {
  'E-HOST-NOAGENT': {
    means: 'The host was started from the ISO, but its agent never registered with the service.',
    causes: [
      'its network: no DHCP, a wrong static address, VLAN or MAC address',
      'it does not resolve or reach the service',
      'its clock is far off, so that certificates are refused',
      'the image of the agent cannot be pulled: registry, proxy, pull secret',
    ],
    checks: [
      ['snoboot why FILE HOST', 'how much of the ISO was read: none, a part, or all of it'],
      [
        'ssh core@HOST journalctl -u agent -u NetworkManager',
        'what the live system says, if its network is up; else look at its console',
      ],
    ],
    remedy: ['If nothing was read at all, see E-MEDIA-FETCH.'],
  },
  'E-HOST-EXTRA': {
    means: 'A machine that is not in the inventory registered with the cluster of this run.',
    causes: ['somebody booted this ISO elsewhere', 'a host of the inventory whose MAC addresses are wrong there'],
    checks: [['snoboot status FILE --live', 'the hosts as the service sees them'], SUGGEST],
    remedy: [],
  },
  'E-DISK-NONE': {
    means: 'No disk of the host can be installed on, or none matches its rootDeviceHints.',
    causes: [
      'a slip in a hint',
      'a disk that is too small, removable, or hidden behind a RAID controller',
      'a disk that failed',
    ],
    checks: [SUGGEST],
    remedy: ['Nothing was written.'],
  },
  'E-DISK-AMBIGUOUS': {
    means: 'Several disks of the host could be installed on, and the inventory does not say which.',
    causes: ['no rootDeviceHints for a host with several disks', 'hints that several disks match'],
    checks: [SUGGEST],
    remedy: ['A name like /dev/sda may be another disk after the next boot: take wwn or serialNumber.'],
  },
  'E-DISK-OTHERS': {
    means: 'The installation would format other disks of the host than the installation disk, and nobody allowed that.',
    causes: [
      '`disks.others: erase` in an unattended run without --yes',
      'the service does not put them on its list of disks that are kept, though `disks.others` says keep',
    ],
    checks: [SUGGEST, ['snoboot plan FILE', 'the disk rule of each host']],
    remedy: ['Or take those disks out of the machine. Nothing was installed.'],
  },
} as const satisfies Record<string, ErrorPage>;
