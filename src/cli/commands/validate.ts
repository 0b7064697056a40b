/** `snoboot validate`: the inventory alone, all of it at once; nothing is contacted. */
import { EXIT } from '../../core/errors.ts';
import { InventoryError } from '../../inventory/issues.ts';
import type { Inventory, Issue } from '../../inventory/types.ts';
import { counted } from '../../view/text.ts';
import type { InventoryOptions, Output } from '../options.ts';
import { printData } from '../print-data.ts';
import { readInventory } from '../read-inventory.ts';

export type ValidateOptions = Pick<InventoryOptions, 'set' | 'limit'> & { output: Output };

/** With errors, or where --limit means nothing, it throws, and as data its result is told all the same. */
export async function validateCommand(file: string, options: ValidateOptions): Promise<number> {
  const { output } = options;
  try {
    const inventory = await readInventory(file, options);
    if (output === 'text') process.stdout.write(summary(file, inventory, options.limit));
    else printData(output, resultOf(file, inventory));
    return EXIT.ok;
  } catch (error) {
    if (output !== 'text' && error instanceof InventoryError) printData(output, refusalOf(file, error.issues));
    throw error;
  }
}

function summary(file: string, inventory: Inventory, limit: string | undefined): string {
  const { clusters, hosts, warnings } = countsOf(inventory);
  const counts = [counted(clusters, 'cluster'), counted(hosts, 'host'), counted(warnings, 'warning')];
  const total = `${file}: ${counts.join(', ')}\n`;
  if (limit === undefined) return total;
  const chosen = inventory.clusters.map(
    ({ name, hosts: [...own] }) => `  ${name}: ${own.map((host) => host.name).join(', ')}\n`,
  );
  return `${total}--limit ${limit} leaves of ${counted(inventory.all?.length ?? clusters, 'cluster')}:\n${chosen.join('')}`;
}

function countsOf({ clusters, warnings }: Inventory) {
  const hosts = clusters.reduce((sum, cluster) => sum + cluster.hosts.length, 0);
  return { clusters: clusters.length, hosts, warnings: warnings.length };
}

function resultOf(file: string, inventory: Inventory): object {
  const { clusters, hosts } = countsOf(inventory);
  const chosen = inventory.clusters.map(({ name, groups, hosts: own }) => ({
    name,
    groups,
    hosts: own.map((host) => host.name),
  }));
  return {
    file,
    valid: true,
    counts: { clusters, hosts, errors: 0, warnings: inventory.warnings.length },
    clusters: chosen,
    issues: inventory.warnings,
  };
}

function refusalOf(file: string, issues: readonly Issue[]): object {
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  return { file, valid: false, counts: { errors, warnings: issues.length - errors }, issues };
}
