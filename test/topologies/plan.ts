/**
 * Plans over generated inventories, by the command line: what the lab's history shows of a deploy was predicted by the plan
 * before it, the plan itself left nothing in it, and the plan after it has nothing left to change.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fraction, type Random, seededRandom } from '../../src/core/random.ts';
import type { Plan, Step } from '../../src/view/plan.ts';
import { createScene, type HistoryLine, type Scene } from '../e2e/scene.ts';

const SIDE_BY_SIDE = 3;
const PROFILES = ['dell-idrac9', 'hpe-ilo5', 'generic'];
const BEFORE = ['nothing', 'described', 'installed'] as const;

interface Topology {
  seed: string;
  inventory: object;
  /** What an earlier run came to. */
  before: (typeof BEFORE)[number];
  replace: boolean;
}

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
      const topology = topologyOf(next);
      const found = await violationsIn(topology).catch((error: unknown) => [String(error)]);
      tell(
        `plan ${next}: ${topology.before} before${topology.replace ? ', --replace' : ''}: ${found.length} violations`,
      );
      violations.push(...found.map((line) => `${next}: ${line}`));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return violations;
}

function topologyOf(seed: string): Topology {
  const random = seededRandom(seed);
  const before = chance(random, 0.2) ? 'installed' : oneOf(random, BEFORE.slice(0, 2));
  const names = Array.from({ length: chance(random, 0.3) ? 2 : 1 }, (_, i) => `c${i + 1}`);
  const clusters = names.map((name, i) => clusterOf(random, name, i));
  const faults = clusters.flatMap(({ name }) => (chance(random, 0.4) ? [`extra-disk@${name}/host-0`] : []));
  const inventory = { service: { type: 'lab' }, lab: { timeFactor: 200, faults }, clusters };
  return { seed, inventory, before, replace: before !== 'nothing' && chance(random, 0.5) };
}

function clusterOf(random: Random, name: string, index: number) {
  const mac = `52:54:00:00:00:0${index + 1}`;
  const ip = `10.0.${index}.10`;
  const networkConfig = {
    interfaces: [
      {
        name: 'eno1',
        type: 'ethernet',
        state: 'up',
        'mac-address': mac,
        ipv4: { enabled: true, address: [{ ip, 'prefix-length': 24 }] },
      },
    ],
    'dns-resolver': { config: { server: [`10.0.${index}.1`] } },
    routes: {
      config: [{ destination: '0.0.0.0/0', 'next-hop-address': `10.0.${index}.1`, 'next-hop-interface': 'eno1' }],
    },
  };
  const host = {
    name: 'host-0',
    bmc: { address: `lab://${oneOf(random, PROFILES)}` },
    bootMACAddress: mac,
    ...(chance(random, 0.5) ? { networkConfig } : {}),
    // An extra disk is eligible too, so one of them has to be named.
    rootDeviceHints: { deviceName: '/dev/sda' },
    disks: { others: oneOf(random, ['keep', 'erase']) },
  };
  return {
    name,
    baseDomain: 'lab.example.com',
    openshiftVersion: oneOf(random, ['4.20', '4.21']),
    pullSecret: 'file:secrets/pull-secret.json',
    sshKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc lab@example.com',
    ...(chance(random, 0.5) ? { manifests: 'manifests/sno-ai-test' } : {}),
    hosts: [host],
  };
}

const chance = (random: Random, of: number): boolean => fraction(random) < of;
const oneOf = <T>(random: Random, all: readonly T[]): T => all[Math.floor(fraction(random) * all.length)]!;

const STOP = ['--stop-after-stage', 'create-infra-env'];

async function violationsIn({ inventory, before, replace }: Topology): Promise<string[]> {
  const scene = createScene();
  writeFileSync(join(scene.dir, 'all.yaml'), JSON.stringify(inventory));
  const deploy = (...args: string[]) => scene.snoboot(['deploy', 'all.yaml', '--yes', ...args]);
  if (before !== 'nothing') await deploy(...(before === 'described' ? STOP : []));
  const start = scene.history().length;
  const flags = replace ? ['--replace'] : [];
  const plan = await planOf(scene, flags);
  const again = await planOf(scene, flags);
  const byPlan = effectsIn(scene.history().slice(start));
  const { code, stderr } = await deploy(...flags);
  const done = effectsIn(scene.history().slice(start));
  const after = await planOf(scene, []);
  return [
    ...byPlan.map((line) => `the plan itself did this: ${told(line)}`),
    ...(stable(plan) === stable(again) ? [] : ['two plans differ']),
    ...(code === 0 ? [] : [`deploy ended with ${code}: ${stderr.slice(-600)}`]),
    ...done.filter((line) => !isPredicted(line, plan)).map((line) => `not predicted: ${told(line)}`),
    ...(before === 'installed' && !replace ? done.map((line) => `done to what is installed: ${told(line)}`) : []),
    ...(after.changes === 0 && after.erases === 0 ? [] : [`${after.changes} changes are planned after the deploy`]),
  ];
}

async function planOf(scene: Scene, flags: string[]): Promise<Plan> {
  const { stdout, stderr, code } = await scene.snoboot(['plan', 'all.yaml', ...flags, '-o', 'json']);
  if (code !== 0) throw new Error(`plan ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Plan;
}

/** Without what every start of the lab changes: ports and dates. */
function stable(plan: Plan): string {
  return JSON.stringify(plan).replaceAll(/127\.0\.0\.1:\d+|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
}

/** Lines about something that is another thing afterwards; not what agents and the machine itself do. */
function effectsIn(history: HistoryLine[]): HistoryLine[] {
  return history.filter((line) => {
    if (line.kind === 'request') return line.to === 'service' && isOurWrite(line);
    if (line.kind === 'disk' || line.kind === 'lab') return line['error'] === undefined;
    const isByBmc = line['by'] === 'bmc' && line['action'] !== 'read';
    return isByBmc && ['power', 'media', 'override'].includes(line.kind);
  });
}

const AGENTS =
  /\/hosts$|\/(instructions|progress|logs|logs-progress|monitored-operators|ingress-cert|complete-installation)$/;

function isOurWrite({ method, path }: HistoryLine): boolean {
  return !['GET', 'HEAD'].includes(String(method)) && !AGENTS.test(String(path));
}

type Predictor = [stage: string, effect: string];

/** What a line of history is, in the words of stages; any of them may have foreseen it. */
function predictors(line: HistoryLine): Predictor[] {
  switch (line.kind) {
    case 'power':
      return line['state'] === 'On'
        ? [['boot-once', 'power-on']]
        : ['boot-once', 'take-down', 'cleanup'].map((stage) => [stage, 'power-off']);
    case 'media':
      return line['action'] === 'inserted'
        ? [['insert-media', 'insert']]
        : ['insert-media', 'eject-media', 'take-down', 'cleanup'].map((stage) => [stage, 'eject']);
    case 'override':
      return line['enabled'] === 'Disabled'
        ? ['eject-media', 'take-down', 'cleanup'].map((stage) => [stage, 'clear-override'])
        : [['boot-once', 'override']];
    case 'disk':
      return [['install', 'install']];
    case 'lab':
      return LAB_EFFECTS[String(line['effect'])] ?? [];
    default:
      return requestPredictors(String(line['method']), String(line['path']));
  }
}

const LAB_EFFECTS: Record<string, Predictor[]> = {
  'create-cluster': [['create-cluster', 'create-cluster']],
  'create-infra-env': [['create-infra-env', 'create-infra-env']],
  install: [['install', 'install']],
  cancel: [['cancel-install', 'cancel']],
  'delete-host': [['delete-cluster', 'delete-host']],
  'delete-infra-env': [['delete-cluster', 'delete-infra-env']],
  'delete-cluster': [['delete-cluster', 'delete-cluster']],
};

function requestPredictors(method: string, path: string): Predictor[] {
  if (path.endsWith('/manifests')) return [['upload-manifests', 'upload']];
  if (path.endsWith('/actions/install')) return LAB_EFFECTS['install']!;
  if (path.endsWith('/actions/cancel')) return LAB_EFFECTS['cancel']!;
  const what = /\/hosts\/[^/]+$/.test(path) ? 'host' : /\/infra-envs(\/[^/]+)?$/.test(path) ? 'infra-env' : 'cluster';
  if (method === 'DELETE') return LAB_EFFECTS[`delete-${what}`] ?? [];
  if (method === 'POST') return LAB_EFFECTS[`create-${what}`] ?? [];
  return what === 'host'
    ? ['host', 'disks'].map((effect) => ['assign-hosts', effect])
    : [['assign-hosts', 'machine-network']];
}

/** A host's own line is of that host or its cluster; the service's requests name no cluster, so any may have foreseen them. */
function isPredicted(line: HistoryLine, { clusters }: Plan): boolean {
  const own = line.to.includes('/') ? line.to.split('/')[0] : line['cluster'];
  const isNamed = clusters.some(({ name }) => name === own);
  const steps = clusters.filter(({ name }) => !isNamed || name === own).flatMap((cluster) => cluster.steps);
  const isOf = ({ subject }: Step): boolean => !subject.includes('/') || subject === line.to;
  return predictors(line).some(([stage, effect]) =>
    steps.some((step) => step.stage === stage && step.effect === effect && (line.kind === 'request' || isOf(step))),
  );
}

function told({ at: _, ...line }: HistoryLine): string {
  return JSON.stringify(line);
}
