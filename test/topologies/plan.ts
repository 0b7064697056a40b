/**
 * Plans over generated inventories, by the command line: what the lab's history shows of a deploy was foreseen by the plan
 * before it, the plan itself left nothing, neither there nor on disk, and the plan after it has nothing left to change.
 */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/core/events.ts';
import type { Plan } from '../../src/view/plan.ts';
import { createScene, type Scene } from '../e2e/scene.ts';
import { putToUse } from './put-to-use.ts';
import { differences, effectsIn, told } from './foreseen.ts';
import { type PlanTopology, planTopology } from './plan-topology.ts';

const SIDE_BY_SIDE = 3;

/** One line for each violation. `tell` hears of each inventory that was tried. */
export async function run(
  count: number,
  seed: string,
  tell: (line: string) => void = () => undefined,
): Promise<string[]> {
  const seeds = Array.from({ length: count }, (_, i) => `${seed}/${i}`);
  const violations: string[] = [];
  const worker = async (): Promise<void> => {
    for (let next = seeds.shift(); next !== undefined; next = seeds.shift()) {
      const topology = planTopology(next);
      const found = await violationsIn(topology).catch((error: unknown) => [String(error)]);
      tell(`plan ${next}: ${topology.says}: ${found.length} violations`);
      violations.push(...found.map((line) => `${next} (${topology.says}): ${line}`));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return violations;
}

const STOP = ['--stop-after-stage', 'create-infra-env'];

async function violationsIn(topology: PlanTopology): Promise<string[]> {
  const scene = createScene();
  writeFileSync(join(scene.dir, 'lab.yaml'), JSON.stringify(topology.inventory));
  const lab = topology.stays ? await scene.labUp() : null;
  try {
    const { before } = topology;
    const first = before === 'nothing' ? [] : await deploy(scene, before === 'described' ? STOP : []);
    if (lab) await Promise.all(lab.up.bmcs.map((bmc) => putToUse(bmc, topology.uses)));
    return [...first, ...(await planAndDeploy(scene, topology))];
  } finally {
    await lab?.down();
  }
}

async function planAndDeploy(scene: Scene, { before, replace, doubled }: PlanTopology): Promise<string[]> {
  const files = filesIn(scene.dir);
  const earlier = scene.history();
  const flags = replace ? ['--replace'] : [];
  const plan = await planOf(scene, flags);
  const again = doubled ? await planOf(scene, flags) : plan;
  const byPlan = effectsIn(scene.history().slice(earlier.length));
  const written = filesIn(scene.dir).filter((file) => !files.includes(file));
  const failed = await deploy(scene, flags);
  const history = scene.history().slice(earlier.length);
  const done = effectsIn(history);
  const after = await planOf(scene, []);
  const stays = before === 'installed' && !replace;
  return [
    ...byPlan.map((line) => `the plan itself did this: ${told(line)}`),
    ...written.map((file) => `the plan wrote ${file}`),
    ...(foreseenBy(plan) === foreseenBy(again) ? [] : ['two plans foresee different things']),
    ...failed,
    ...differences(history, earlier, plan),
    ...(failed.length > 0 ? [] : unplanned(scene.journal(), plan)),
    ...(stays === (plan.changes === 0) ? [] : [`${plan.changes} changes are planned`]),
    ...(stays ? done.map((line) => `done to what is installed: ${told(line)}`) : []),
    ...(after.changes === 0 && after.erases === 0 ? [] : [`${after.changes} changes are planned after the deploy`]),
  ];
}

/** What the deploy itself says that it did, also where the lab sees nothing of it. */
function unplanned(journal: RunEvent[], { clusters }: Plan): string[] {
  const planned = new Set(
    clusters.flatMap(({ steps }) => steps.map(({ subject, stage, effect }) => `${subject} ${stage} ${effect}`)),
  );
  const did = journal.flatMap((event) =>
    event.type === 'intent' ? `${event.subject} ${event.stage} ${event.effect.split(' ')[0]}` : [],
  );
  return [...new Set(did)].filter((one) => !planned.has(one)).map((one) => `intended, and not foreseen: ${one}`);
}

async function deploy(scene: Scene, flags: string[]): Promise<string[]> {
  const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml', '--yes', ...flags]);
  return code === 0 ? [] : [`deploy ended with ${code}: ${stderr.slice(-600)}`];
}

async function planOf(scene: Scene, flags: string[]): Promise<Plan> {
  const { stdout, stderr, code } = await scene.snoboot(['plan', 'lab.yaml', ...flags, '-o', 'json']);
  if (code !== 0) throw new Error(`plan ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Plan;
}

/** Without what is of the moment: ports, dates, the status of a cluster. */
function foreseenBy({ clusters, changes, erases }: Plan): string {
  return JSON.stringify([changes, erases, clusters.map(({ state, outcome, steps }) => [state, outcome, steps])]);
}

/** Each with its size and date; without the lab's own, which is what the plan looked at. */
function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.startsWith(join('.snoboot', 'lab')))
    .map((file) => ({ file, stat: statSync(join(dir, file)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ file, stat }) => `${file} ${stat.size} ${stat.mtimeMs}`);
}
