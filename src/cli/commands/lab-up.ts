/** `snoboot lab up`: serves the lab to other programs, and to `deploy`, until it is stopped. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, SnobootError } from '../../core/errors.ts';
import { loadInventory } from '../../inventory/load.ts';
import { startLab } from '../../lab/start.ts';
import { labSpecOf } from '../lab-spec.ts';
import { labFolder } from '../lab-target.ts';
import { printIssues } from '../print-error.ts';

export async function labUpCommand(file: string, timeFactor: string | undefined): Promise<number> {
  const factor = timeFactor === undefined ? undefined : factorOf(timeFactor);
  const inventory = await loadInventory(file, process.cwd());
  printIssues(inventory.warnings);
  const dir = labFolder(inventory);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const lab = await startLab(labSpecOf(inventory, factor), dir);
  const upFile = join(dir, 'up.json');
  const text = `${JSON.stringify(lab.up)}\n`;
  await writeFile(upFile, text, { mode: 0o600 });
  process.stdout.write(text);
  await stopped;
  await rm(upFile, { force: true });
  await lab.stop();
  return EXIT.ok;
}

function factorOf(text: string): number {
  const factor = Number(text);
  if (factor >= 1 && factor <= 10_000) return factor;
  throw new SnobootError(
    'E-USAGE',
    `--time-factor ${text} is not a number from 1 to 10000`,
    'give e.g. --time-factor 60',
  );
}
