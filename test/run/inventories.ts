/** Inventories as far as the run itself looks at them. */
import { join } from 'node:path';
import type { Inventory } from '../../src/inventory/types.ts';
import { clusterSpec } from '../stages/scene.ts';

/** In the file `lab.yaml` of `dir`; `clusters` by name, each with what the journal keeps of it. */
export function inventoryIn(
  dir: string,
  clusters: Record<string, unknown> = {},
  parts: Partial<Inventory> = {},
): Inventory {
  return {
    file: `${dir}/lab.yaml`,
    dir,
    home: join(dir, '.snoboot'),
    service: { type: 'lab' },
    lab: null,
    media: { address: null, port: null },
    clusters: Object.entries(clusters).map(([name, digestSource]) => ({ ...clusterSpec, name, digestSource })),
    rollout: { serial: null, maxFailPercentage: null },
    warnings: [],
    ...parts,
  };
}
