/** The keys of an inventory and the kind of value of each. Shapes and single values; what concerns two values is in checks.ts. */
import { z } from 'zod';
import type { Path } from './positions.ts';
import { serialProblems } from './rollout.ts';
import { disks, groupNames, host, hostPart } from './schema-host.ts';
import { count, port, text, truth } from './schema-parts.ts';
import * as values from './values.ts';

const vips = (what: string) =>
  z
    .array(text(values.address, `An address of the machine network.`))
    .min(1)
    .max(2)
    .meta({
      description: `${what}: one address, or one of each family. Not with a single node.`,
    });

const clusterFields = {
  baseDomain: text(values.baseDomain, 'The API is api.NAME.BASEDOMAIN.'),
  openshiftVersion: text(
    values.openshiftVersion,
    'In quotes: "4.20" for the newest of it, "4.20.3" for that one.',
    String.raw`^4\.\d`,
  ),
  cpuArchitecture: z.enum(['x86_64', 'aarch64']).meta({ description: 'Left out: x86_64.' }).optional(),
  imageType: z
    .enum(['full-iso', 'minimal-iso'])
    .meta({ description: 'full-iso (the default), or minimal-iso, which fetches the rest over the network.' })
    .optional(),
  pullSecret: text(values.secret, 'Where the pull secret is: env:NAME, file:PATH or cmd:LINE.', '^(env|file|cmd):'),
  sshKey: text(values.publicKey, 'A public key as text, or file:PATH of a .pub file.'),
  machineNetwork: text(values.exactCidr, "The nodes' network; left out: the one with the default route.").optional(),
  apiVIPs: vips('Where the API answers').optional(),
  ingressVIPs: vips('Where applications answer').optional(),
  manifests: z
    .union([text(values.filled, 'A folder.'), z.array(text(values.filled, 'A folder.'))])
    .meta({ description: 'A folder of manifests, or a list of folders, relative to the inventory.' })
    .optional(),
};

const cluster = z.strictObject({
  name: text(values.clusterName, 'A DNS label of at most 54 characters. A range makes many: sno-{01..20}.'),
  groups: groupNames.optional(),
  ...clusterFields,
  disks: disks.optional(),
  hosts: z.array(host).min(1).meta({ description: 'Its hosts.' }),
});

const shared = z.strictObject({
  cluster: z.strictObject(clusterFields).partial().meta({ description: 'Values for clusters.' }).optional(),
  host: hostPart.meta({ description: 'Values for hosts.' }).optional(),
});

const service = z.strictObject({
  type: z.enum(['lab', 'assisted']).meta({ description: 'lab: the embedded one, no hardware.' }).optional(),
  url: text(values.serviceUrl, 'https://api.openshift.com, or your own.', '^https?://').optional(),
  offlineToken: text(
    values.secret,
    'Where the token is: env:NAME, file:PATH or cmd:LINE.',
    '^(env|file|cmd):',
  ).optional(),
  insecureTLS: truth('Check no certificate of the service.').optional(),
  agentUrl: text(values.serviceUrl, 'What agents call, where it is not url.', '^https?://').optional(),
  caFile: text(values.filled, "A PEM file with the service's authority, relative to the inventory.").optional(),
});

const lab = z.strictObject({
  timeFactor: z.number().min(1).max(10_000).meta({ description: 'How many times faster than real time.' }).optional(),
  faults: z.array(text(values.fault, 'name@host, name@cluster/host or name@service.')).optional(),
  host: z
    .strictObject({ cpus: count.optional(), memoryGiB: count.optional(), diskGB: count.optional() })
    .meta({ description: 'The size of its machines.' })
    .optional(),
});

const serial = z.unknown().superRefine((value, context) => {
  for (const { path, problem } of serialProblems(value))
    context.addIssue({ code: 'custom', path, message: problem.message, params: { todo: problem.todo } });
});
const BATCH = {
  anyOf: [
    { type: 'integer', minimum: 1 },
    { type: 'string', pattern: '^[1-9][0-9]*%$' },
  ],
};

/** `x-…` keys of the top level, a place for anchors, are taken away before. */
export const inventorySchema = z.strictObject({
  service: service.meta({ description: 'The assisted-service that installs.' }),
  lab: lab.meta({ description: 'What the lab is like, as the service or in a rehearsal.' }).optional(),
  media: z
    .strictObject({
      address: text(values.mediaAddress, 'An address of this machine that BMCs reach.').optional(),
      port: port.meta({ description: 'Left out: any free one.' }).optional(),
    })
    .meta({ description: 'Where BMCs read the ISO; left out: the address that routes to each BMC.' })
    .optional(),
  serial: serial
    .meta({
      description:
        'Hosts in each batch: a number, a share such as "10%", or a list of these, the last for all that follow.',
      anyOf: [...BATCH.anyOf, { type: 'array', items: BATCH, minItems: 1 }],
    })
    .optional(),
  maxFailPercentage: z
    .number()
    .min(0)
    .max(100)
    .meta({ description: 'Above this share of failed hosts in a batch nothing more is begun.' })
    .optional(),
  defaults: shared.meta({ description: 'Values that every cluster or host has unless it says otherwise.' }).optional(),
  groups: z
    .record(z.string(), shared)
    .meta({ description: 'Values for those clusters and hosts that say groups: [NAME].' })
    .optional(),
  clusters: z.array(cluster).min(1).meta({ description: 'What is to be installed.' }),
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
    if (part instanceof z.ZodRecord) return bare(part.valueType);
    if (!(part instanceof z.ZodObject) || !Object.hasOwn(part.shape, step)) return undefined;
    return bare((part.shape as Record<PropertyKey, z.core.$ZodType>)[step]);
  }, inventorySchema);
}

function bare(part: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return part instanceof z.ZodOptional ? bare(part.unwrap()) : part;
}
