/** The question before machines are touched: the plan is shown, and how many are to be erased is to be typed. */
import { SnobootError } from '../core/errors.ts';
import type { Inventory } from '../inventory/types.ts';
import { isErased, plan } from '../run/plan.ts';
import type { Plan } from '../view/plan.ts';
import { planText } from '../view/plan-text.ts';
import { counted } from '../view/text.ts';
import { answerTo, ask, isInteractive } from './ask.ts';
import { identityPorts } from './identity-ports.ts';
import type { CommonOptions } from './options.ts';
import type { Target } from './target.ts';

/** What is asked of the planner, and what becomes of the machines in one word. */
export interface Planning {
  verb: 'deploy' | 'destroy';
  replace: boolean;
  fate: 'erased' | 'deleted' | 'booted from the ISO, and none erased';
}

interface Work {
  options: CommonOptions;
  does: string;
  command: string;
  plans?: Planning;
}

/** Throws E-CONFIRM where real machines are meant, --yes was not said and nobody can be asked. Contacts nothing. */
export function refuseUnattended({ service, file, clusters }: Inventory, does: string, yes: boolean): void {
  if (service.type === 'lab' || yes || isInteractive()) return;
  throw notConfirmed(`${does} ${machines(clusters)} of ${file}`, 'check the inventory, then add --yes');
}

/**
 * The clusters that a person has let begin; null where nobody need be asked: the lab, or --yes. Throws E-CONFIRM for any other
 * answer, and what planning throws. Nothing is written.
 */
export async function confirm(
  target: Target,
  stateDir: string,
  work: Work,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | null> {
  const { written } = target;
  if (written.service.type === 'lab' || work.options.yes) return null;
  if (!work.plans) {
    const isSure = await ask(`${work.does} ${machines(written.clusters)} of ${written.file}. Go on?`, signal);
    if (isSure) return null;
    throw notConfirmed('not confirmed: nothing was touched', `snoboot ${work.command} --yes asks nothing`);
  }
  return confirmPlan(target, stateDir, work, work.plans, signal);
}

async function confirmPlan(
  target: Target,
  stateDir: string,
  { command }: Work,
  { verb, replace, fate }: Planning,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const ports = identityPorts(target, stateDir, false, { aside: (work) => work() });
  const { plan: whole } = await plan({ ...target, ...ports, verb, replace });
  const shown = fate === 'erased' || verb === 'destroy' ? whole : withoutInstallation(whole);
  process.stderr.write(`${planText(shown, `snoboot ${command}`)}\n`);
  const meant = shown.clusters.filter(({ steps, problem }) => steps.length > 0 && !problem);
  const hosts = meant.flatMap((cluster) => (fate === 'erased' && !isErased(cluster) ? [] : cluster.hosts)).length;
  if (hosts > 0) {
    const typed = await answerTo(`${counted(hosts, 'machine')} will be ${fate}. Type ${hosts} to go on:`, signal);
    if (typed !== String(hosts))
      throw notConfirmed('not confirmed: nothing was touched', `type ${hosts} when asked, or add --yes`);
  }
  return new Set(meant.map(({ name }) => name));
}

/** Of a run that is stopped before the trigger. */
function withoutInstallation(whole: Plan): Plan {
  const clusters = whole.clusters.map((cluster) => {
    const trigger = cluster.steps.findIndex(({ stage }) => stage === 'install');
    return trigger < 0 ? cluster : { ...cluster, outcome: 'stopped', steps: cluster.steps.slice(0, trigger) };
  });
  return { ...whole, clusters, erases: 0 };
}

function machines(clusters: Inventory['clusters']): string {
  return counted(clusters.flatMap(({ hosts }) => hosts).length, 'machine');
}

function notConfirmed(message: string, todo: string): SnobootError {
  return new SnobootError('E-CONFIRM', message, todo);
}
