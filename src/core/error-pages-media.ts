/** Pages of errors of the ISO on its way into a machine. */
import type { ErrorPage } from './error-page.ts';

const LISTENS = ['ss -ltnp', 'what listens on which address and port of this machine'] as const;
const WHY = ['snoboot why FILE HOST', 'how much of the ISO was read, and what the BMC wrote into its log'] as const;

export const MEDIA_PAGES = {
  'E-MEDIA-PORT': {
    means: 'The media server cannot listen on its port.',
    causes: ['another program listens there', 'a port below 1024 without the right to it'],
    checks: [LISTENS],
    remedy: ['A run that goes on needs the port that its BMCs have in the URL of their ISO.'],
  },
  'E-MEDIA-ADDRESS': {
    means: 'This machine has no address at which the BMC could read the ISO, or cannot listen there.',
    causes: [
      'media.address is not an address of this machine',
      'there is no route to the BMC',
      'a name so long that BMCs do not take the URL',
    ],
    checks: [
      ['ip route get BMC', 'the address of this machine that the BMC sees'],
      ['ip -br address', 'all addresses of this machine'],
    ],
    remedy: [],
  },
  'E-MEDIA-INSERT': {
    means: 'The BMC does not hold the ISO, though it was told to, or lost it again.',
    causes: [
      'a BMC that accepts and does nothing: its virtual media service hangs',
      'another session holds the slot (a console with media)',
      'a BMC that was reset while the host lived on the ISO',
    ],
    checks: [
      WHY,
      ['curl -k -u USER https://BMC/redfish/v1/Managers', 'the manager, whose VirtualMedia shows what is inserted'],
    ],
    remedy: ['Close remote consoles that hold virtual media.'],
  },
  'E-MEDIA-FETCH': {
    means: 'The BMC refused the ISO and never asked this machine for it: it cannot reach it.',
    causes: [
      'a firewall between the BMC and this machine',
      'the address of this machine that was offered is not the one that the BMC can reach',
      'a BMC without a default gateway',
    ],
    checks: [
      WHY,
      LISTENS,
      ['sudo tcpdump -ni any host BMC', 'whether the BMC comes at all while it is told to insert'],
    ],
    remedy: ['BMCs are never reached over a proxy: the media port has to be open for the management network.'],
  },
  'E-MEDIA-EJECT': {
    means: 'The ISO could not be taken out, or the boot override not cleared: it is owed.',
    causes: [
      'the BMC does not answer or hangs',
      'the host holds its drive locked',
      'somebody else put another image there',
    ],
    checks: [
      ['snoboot probe FILE', 'whether the BMC answers'],
      ['snoboot status FILE', 'what is left on which machine'],
    ],
    remedy: ['`snoboot cleanup FILE` tries it again.'],
  },
  'E-MEDIA-NOREAD': {
    means:
      'The machine is on, but read nothing of the ISO, and its boot override is still set: it hangs before it boots.',
    causes: ['the firmware waits for a key or shows an error (memory, disk controller)', 'a very long self test'],
    checks: [WHY],
    remedy: [],
  },
  'E-BOOT': {
    means: 'The boot override could not be set or the machine not started from the ISO.',
    causes: ['a firmware that takes no override in its boot mode', 'secure boot or a locked configuration'],
    checks: [WHY, ['curl -k -u USER https://BMC/redfish/v1/Systems', 'the system, whose Boot shows what is allowed']],
    remedy: ['Many servers take the override in UEFI mode only.'],
  },
  'E-BOOT-IGNORED': {
    means: 'The machine used up its boot override, but booted something else than the ISO.',
    causes: [
      'a firmware that ignores the override',
      'a BMC that could not read the ISO when the host booted: then the next device came',
      'secure boot that does not accept the image',
    ],
    checks: [WHY],
    remedy: ['If no byte was read: check the way from the BMC to this machine, see E-MEDIA-FETCH.'],
  },
  'E-BOOT-LOOP': {
    means: 'After the write the host booted the ISO again and again instead of its disk.',
    causes: [
      'the virtual CD stands before the disk in the boot order',
      'the disk that was written is not one that the firmware boots',
      'a BMC that does not let go of the ISO',
    ],
    checks: [WHY],
    remedy: ['See that rootDeviceHints name a disk that the firmware can boot.'],
  },
  'E-POWER': {
    means: 'The machine did not take a power action, or its power does not read as it should.',
    causes: [
      'a BMC that accepts and does nothing',
      'a power supply or chassis that does not allow it',
      'a machine that hangs while it shuts down',
    ],
    checks: [['curl -k -u USER https://BMC/redfish/v1/Systems', 'the system, whose PowerState tells'], WHY],
    remedy: [],
  },
} as const satisfies Record<string, ErrorPage>;
