/** The host's own reading of an ignition document: strict, an unknown key is an error (assisted-service.md §5). */
import { z } from 'zod';
import { decodeDataUrl } from '../data-url.ts';

export interface Ignition {
  /** Enabled units: name to text. */
  units: Map<string, string>;
  /** Path to content. */
  files: Map<string, string>;
}

const schema = z.strictObject({
  ignition: z.strictObject({
    version: z.enum(['3.0.0', '3.1.0', '3.2.0', '3.3.0']),
    config: z.unknown().optional(),
    proxy: z.unknown().optional(),
    timeouts: z.unknown().optional(),
  }),
  passwd: z
    .strictObject({
      users: z.array(
        z.strictObject({
          name: z.string(),
          passwordHash: z.string().optional(),
          groups: z.array(z.string()).optional(),
          sshAuthorizedKeys: z.array(z.string()).optional(),
        }),
      ),
    })
    .optional(),
  systemd: z
    .strictObject({
      units: z
        .array(
          z.strictObject({
            name: z.string(),
            enabled: z.boolean().optional(),
            contents: z.string().optional(),
            mask: z.boolean().optional(),
            dropins: z.unknown().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  storage: z
    .strictObject({
      files: z
        .array(
          z.strictObject({
            path: z.string().startsWith('/'),
            mode: z.int().optional(),
            overwrite: z.boolean().optional(),
            user: z.strictObject({ name: z.string() }).optional(),
            contents: z.strictObject({ source: z.string(), verification: z.unknown().optional() }).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

const looseSchema = z.object({
  storage: z
    .object({ files: z.array(z.object({ path: z.string(), contents: z.object({ source: z.string() }) })).optional() })
    .optional(),
});

/** Path to content of the inline files of any ignition document, whatever else it holds. */
export function filesOf(text: string): Map<string, string> {
  const files = looseSchema.parse(JSON.parse(text)).storage?.files ?? [];
  const inline = files.filter(({ contents }) => contents.source.startsWith('data:'));
  return new Map(inline.map(({ path, contents }) => [path, decodeDataUrl(contents.source).toString()]));
}

/** Throws an Error that names the first thing that is wrong. */
export function readIgnition(text: string): Ignition {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`ignition: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { systemd, storage } = parsed.data;
  const units = (systemd?.units ?? []).filter(({ enabled, mask }) => enabled && !mask);
  return {
    units: new Map(units.map(({ name, contents }) => [name, contents ?? ''])),
    files: new Map((storage?.files ?? []).map((f) => [f.path, decodeDataUrl(f.contents?.source ?? 'data:,').toString()])),
  };
}
