/** Reading foreign JSON and YAML strictly: each reader throws an Error that names the place. */

export type Shape = Record<string, unknown>;

/** An object; with `keys`, one that has no other key. */
export function objectAt(where: string, value: unknown, keys?: readonly string[]): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${where} is no object`);
  const stranger = Object.keys(value).find((key) => keys && !keys.includes(key));
  if (stranger !== undefined) throw new Error(`${where} has an unknown key: ${stranger}`);
  return value as Shape;
}

/** A list; an absent one is empty. */
export function listAt(where: string, value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`${where} is no list`);
  return value as unknown[];
}

export function textAt(where: string, value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${where} is no text`);
  return value;
}

/** A text, or "" where there is none. */
export function optionalTextAt(where: string, value: unknown): string {
  return value === undefined || value === null ? '' : textAt(where, value);
}
