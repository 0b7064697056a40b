/** The plan for people: clusters of which the same is so and would be done are told of together, with a line for each machine. */
import type { Living, Plan, PlannedCluster, PlannedHost } from './plan.ts';
import { stepLines } from './plan-steps.ts';
import { clean, counted, indented } from './text.ts';

const WORDS: Record<string, string> = {
  installed: 'would be installed',
  unchanged: 'stays as it is',
  failed: 'cannot be begun',
  destroyed: 'would be deleted',
  stopped: 'would be tried up to a stage',
};

/** Ends in a line break. `next`: what to type to bring it about. */
export function planText(plan: Plan, next: string): string {
  const groups = new Map<string, PlannedCluster[]>();
  for (const cluster of plan.clusters) {
    const key = likeness(cluster);
    groups.set(key, [...(groups.get(key) ?? []), cluster]);
  }
  const blocks = [...groups.values()].map((clusters) => `${blockOf(clusters).join('\n')}\n\n`);
  const notes = plan.notes.flatMap((note) => indented(`! ${clean(note)}`, 0)).map((line) => `${line}\n`);
  return [`plan of ${plan.verb} on ${clean(plan.target)}\n\n`, ...blocks, ...notes, summary(plan, next)].join('');
}

function summary({ erases, changes, clusters }: Plan, next: string): string {
  const refused = clusters.filter(({ problem }) => problem).length;
  const stops = refused > 0 ? `, ${counted(refused, 'cluster')} cannot be begun` : '';
  if (changes === 0) return `${counted(clusters.length, 'cluster')}: no changes${stops}\n`;
  return `${counted(clusters.length, 'cluster')}: ${counted(erases, 'machine')} to be erased, ${counted(changes, 'change')}${stops}\nnext: ${next}\n`;
}

/** What clusters of one block have in common. */
function likeness(cluster: PlannedCluster): string {
  const { name, state, outcome, openshiftVersion, steps, hosts, problem } = cluster;
  if (problem) return `${name} has a problem`;
  const own = (subject: string): string => subject.replace(name, '');
  const plain = steps.map(({ subject, ...step }) => ({ ...step, of: own(subject) }));
  const machines = hosts.map(({ disk, iso, mediaAddress }) => [disk, iso, mediaAddress]);
  return JSON.stringify([state, outcome, openshiftVersion, plain, machines]);
}

function blockOf(clusters: PlannedCluster[]): string[] {
  const [first] = clusters;
  if (!first) return [];
  const { state, outcome, openshiftVersion, steps, problem } = first;
  const names = clusters.map(({ name }) => clean(name));
  const who = names.length > 3 ? `${names.length} clusters, ${names[0]} to ${names.at(-1)}` : names.join(', ');
  const what = WORDS[outcome] ?? outcome;
  const head = `${who}: ${state} at the service, ${what}${outcome === 'installed' ? `, OpenShift ${clean(openshiftVersion)}` : ''}`;
  const trouble = problem
    ? [
        ...indented(`${problem.code}: ${clean(problem.message, 600)}`, 2),
        ...indented(`to do: ${clean(problem.todo)}`, 2),
      ]
    : [];
  return [
    ...indented(head, 0),
    ...trouble,
    ...stepLines(steps),
    ...(steps.length > 0 && outcome === 'installed' ? rules(first) : []),
    ...clusters.flatMap((cluster) => [
      ...living(cluster),
      ...cluster.hosts.flatMap((host) => hostLines(cluster, host)),
    ]),
    ...clusters.flatMap(({ notes }) => notes.flatMap((note) => indented(`! ${clean(note)}`, 2))),
  ];
}

function rules({ hosts }: PlannedCluster): string[] {
  const [host] = hosts;
  if (!host) return [];
  const from =
    host.mediaAddress === null
      ? ', but no address of this machine routes to its BMC'
      : ` from ${clean(host.mediaAddress)}`;
  return [...indented(`disk: ${clean(host.disk)}`, 2), ...indented(`ISO: ${clean(host.iso)}${from}`, 2)];
}

function living({ name, livesThere, lastRun, state }: PlannedCluster): string[] {
  const there = livesThere && state !== 'absent' ? indented(`${clean(name)} now: ${livingText(livesThere)}`, 2) : [];
  const last = lastRun ? indented(`${clean(name)} last run: ${lastRun.outcome} at ${lastRun.at.slice(0, 16)}Z`, 2) : [];
  return [...there, ...last];
}

function livingText({ cluster, status, since, openshiftVersion }: Living): string {
  const version = openshiftVersion === null ? '' : `, OpenShift ${clean(openshiftVersion)}`;
  return `${clean(cluster)}, ${clean(status)}${version}${since === null ? '' : `, since ${clean(since).slice(0, 16)}Z`}`;
}

const KNOWN = {
  known: 'pinned',
  named: 'named by the inventory',
  new: 'never met before: asked for, or --accept-new',
} as const;

function hostLines({ name }: PlannedCluster, host: PlannedHost): string[] {
  const { identity, known, power, medium, livesThere, problem } = host;
  const who = identity
    ? [identity.vendor, identity.model, identity.serial && `serial ${identity.serial}`, power && `power ${power}`]
    : ['not seen'];
  const parts = [...who.filter((part) => part !== null && part !== ''), ...(known ? [KNOWN[known]] : [])];
  const other = livesThere && livesThere.cluster !== name ? indented(`${livingText(livesThere)} lives on it`, 6) : [];
  return [
    ...indented(`${clean(`${name}/${host.name}`)} ${clean(host.bmc)}`, 4),
    ...indented(clean(parts.join(', ')), 6),
    ...(medium === null ? [] : indented(`in its slot: ${clean(medium)}`, 6)),
    ...other,
    ...(problem ? indented(`${problem.code}: ${clean(problem.message, 600)}`, 6) : []),
  ];
}
