/** `snoboot probe`: what each machine is, by its BMC and, after a discovery, by its agent. Changes nothing. */
import { pinsByAddress } from '../../run/known-bmcs.ts';
import { probe } from '../../run/probe.ts';
import { stateHome } from '../../run/state-home.ts';
import { suggestion } from '../../view/probe-suggestion.ts';
import { probeText } from '../../view/probe-text.ts';
import { commandOf, type ProbeOptions } from '../options.ts';
import { printData } from '../print-data.ts';
import { printError } from '../print-error.ts';
import { readForMachines } from '../read-inventory.ts';
import { openTarget } from '../target.ts';

/** Throws what reading the inventory throws; a BMC that cannot be read is shown at its host, and in the exit code. */
export async function probeCommand(file: string, options: ProbeOptions): Promise<number> {
  const inventory = await readForMachines(file, options);
  const pins = pinsByAddress(stateHome(process.env, options.stateDir ?? null));
  const target = await openTarget(inventory, { faults: options.fault ?? [] });
  try {
    const { hosts, serviceError, exitCode } = await probe({ ...target, pins: target.ownPins ?? pins });
    const discover = `snoboot ${commandOf('deploy', file, { ...options, stopAfterStage: 'assign-hosts' })}`;
    if (serviceError) printError(serviceError);
    if (options.output !== 'text') printData(options.output, { hosts });
    else process.stdout.write(options.suggest ? suggestion(hosts, discover) : probeText(hosts, discover));
    return exitCode;
  } finally {
    await target.stop();
  }
}
