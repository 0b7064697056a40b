/** The schema of inventories for editors, made from the one that checks them. */
import { z } from 'zod';
import { isRecord, type Loose } from './loose.ts';
import { inventorySchema } from './schema.ts';

/** What no default, group or merge key can give. */
const ALWAYS_REQUIRED: readonly unknown[] = ['service', 'clusters', 'name', 'ip', 'prefix-length'];
const RANGE = String.raw`\{\w+\.\.\w+\}`;

/**
 * JSON Schema, draft 7: what yaml-language-server reads everywhere. It is laxer than `snoboot validate`: what a cluster or host
 * may have from defaults, groups or a merge key is not required of it, and a range stands for any text.
 */
export function inventoryJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(inventorySchema, { target: 'draft-7', io: 'input' });
  return {
    $schema,
    title: 'snoboot inventory',
    description: 'What snoboot installs where. All is explained in inventory/example.yaml.',
    ...lax(rest),
    patternProperties: { '^x-': { description: 'Ignored: a place for anchors.' } },
  };
}

function lax(schema: Loose): Loose {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'pattern') return [[key, `${String(value)}|${RANGE}`]];
    if (key === 'required' && Array.isArray(value)) {
      const left = value.filter((name) => ALWAYS_REQUIRED.includes(name));
      return left.length > 0 ? [[key, left]] : [];
    }
    if (Array.isArray(value)) return [[key, value.map((part: unknown) => (isRecord(part) ? lax(part) : part))]];
    return [[key, isRecord(value) ? lax(value) : value]];
  });
  return Object.fromEntries(entries);
}
