/** Clusters and hosts before their ranges are counted out, and the counting. */
import { list, type Loose, record, text } from './loose.ts';
import type { Layer } from './merge.ts';
import { type Ranged, type Template, templateOf } from './ranges.ts';
import type { Made } from './written.ts';

/** A cluster without its hosts, or a host, before its ranges are counted out. */
export interface Unit {
  what: 'cluster' | 'host';
  layers: Layer[];
  template: Template;
  /** How many its name makes of it; null: its name has no range. */
  count: number | null;
  /** Values in each that is made of it, of any depth. */
  size: number;
}

export interface Result {
  value: unknown;
  made: Made;
}

export function unitOf(what: Unit['what'], layers: Layer[], value: Loose): Unit {
  const template = templateOf(value);
  const count = template.ranged.find(isName)?.count;
  return { what, layers, template, count: typeof count === 'number' ? count : null, size: sizeOf(value) };
}

function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, part) => sum + sizeOf(part), 1);
}

export function isName({ path }: Ranged): boolean {
  return path.length === 1 && path[0] === 'name';
}

/** 0, 1, … of a range; of what has none, 0. */
export function counted(count: number | null, most: number): number[] {
  return Array.from({ length: Math.min(count ?? 1, most) }, (_, i) => i);
}

export function clusterOf(own: Loose, cluster: Unit, units: (Unit | null)[], index: number, most: number): Result {
  const bare = record(cluster.template.make(index));
  const name = cluster.count === null ? null : text(bare['name']);
  const written = list(own['hosts']);
  const hosts = units.flatMap((unit, i): Result[] => {
    const path = [...(cluster.layers.at(-1)?.path ?? []), 'hosts', i];
    if (!unit) return [{ value: written[i], made: { layers: [{ path, value: {} }], name: null, hosts: [] } }];
    const { layers, template, count } = unit;
    return counted(count, most).map((own) => {
      const value = record(template.make(count === null ? index : own));
      const names = [name, count === null && name === null ? null : text(value['name'])].filter((one) => one !== null);
      return { value, made: { layers, name: names.length > 0 ? names.join('/') : null, hosts: [] } };
    });
  });
  const value = Array.isArray(own['hosts'])
    ? { ...bare, hosts: hosts.map((host) => host.value) }
    : { ...bare, ...('hosts' in own ? { hosts: own['hosts'] } : {}) };
  return { value, made: { layers: cluster.layers, name, hosts: hosts.map(({ made }) => made) } };
}
