/** Layers of an inventory merged into one value, and back: in which layer a part of the value was written. */
import { isRecord, type Loose } from './loose.ts';
import type { Path } from './positions.ts';

/** A mapping that stands at `path`. */
export interface Layer {
  path: Path;
  value: Loose;
}

/** The later layer wins; mappings merge key by key, lists and single values are replaced. Nothing given is changed. */
export function mergedLayers(layers: readonly Layer[]): Loose {
  return layers.map(({ value }) => value).reduce(merged);
}

function merged(under: Loose, over: Loose): Loose {
  const entries = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const below = entries.get(key);
    entries.set(key, isRecord(below) && isRecord(value) ? merged(below, value) : value);
  }
  return Object.fromEntries(entries);
}

/** Where the part at `rest` of the merged value is written, and what is written there; what nobody wrote is missing in the last layer. */
export function writtenIn(layers: readonly Layer[], rest: Path): { path: Path; value: unknown } {
  const layer = layers.findLast(({ value }) => decides(value, rest)) ?? layers.at(-1)!;
  return { path: [...layer.path, ...rest], value: valueAt(layer.value, rest) };
}

/** Whether nothing below can be seen at `rest` through this layer. */
function decides(value: Loose, rest: Path): boolean {
  let part: unknown = value;
  for (const step of rest) {
    if (!isRecord(part)) return true;
    if (!Object.hasOwn(part, step)) return false;
    part = part[String(step)];
  }
  return true;
}

/** The part of a value at `path`; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let part = value;
  for (const step of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, step)) return undefined;
    part = (part as Record<PropertyKey, unknown>)[step];
  }
  return part;
}
