/** JSON from a stranger, read without trust: null is absence, and a field that should hold JSON may hold anything. */

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value with every null property left out, or undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => value ?? undefined);
  } catch {
    return undefined;
  }
}

/** The object inside a field that holds JSON; `{}` for "", absent, or what is no object. */
export function parseField(text: unknown): Json {
  const value = typeof text === 'string' ? parseJson(text) : undefined;
  return isObject(value) ? value : {};
}

/** The objects of a list; [] for what is no list. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
