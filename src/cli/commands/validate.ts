/** `snoboot validate`: the inventory alone, all of it at once; nothing is contacted. */
import { EXIT } from '../../core/errors.ts';
import { loadInventory } from '../../inventory/load.ts';
import { printIssues } from '../print-error.ts';

export async function validateCommand(file: string): Promise<number> {
  const { clusters, warnings } = await loadInventory(file, process.cwd());
  printIssues(warnings);
  const hosts = clusters.reduce((sum, cluster) => sum + cluster.hosts.length, 0);
  process.stdout.write(`${file}: ${clusters.length} clusters, ${hosts} hosts, ${warnings.length} warnings\n`);
  return EXIT.ok;
}
