/** JSON and YAML values from a stranger, read without trust. */

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{}` for what is no object. */
export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The objects of a list; [] for what is no list. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Null for what is no text, or empty. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
