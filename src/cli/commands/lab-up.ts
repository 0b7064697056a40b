/** `snoboot lab up`: serves the lab to other programs, and to `deploy`, until it is stopped. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, SnobootError } from '../../core/errors.ts';
import { startLab } from '../../lab/start.ts';
import { labSpecOf } from '../lab-spec.ts';
import { labFolder } from '../lab-target.ts';
import { readInventory } from '../read-inventory.ts';
import { catchInterrupts } from '../signals.ts';

export interface LabUpOptions {
  timeFactor?: string;
  rehearse?: boolean;
}

export async function labUpCommand(file: string, { timeFactor, rehearse = false }: LabUpOptions): Promise<number> {
  const factor = timeFactor === undefined ? undefined : factorOf(timeFactor);
  const interrupts = catchInterrupts();
  try {
    const inventory = await readInventory(file, { rehearse });
    const dir = labFolder(inventory);
    const lab = await startLab(labSpecOf(inventory, factor), dir);
    try {
      return (
        interrupts.exitCode() ?? (await serve(join(dir, 'up.json'), `${JSON.stringify(lab.up)}\n`, interrupts.first))
      );
    } finally {
      await lab.stop();
    }
  } finally {
    interrupts.release();
  }
}

async function serve(upFile: string, text: string, stopped: Promise<void>): Promise<number> {
  try {
    await writeFile(`${upFile}.new`, text, { mode: 0o600 });
    await rename(`${upFile}.new`, upFile);
  } catch (error) {
    throw new SnobootError(
      'E-STATE',
      `cannot write ${upFile}: ${(error as Error).message}`,
      'make room or remove what is there',
    );
  }
  process.stdout.write(text);
  await stopped;
  await rm(upFile, { force: true });
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
