/**
 * What the lab's history shows of a deploy that succeeded, held against the plan before it. Each line is of one stage: by
 * what was done, and by how far its cluster was then. Cleanup does nothing in a deploy that succeeds.
 */
import type { Plan, Step } from '../../src/view/plan.ts';
import type { HistoryLine } from '../e2e/scene.ts';

/** `removing` what was there, `preparing` up to the trigger, `writing` the disk, `written`; `again`: in the ISO once more. */
type Phase = 'removing' | 'preparing' | 'writing' | 'written' | 'again';

/** `<stage>/<effect>`: one of them must have been foreseen. */
type Accounts = string[];

const AT_BMC: Record<Phase, Record<string, Accounts>> = {
  removing: { off: ['take-down/power-off'], eject: ['take-down/eject'], clear: ['take-down/clear-override'] },
  preparing: {
    off: ['boot-once/power-off'],
    on: ['boot-once/power-on'],
    arm: ['boot-once/override'],
    insert: ['insert-media/insert'],
    eject: ['insert-media/eject'],
  },
  writing: {},
  written: { eject: ['eject-media/eject'], clear: ['eject-media/clear-override'] },
  again: {
    eject: ['eject-media/eject', 'boot-disk/eject'],
    clear: ['eject-media/clear-override', 'boot-disk/clear-override'],
    restart: ['boot-disk/restart'],
  },
};

const AT_SERVICE: Record<string, Accounts> = {
  'create-cluster': ['create-cluster/create-cluster'],
  'create-infra-env': ['create-infra-env/create-infra-env'],
  install: ['install/install'],
  cancel: ['cancel-install/cancel'],
  'delete-host': ['delete-cluster/delete-host'],
  'delete-infra-env': ['delete-cluster/delete-infra-env'],
  'delete-cluster': ['delete-cluster/delete-cluster'],
  manifest: ['upload-manifests/upload'],
  'patch-cluster': ['assign-hosts/machine-network', 'install/machine-network'],
  'patch-host': ['assign-hosts/host', 'assign-hosts/disks', 'install/host', 'install/disks'],
};

/** These leave no line in the lab's history. */
const UNSEEN = ['download-iso/download', 'save-credentials/record', 'save-credentials/save', 'delete-cluster/forget'];

const AGENTS =
  /\/hosts$|\/(instructions|progress|logs|logs-progress|monitored-operators|ingress-cert|complete-installation)$/;

/** Lines about what somebody made service or BMC do, or asked them to; not what agents, hosts and the lab itself do. */
export function effectsIn(history: HistoryLine[]): HistoryLine[] {
  return history.filter(isEffect);
}

function isEffect(line: HistoryLine): boolean {
  if (line.kind === 'request') return isWrite(line) && !(line.to === 'service' && AGENTS.test(String(line['path'])));
  if (line.kind === 'disk' || line.kind === 'lab') return line['error'] === undefined;
  const isByBmc = line['by'] === 'bmc' && line['action'] !== 'read' && line['action'] !== 'unreadable';
  return isByBmc && ['power', 'media', 'override'].includes(line.kind);
}

function isWrite({ method }: HistoryLine): boolean {
  return !['GET', 'HEAD'].includes(String(method));
}

/** What was done and not foreseen, and what was foreseen for certain and not done: a line each. */
export function differences(history: HistoryLine[], before: HistoryLine[], plan: Plan): string[] {
  const names = new Map<string, string>();
  for (const line of before) learn(names, line);
  const phases = new Map(plan.clusters.map(({ name, steps }) => [name, firstPhase(steps)]));
  const done = new Set<string>();
  const surprises = history.filter((line) => {
    learn(names, line);
    const cluster = clusterOf(line, names);
    if (cluster !== undefined) phases.set(cluster, nextPhase(line, phases.get(cluster) ?? 'preparing'));
    if (!isEffect(line)) return false;
    const foreseen = accountsFor(line, phases.get(cluster ?? '') ?? 'preparing').filter((account) =>
      plan.clusters
        .filter(({ name }) => name === cluster)
        .some(({ steps }) => steps.some((step) => accountOf(step) === account && isAbout(step, line))),
    );
    for (const account of foreseen) done.add(`${cluster} ${account}`);
    return foreseen.length === 0;
  });
  const certain = plan.clusters.flatMap(({ name, steps }) =>
    steps
      .filter(({ when, effect }) => when === 'will' && effect !== null)
      .filter((step) => !UNSEEN.includes(accountOf(step)) && !done.has(`${name} ${accountOf(step)}`)),
  );
  return [
    ...surprises.map((line) => `not foreseen: ${told(line)}`),
    ...certain.map((step) => `foreseen for certain, but not done: ${step.subject} ${accountOf(step)}`),
  ];
}

export function told({ at: _, ...line }: HistoryLine): string {
  return JSON.stringify(line);
}

const accountOf = ({ stage, effect }: Step): string => `${stage}/${effect}`;
const isAbout = ({ subject }: Step, { to }: HistoryLine): boolean => !subject.includes('/') || subject === to;

function firstPhase(steps: Step[]): Phase {
  return steps.some(({ stage }) => stage === 'take-down') ? 'removing' : 'preparing';
}

function nextPhase(line: HistoryLine, phase: Phase): Phase {
  if (line.kind === 'lab' && line['effect'] === 'delete-cluster') return 'preparing';
  if (line.kind === 'lab' && line['effect'] === 'install') return 'writing';
  if (line.kind === 'disk' && line['action'] === 'written') return 'written';
  return phase === 'written' && line.kind === 'boot' && line['device'] === 'cd' ? 'again' : phase;
}

/** Ids of clusters and infra-envs, by the lines of their creation. */
function learn(names: Map<string, string>, line: HistoryLine): void {
  for (const id of [line['clusterId'], line['infraEnv']])
    if (typeof id === 'string' && typeof line['cluster'] === 'string') names.set(id, line['cluster']);
}

/** Of a machine's own line, of an effect's, or of the id in a request's path. A POST of a cluster or infra-env shows none: its effect's line does. */
function clusterOf(line: HistoryLine, names: Map<string, string>): string | undefined {
  if (line.to.includes('/')) return line.to.split('/')[0];
  if (line.kind === 'lab') return typeof line['cluster'] === 'string' ? line['cluster'] : undefined;
  const [id] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(String(line['path'])) ?? [];
  return id === undefined ? [...names.values()].at(-1) : names.get(id);
}

function accountsFor(line: HistoryLine, phase: Phase): Accounts {
  if (line.kind === 'disk') return AT_SERVICE['install']!;
  if (line.kind === 'lab') return AT_SERVICE[String(line['effect'])] ?? [];
  if (line.to === 'service') return AT_SERVICE[requested(String(line['method']), String(line['path']))] ?? [];
  return doneAtBmc(line).flatMap((what) => AT_BMC[phase][what] ?? []);
}

function requested(method: string, path: string): string {
  if (path.endsWith('/manifests')) return 'manifest';
  const [, action] = /\/actions\/(install|cancel)$/.exec(path) ?? [];
  if (action !== undefined) return action;
  const what = /\/hosts\/[^/]+$/.test(path) ? 'host' : /\/infra-envs(\/[^/]+)?$/.test(path) ? 'infra-env' : 'cluster';
  return `${{ DELETE: 'delete', POST: 'create', PATCH: 'patch' }[method] ?? method}-${what}`;
}

/** A request's line does not show its body, so that a reset may be any. */
function doneAtBmc(line: HistoryLine): string[] {
  const { action, enabled, state, from, path = '' } = line;
  if (line.kind === 'power') return [from === state ? 'restart' : state === 'On' ? 'on' : 'off'];
  if (line.kind === 'media') return [action === 'inserted' ? 'insert' : 'eject'];
  if (line.kind === 'override') return [enabled === 'Disabled' ? 'clear' : 'arm'];
  const [, called = 'PATCH'] = /\.(InsertMedia|EjectMedia|Reset)\/?$/.exec(String(path)) ?? [];
  return (
    { InsertMedia: ['insert'], EjectMedia: ['eject'], Reset: ['off', 'on', 'restart'] }[called] ?? ['arm', 'clear']
  );
}
