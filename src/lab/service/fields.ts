/** JSON bodies held against the fields that the API knows, with go-openapi's own sentences (assisted-service.md §1.1). */
import { type Json, Refusal } from './wire.ts';

/** Name of a field → its type with `!` when it is required, or the fields of each object in it. */
export interface Fields {
  readonly [name: string]: string | Fields;
}

export interface BodySpec {
  /** The parameter's name in the API description: the first word of its errors. */
  parameter: string;
  /** The Go type, for type errors. */
  model: string;
  fields: Fields;
  /** Field, wherever it stands → the values that it may have, or the pattern that they match. */
  rules: Readonly<Record<string, readonly string[] | string>>;
}

const GO_TYPES: Record<string, string> = { uuid: 'string', int64: 'number', bool: 'bool' };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

/** The body as an object of known fields of the right types; null fields are left out. Throws Refusal. */
export function parseBody(spec: BodySpec, body: Buffer): Json {
  if (body.length === 0) throw refuse(`${spec.parameter} in body is required`);
  const value = parseJson(spec, body);
  if (!isObject(value))
    throw unparsed(spec, `json: cannot unmarshal ${kindOf(value)} into Go value of type models.${spec.model}`);
  checkNames(spec, spec.fields, value);
  checkValues(spec, spec.fields, value, '');
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}

const refuse = (message: string): Refusal => new Refusal(400, message, 'openapi');
const unparsed = ({ parameter }: BodySpec, why: string): Refusal =>
  refuse(`parsing ${parameter} body from "" failed, because ${why}`);

function parseJson(spec: BodySpec, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    const why = (error as Error).message;
    throw unparsed(spec, /end of JSON|Unterminated/.test(why) ? 'unexpected EOF' : why);
  }
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : value === Boolean(value) ? 'bool' : typeof value;
const isObject = (value: unknown): value is Json => kindOf(value) === 'object';
const objectsIn = (item: unknown): Json[] => (Array.isArray(item) ? (item as unknown[]) : [item]).filter(isObject);

function checkNames(spec: BodySpec, fields: Fields, value: Json): void {
  for (const [name, item] of Object.entries(value)) {
    const field = fields[name];
    if (!field) throw unparsed(spec, `json: unknown field "${name}"`);
    if (typeof field === 'object') objectsIn(item).forEach((inner) => checkNames(spec, field, inner));
    const type = typeof field === 'object' ? 'array' : field.replace('!', '');
    const kind = kindOf(item);
    if (kind !== 'null' && kind !== (GO_TYPES[type] ?? type))
      throw unparsed(spec, `json: cannot unmarshal ${kind} into Go struct field ${spec.model}.${name} of type ${type}`);
  }
}

function checkValues(spec: BodySpec, fields: Fields, value: Json, path: string): void {
  for (const [name, field] of Object.entries(fields)) {
    const item = value[name] ?? undefined;
    const where = `${path}${name} in body`;
    if (typeof field === 'object')
      objectsIn(item).forEach((inner, i) => checkValues(spec, field, inner, `${path}${name}.${i}.`));
    else if (field.endsWith('!') && item === undefined) throw refuse(`${where} is required`);
    else if (typeof item === 'string') checkText(spec.rules[name], field, item, where);
  }
}

function checkText(rule: readonly string[] | string | undefined, type: string, text: string, where: string): void {
  if (typeof rule === 'object' && !rule.includes(text)) throw refuse(`${where} should be one of [${rule.join(' ')}]`);
  if (typeof rule === 'string' && !new RegExp(rule).test(text)) throw refuse(`${where} should match '${rule}'`);
  if (type.startsWith('uuid') && !isUuid(text)) throw refuse(`${where} must be of type uuid: "${text}"`);
}
