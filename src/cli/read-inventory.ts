/** The inventory that a verb is given, checked against what the lab can do too; its warnings are said. */
import { loadInventory } from '../inventory/load.ts';
import type { Inventory } from '../inventory/types.ts';
import { FAULT_NAMES } from '../lab/faults.ts';
import { printIssues } from './print-error.ts';

/** Throws InventoryError; relative paths start at the working folder. `sets`: `key=value` each, over what the file says. */
export async function readInventory(file: string, sets: string[] = []): Promise<Inventory> {
  const inventory = await loadInventory(file, process.cwd(), Object.keys(FAULT_NAMES), sets);
  printIssues(inventory.warnings);
  return inventory;
}
