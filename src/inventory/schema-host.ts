/** The keys of a host: its BMC, its disks, its network. */
import { z } from 'zod';
import { text, truth, words } from './schema-parts.ts';
import * as values from './values.ts';

const addresses = (family: string, bits: number) =>
  z
    .looseObject({
      enabled: truth(`Whether the interface speaks ${family}.`).optional(),
      dhcp: truth('Take an address by DHCP.').optional(),
      autoconf: truth('Take an address from router advertisements.').optional(),
      address: z
        .array(
          z.looseObject({
            ip: text(values.address, 'An address of this interface.'),
            'prefix-length': z.int().min(1).max(bits).meta({ description: 'Bits of the network.' }),
          }),
        )
        .optional(),
    })
    .meta({ description: `${family} of this interface.` })
    .optional();

const route = z.looseObject({
  state: words('"absent" for a route that is not to be there.').optional(),
  destination: text(values.cidr, 'A network; 0.0.0.0/0 or ::/0 for the default route.').optional(),
  'next-hop-address': text(values.address, 'The gateway.').optional(),
  'next-hop-interface': words('The interface, by its name above.').optional(),
});

const nic = z.looseObject({
  name: text(values.filled, 'Its name on the host.'),
  type: words('ethernet, bond, vlan, ….').optional(),
  'mac-address': text(values.colonMac, 'With colons; the service finds an ethernet interface by it.').optional(),
  ipv4: addresses('IPv4', 32),
  ipv6: addresses('IPv6', 128),
  'link-aggregation': z
    .looseObject({ port: z.array(z.string()).optional() })
    .meta({ description: 'Of a bond: its mode and the names of its ports.' })
    .optional(),
});

/** Of nmstate only what snoboot acts on; the rest goes to the service as it is. */
const networkConfig = z.looseObject({
  interfaces: z.array(nic).min(1).meta({ description: 'Every interface of the host that is to be used.' }),
  'dns-resolver': z
    .looseObject({
      config: z
        .looseObject({ server: z.array(text(values.address, 'The address of a name server.')).optional() })
        .optional(),
    })
    .meta({ description: 'Name servers: config.server.' })
    .optional(),
  routes: z
    .looseObject({ config: z.array(route).optional() })
    .meta({ description: 'Routes: config.' })
    .optional(),
});

const NMSTATE = 'The network as nmstate has it. Left out: DHCP.';
const BMC = 'The machine’s BMC.';

const bmc = z.strictObject({
  address: text(
    values.bmcAddress,
    'As in install-config: redfish-virtualmedia+https://HOST/redfish/v1/Systems/ID, idrac-virtualmedia://…, ilo5-virtualmedia://…, https://HOST, or lab://PROFILE.',
    String.raw`^([Rr]edfish-virtualmedia|[Ii]drac-virtualmedia|[Ii]lo5-virtualmedia|[Rr]edfish|[Hh]ttps|lab)(\+https)?://`,
  ),
  username: text(values.username, 'Whom snoboot signs in as.').optional(),
  password: text(
    values.secret,
    'Where the password is: env:NAME, file:PATH or cmd:LINE.',
    '^(env|file|cmd):',
  ).optional(),
  fingerprint: text(
    values.fingerprint,
    "The certificate's SHA-256; left out, it is checked as a browser does.",
  ).optional(),
  insecureTLS: truth('Check no certificate. fingerprint is the safer one.').optional(),
});

const hint = (description: string) => text(values.filled, description).optional();
const hctl: values.Check = (value) =>
  /^\d+:\d+:\d+:\d+$/.test(value)
    ? null
    : {
        message: `"${value.slice(0, 40)}" is no SCSI address`,
        todo: 'write host:channel:target:lun, such as "0:2:0:0"',
      };

const rootDeviceHints = z
  .strictObject({
    deviceName: text(values.devicePath, 'Its path, /dev/sda or better /dev/disk/by-path/….', '^/dev/').optional(),
    hctl: text(hctl, 'Its SCSI address host:channel:target:lun, in quotes.').optional(),
    model: hint('A part of its model.'),
    vendor: hint('A part of its vendor.'),
    serialNumber: hint('Its serial number.'),
    minSizeGigabytes: z.int().min(1).meta({ description: 'At least as big, in GiB.' }).optional(),
    wwn: hint('Its World Wide Name, in quotes: "0x5000…".'),
    wwnWithExtension: hint('Its World Wide Name with the vendor extension, in quotes.'),
    wwnVendorExtension: hint('The vendor extension of its World Wide Name, in quotes.'),
    rotational: truth('true: a disk that turns; false: an SSD.').optional(),
  })
  .meta({
    description: 'The disk to install on, as in install-config: all that is given must fit, and one disk only.',
  });

export const disks = z
  .strictObject({
    others: z
      .enum(['keep', 'erase'])
      .meta({
        description:
          'keep (the default): refuse to install where the service would format another disk; erase: let it.',
      })
      .optional(),
  })
  .meta({ description: 'What becomes of other disks.' });

const fields = {
  bootMACAddress: text(values.mac, 'The MAC address of the interface that the service sees the host by.').optional(),
  rootDeviceHints: rootDeviceHints.optional(),
  disks: disks.optional(),
  serialNumber: text(
    values.filled,
    'What the BMC says of the machine; nothing is written to one that says something else.',
  ).optional(),
  uuid: text(values.uuid, 'The system’s UUID, as the BMC says it.').optional(),
  protected: truth('true: never touched, whatever the flags.').optional(),
};

export const groupNames = z.array(z.string()).meta({
  description: 'Groups (see groups: at the top) whose values it takes; the last one wins. --limit knows them too.',
});

export const host = z.strictObject({
  name: text(values.hostName, 'The host’s own name. A range makes many: node-{01..20}.'),
  groups: groupNames.optional(),
  bmc: bmc.meta({ description: BMC }),
  networkConfig: networkConfig.meta({ description: NMSTATE }).optional(),
  ...fields,
});

/** What defaults and groups may say of hosts. */
export const hostPart = z.strictObject({
  bmc: bmc.partial().meta({ description: BMC }).optional(),
  networkConfig: networkConfig.partial().meta({ description: NMSTATE }).optional(),
  ...fields,
});
