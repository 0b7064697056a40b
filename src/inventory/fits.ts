/** Whether a value fits a schema, and nothing else: an inventory of thousands of hosts is right most of the time, and zod copies it. */
import { z } from 'zod';
import { isRecord } from './loose.ts';
import { checkOf } from './schema-parts.ts';

type Fits = (value: unknown) => boolean;
type Schema = z.core.$ZodType;

/** The schema's own answer for kinds that are rare, and its words for what is wrong, stay zod's. */
export function fitting(schema: Schema): Fits {
  if (schema instanceof z.ZodOptional) {
    const inner = fitting(schema.unwrap());
    return (value) => value === undefined || inner(value);
  }
  if (schema instanceof z.ZodObject) return fittingObject(schema);
  if (schema instanceof z.ZodArray) {
    const element = fitting(schema.element);
    const hasLength = fittingLength(schema);
    return (value) => Array.isArray(value) && value.every(element) && hasLength(value.length);
  }
  const check = checkOf(schema);
  if (check) return remembering((value) => typeof value === 'string' && check(value) === null);
  if (schema instanceof z.ZodString && !schema.def.checks?.length) return (value) => typeof value === 'string';
  return remembering((value) => z.safeParse(schema, value).success);
}

/** Hosts have much in common: a single value that fitted last time fits again. */
function remembering(fits: Fits): Fits {
  let last: unknown = null;
  return (value) => {
    if (value === last && value !== null) return true;
    if (!fits(value)) return false;
    last = typeof value === 'object' ? null : (value ?? null);
    return true;
  };
}

function fittingLength(schema: z.ZodArray): (length: number) => boolean {
  if (!schema.def.checks?.length) return () => true;
  const bare = z.array(z.unknown()).check(...(schema.def.checks as z.core.$ZodCheck<unknown[]>[]));
  const known = new Set<number>();
  return (length) => {
    if (!known.has(length) && bare.safeParse(Array(length)).success) known.add(length);
    return known.has(length);
  };
}

function fittingObject(schema: z.ZodObject): Fits {
  const fields = new Map(Object.entries(schema.shape).map(([key, part]) => [key, fitting(part as Schema)]));
  const required = [...fields].flatMap(([key, fits]) => (fits(undefined) ? [] : key));
  const isStrict = schema.def.catchall instanceof z.ZodNever;
  return (value) => {
    if (!isRecord(value)) return false;
    for (const key of Object.keys(value)) {
      const fits = fields.get(key);
      if (fits ? !fits(value[key]) : isStrict) return false;
    }
    return required.every((key) => Object.hasOwn(value, key));
  };
}
