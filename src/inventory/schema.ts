/** The keys of an inventory and the kind of value of each. Shapes and single values; what concerns two values is in checks.ts. */
import { z } from 'zod';
import type { Path } from './positions.ts';
import * as values from './values.ts';

const text = (check: values.Check) =>
  z.string().superRefine((value, context) => {
    const problem = check(value);
    if (problem) context.addIssue({ code: 'custom', message: problem.message, params: { todo: problem.todo } });
  });

const port = z.int().min(1).max(65535);
const count = z.int().min(1).max(1_000_000);

const addresses = (bits: number) =>
  z
    .looseObject({
      dhcp: z.boolean().optional(),
      autoconf: z.boolean().optional(),
      address: z
        .array(z.looseObject({ ip: text(values.address), 'prefix-length': z.int().min(1).max(bits) }))
        .optional(),
    })
    .optional();

const route = z.looseObject({
  state: z.string().optional(),
  destination: text(values.cidr).optional(),
  'next-hop-address': text(values.address).optional(),
  'next-hop-interface': z.string().optional(),
});

/** Of nmstate only what snoboot acts on; the rest goes to the service as it is. */
const networkConfig = z.looseObject({
  interfaces: z
    .array(
      z.looseObject({
        name: text(values.filled),
        type: z.string().optional(),
        'mac-address': text(values.colonMac).optional(),
        ipv4: addresses(32),
        ipv6: addresses(128),
        'link-aggregation': z.looseObject({ port: z.array(z.string()).optional() }).optional(),
      }),
    )
    .min(1),
  'dns-resolver': z
    .looseObject({ config: z.looseObject({ server: z.array(text(values.address)).optional() }).optional() })
    .optional(),
  routes: z.looseObject({ config: z.array(route).optional() }).optional(),
});

const bmc = z.strictObject({
  address: text(values.bmcAddress),
  username: text(values.username).optional(),
  password: text(values.secret).optional(),
  fingerprint: text(values.fingerprint).optional(),
  insecureTLS: z.boolean().optional(),
});

const host = z.strictObject({
  name: text(values.hostName),
  bmc,
  bootMACAddress: text(values.mac).optional(),
  rootDeviceHints: z
    .strictObject({
      deviceName: text(values.devicePath).optional(),
      wwn: text(values.filled).optional(),
      serialNumber: text(values.filled).optional(),
    })
    .optional(),
  networkConfig: networkConfig.optional(),
  serialNumber: text(values.filled).optional(),
  uuid: text(values.uuid).optional(),
});

const cluster = z.strictObject({
  name: text(values.clusterName),
  baseDomain: text(values.baseDomain),
  openshiftVersion: text(values.openshiftVersion),
  cpuArchitecture: z.enum(['x86_64', 'aarch64']).optional(),
  imageType: z.enum(['full-iso', 'minimal-iso']).optional(),
  pullSecret: text(values.secret),
  sshKey: text(values.publicKey),
  machineNetwork: text(values.exactCidr).optional(),
  manifests: z.union([text(values.filled), z.array(text(values.filled))]).optional(),
  hosts: z.array(host).min(1),
});

/** `x-…` keys of the top level, a place for anchors, are taken away before. */
export const inventorySchema = z.strictObject({
  service: z.strictObject({
    type: z.enum(['lab', 'assisted']).optional(),
    url: text(values.serviceUrl).optional(),
    offlineToken: text(values.secret).optional(),
    insecureTLS: z.boolean().optional(),
    caFile: text(values.filled).optional(),
  }),
  lab: z
    .strictObject({
      timeFactor: z.number().min(1).max(10_000).optional(),
      faults: z.array(text(values.fault)).optional(),
      host: z
        .strictObject({ cpus: count.optional(), memoryGiB: count.optional(), diskGB: count.optional() })
        .optional(),
    })
    .optional(),
  media: z.strictObject({ address: text(values.mediaAddress).optional(), port: port.optional() }).optional(),
  clusters: z.array(cluster).min(1),
});

export type RawInventory = z.infer<typeof inventorySchema>;
export type RawCluster = z.infer<typeof cluster>;
export type RawHost = z.infer<typeof host>;

/** Where a secret stands, which is a reference and never shown. */
export const SECRET_KEYS: ReadonlySet<string> = new Set(['password', 'pullSecret', 'offlineToken']);

/** The keys that the schema knows at `path`. */
export function keysAt(path: Path): string[] {
  const part = partAt(path);
  return part instanceof z.ZodObject ? Object.keys(part.shape) : [];
}

/** The kind of value that is wanted at `path`, in zod's words; null where the schema does not know it. */
export function kindAt(path: Path): string | null {
  return partAt(path)?._zod.def.type ?? null;
}

function partAt(path: Path): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((part, step) => {
    if (part instanceof z.ZodArray) return bare(part.element);
    if (!(part instanceof z.ZodObject) || !Object.hasOwn(part.shape, step)) return undefined;
    return bare((part.shape as Record<PropertyKey, z.core.$ZodType>)[step]);
  }, inventorySchema);
}

function bare(part: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return part instanceof z.ZodOptional ? bare(part.unwrap()) : part;
}
