/** A stage in whose trouble service and BMC are heard, before its machine learns of it and lets the hosts go. */
import { asSnobootError, CODES, EXIT } from '../core/errors.ts';
import type { Facts } from '../core/events.ts';
import type { ClusterContext, HostContext } from '../stages/context.ts';
import { hear } from '../stages/hear.ts';

/** Ends that have nothing to do with machines. */
const OWN: readonly number[] = [EXIT.internal, EXIT.usage, EXIT.storage, EXIT.interrupted];
/** Results of a stage that succeeded, and are trouble all the same. */
const TROUBLE = ['mediaLost', 'bootedIso'];

/** Settles as `stage` does. `signal` fires when the stage is left: nothing is heard any more then. */
export async function heard(
  cluster: ClusterContext,
  hosts: readonly HostContext[],
  signal: AbortSignal,
  stage: Promise<Facts>,
): Promise<Facts> {
  const listen = (): Promise<void> => (signal.aborted ? Promise.resolve() : hear(cluster, hosts, signal));
  try {
    const facts = await stage;
    if (TROUBLE.some((name) => facts[name] === true)) await listen();
    return facts;
  } catch (error) {
    const { code } = asSnobootError(error);
    if (!OWN.includes(CODES[code]) && code !== 'E-LEASE-LOST') await listen();
    throw error;
  }
}
