/** Read-only: log in, find the system and its slot, see whose machine it is; and can it be served from here. */
import { SnobootError } from '../core/errors.ts';
import { admit } from './admission.ts';
import type { HostContext } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

export const checkBmc: Stage<HostContext> = {
  name: 'check-bmc',
  waitsFor: 'the BMC to answer',
  deadlineMs: 5 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 0,
  settleMs: 0,
  group: 'bmc',
  look: async (host, signal) => {
    await admit(host, signal);
    const { identity } = await host.bmc();
    if (host.cluster.goal === 'deploy') await host.run.media.prepare(host);
    return { so: true, facts: { ...identity } };
  },
  expired: (host) =>
    new SnobootError(
      'E-BMC-UNREACH',
      `the BMC of ${host.subject} did not answer`,
      'check address, cable and network of the BMC',
    ),
};
