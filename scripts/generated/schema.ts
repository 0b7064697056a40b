/** inventory/inventory.schema.json: what editors complete inventories from. */
import { inventoryJsonSchema } from '../../src/inventory/json-schema.ts';

export function files(): Record<string, string> {
  return { 'inventory/inventory.schema.json': `${JSON.stringify(inventoryJsonSchema(), null, 2)}\n` };
}
