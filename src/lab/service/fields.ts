/** JSON bodies held against the fields that the API knows, with go-openapi's own sentences (assisted-service.md §1.1). */
import { Refusal } from './wire.ts';

export type Json = Record<string, unknown>;

export interface Field {
  type: 'string' | 'uuid' | 'int64' | 'bool' | 'object' | 'array';
  required?: boolean;
  oneOf?: readonly string[];
  pattern?: string;
  max?: number;
  /** Fields of the object, or of each object in the array; without it anything goes. */
  of?: Fields;
}

export type Fields = Readonly<Record<string, Field>>;

export interface BodySpec {
  /** The parameter's name in the API description: the first word of its errors. */
  parameter: string;
  /** The Go type, for type errors. */
  model: string;
  fields: Fields;
}

const JSON_TYPES = {
  string: 'string',
  uuid: 'string',
  int64: 'number',
  bool: 'boolean',
  object: 'object',
  array: 'array',
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

/** The body as an object of known fields of the right types; null fields are left out. Throws Refusal. */
export function parseBody(spec: BodySpec, body: Buffer): Json {
  if (body.length === 0) throw refuse(`${spec.parameter} in body is required`);
  const fail = (why: string): Refusal => refuse(`parsing ${spec.parameter} body from "" failed, because ${why}`);
  const value = parseJson(body, fail);
  if (kindOf(value) !== 'object')
    throw fail(`json: cannot unmarshal ${kindOf(value)} into Go value of type models.${spec.model}`);
  checkNames(spec.fields, value as Json, spec.model, fail);
  checkValues(spec.fields, value as Json, '');
  return Object.fromEntries(Object.entries(value as Json).filter(([, item]) => item !== null));
}

const refuse = (message: string): Refusal => new Refusal(400, message, 'openapi');

function parseJson(body: Buffer, fail: (why: string) => Refusal): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    const why = (error as Error).message;
    throw fail(/end of JSON|Unterminated/.test(why) ? 'unexpected EOF' : why);
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function checkNames(fields: Fields, value: Json, model: string, fail: (why: string) => Refusal): void {
  for (const [name, item] of Object.entries(value)) {
    const field = fields[name];
    if (!field) throw fail(`json: unknown field "${name}"`);
    const kind = kindOf(item);
    if (kind === 'null') continue;
    if (kind !== JSON_TYPES[field.type]) {
      const said = kind === 'boolean' ? 'bool' : kind;
      throw fail(`json: cannot unmarshal ${said} into Go struct field ${model}.${name} of type ${field.type}`);
    }
    for (const inner of objectsIn(item)) if (field.of) checkNames(field.of, inner, model, fail);
  }
}

function objectsIn(item: unknown): Json[] {
  return (Array.isArray(item) ? item : [item]).filter((inner): inner is Json => kindOf(inner) === 'object');
}

function checkValues(fields: Fields, value: Json, path: string): void {
  for (const [name, field] of Object.entries(fields)) {
    const item = value[name] ?? undefined;
    const where = `${path}${name} in body`;
    if (field.required && item === undefined) throw refuse(`${where} is required`);
    if (typeof item === 'string') checkText(field, item, where);
    if (!field.of || item === undefined) continue;
    if (Array.isArray(item))
      objectsIn(item).forEach((inner, i) => checkValues(field.of!, inner, `${path}${name}.${i}.`));
    else checkValues(field.of, item as Json, `${path}${name}.`);
  }
}

function checkText(field: Field, text: string, where: string): void {
  if (field.oneOf && !field.oneOf.includes(text)) throw refuse(`${where} should be one of [${field.oneOf.join(' ')}]`);
  if (field.max && text.length > field.max) throw refuse(`${where} should be at most ${field.max} chars long`);
  if (field.pattern && !new RegExp(field.pattern).test(text)) throw refuse(`${where} should match '${field.pattern}'`);
  if (field.type === 'uuid' && !isUuid(text)) throw refuse(`${where} must be of type uuid: "${text}"`);
}
