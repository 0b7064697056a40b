/**
 * `npm run kills`: SIGKILL after every single record of a two-cluster run, then `deploy`: the same end, each destructive
 * effect once. Each kill has a lab of its own that is up by itself. `KILLS=100-200 npm run kills` takes a part.
 */
import { assertOnce, ONCE } from './destructive.ts';
import { createScene, endLabs } from './scene.ts';

const AT_ONCE = 2;

/** How many records a run writes that nobody kills. */
async function recordsOfARun(): Promise<number> {
  const scene = createScene();
  const { down } = await scene.labUp();
  const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml']);
  if (code !== 0) throw new Error(`the run that nobody kills ended with ${code}\n${stderr}`);
  assertOnce(scene.history(), ONCE);
  await down();
  return scene.journal().length;
}

/** Whether the run was killed: a run whose records came in another order may have ended before. */
async function killAfter(record: number): Promise<boolean> {
  const scene = createScene();
  const { down } = await scene.labUp();
  const first = await scene.killed(['deploy', 'lab.yaml'], String(record));
  const last = scene.journal().at(-1);
  const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml']);
  try {
    if (code !== 0) throw new Error(`deploy ended with ${code}\n${stderr}`);
    assertOnce(scene.history(), ONCE);
  } catch (error) {
    throw new Error(`killed after record ${record} (${JSON.stringify(last)}): ${(error as Error).message}`);
  } finally {
    await down();
  }
  return first.code === null;
}

async function main(): Promise<void> {
  const records = await recordsOfARun();
  const [from = 1, to = records] = (process.env['KILLS'] ?? '').split('-').filter(Boolean).map(Number);
  const left = Array.from({ length: Math.min(to, records) - from + 1 }, (_, i) => from + i);
  const failures: string[] = [];
  let kills = 0;
  const work = async (): Promise<void> => {
    for (let record = left.shift(); record !== undefined; record = left.shift())
      try {
        if (await killAfter(record)) kills += 1;
      } catch (error) {
        failures.push((error as Error).message);
        process.stderr.write(`${(error as Error).message}\n`);
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  endLabs();
  process.stdout.write(
    `${records} records in a run, ${kills} kills (${from} to ${Math.min(to, records)}), ${failures.length} failures\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

await main();
