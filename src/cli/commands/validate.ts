/** `snoboot validate`: the inventory alone, all of it at once; nothing is contacted. */
import { EXIT } from '../../core/errors.ts';
import { counted } from '../../view/text.ts';
import { readInventory } from '../read-inventory.ts';

export async function validateCommand(file: string, sets: string[]): Promise<number> {
  const { clusters, warnings } = await readInventory(file, sets);
  const hosts = clusters.reduce((sum, cluster) => sum + cluster.hosts.length, 0);
  const counts = [counted(clusters.length, 'cluster'), counted(hosts, 'host'), counted(warnings.length, 'warning')];
  process.stdout.write(`${file}: ${counts.join(', ')}\n`);
  return EXIT.ok;
}
