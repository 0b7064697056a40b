/** `snoboot plan`: what a deploy would do to which machine, by every look and no act. */
import { plan } from '../../run/plan.ts';
import { stateHome } from '../../run/state-home.ts';
import { planText } from '../../view/plan-text.ts';
import { identityPorts } from '../identity-ports.ts';
import { commandOf, type PlanOptions } from '../options.ts';
import { printData } from '../print-data.ts';
import { readForMachines } from '../read-inventory.ts';
import { openTarget } from '../target.ts';

/** Throws what reading the inventory and the secrets throws; what is found out there is in the plan, and in the exit code. */
export async function planCommand(file: string, options: PlanOptions): Promise<number> {
  const inventory = await readForMachines(file, options);
  const replace = options.replace ?? false;
  const target = await openTarget(inventory, { faults: options.fault ?? [] });
  try {
    const ports = identityPorts(target, stateHome(process.env, options.stateDir ?? null), false, NOBODY);
    const { plan: planned, exitCode } = await plan({ ...target, ...ports, verb: 'deploy', replace });
    const next = `snoboot ${commandOf('deploy', file, options)}`;
    if (options.output === 'text') process.stdout.write(planText(planned, next));
    else printData(options.output, planned);
    return exitCode;
  } finally {
    await target.stop();
  }
}

/** A plan asks nothing. */
const NOBODY = { aside: () => Promise.reject(new TypeError('a plan does not ask')) };
