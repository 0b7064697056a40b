/** The inventory that a verb is given: --set over it, checked against what the lab can do too, rehearsed if that is asked. */
import { limited } from '../inventory/limit.ts';
import { unfilledIn } from '../inventory/check-placeholders.ts';
import { InventoryError, loadInventory } from '../inventory/load.ts';
import type { Inventory } from '../inventory/types.ts';
import { FAULT_NAMES } from '../lab/faults.ts';
import { withFiles } from './limit-file.ts';
import type { InventoryOptions } from './options.ts';
import { printIssues } from './print-error.ts';
import { rehearsalOf } from './rehearse.ts';

/** Says the inventory's warnings. Throws InventoryError; relative paths start at the working folder. */
export function readInventory(file: string, options: InventoryOptions = {}): Promise<Inventory> {
  return read(file, options, () => undefined);
}

/** The same for what contacts machines: real ones want every value filled in. */
export function readForMachines(file: string, options: InventoryOptions): Promise<Inventory> {
  return read(file, options, ({ service, warnings }) => {
    const unfilled = options.rehearse || service.type === 'lab' ? [] : unfilledIn(warnings);
    if (unfilled.length > 0) throw new InventoryError(unfilled);
  });
}

async function read(
  file: string,
  { set = [], limit, rehearse }: InventoryOptions,
  refuse: (written: Inventory) => void,
): Promise<Inventory> {
  const written = await loadInventory(file, process.cwd(), Object.keys(FAULT_NAMES), set);
  refuse(written);
  printIssues(written.warnings);
  const only = (inventory: Inventory) => (limit === undefined ? inventory : limited(inventory, withFiles(limit)));
  if (!rehearse) return only(written);
  const { inventory, notes } = rehearsalOf(written);
  for (const note of notes) process.stderr.write(`rehearsal: ${note}\n`);
  return only(inventory);
}
