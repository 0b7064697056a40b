/** Read-only: log in, find the system and its slot, hold the machine against the inventory; and can it be served from here. */
import { SnobootError } from '../core/errors.ts';
import { macsOf } from '../inventory/network.ts';
import type { BmcIdentity } from '../redfish/bmc.ts';
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
  look: async (host) => {
    const { identity } = await host.bmc();
    refuseStranger(host, identity);
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

type Witness = { what: string; wanted: string; found: string; agrees: boolean };

/** Serial and UUID must not contradict the inventory, and one identifier at least must agree (design §5). */
function refuseStranger(host: HostContext, seen: BmcIdentity): void {
  const fixed = [
    ...witness('serial number', host.spec.identity.serial, [seen.serial, seen.sku]),
    ...witness('UUID', host.spec.identity.uuid, [seen.uuid]),
  ];
  const all = [...fixed, ...macWitness(host, seen.macs)];
  const wrong = fixed.find(({ agrees }) => !agrees) ?? (all.some(({ agrees }) => agrees) ? undefined : all[0]);
  if (wrong)
    throw new SnobootError(
      'E-IDENT',
      `the inventory says ${wrong.what} ${wrong.wanted}, the machine behind this BMC has ${wrong.found}`,
      'check the BMC address and the identifiers of this host in the inventory; nothing was changed on the machine',
    );
  if (all.length === 0)
    host.run.say(host.subject, {
      type: 'warning',
      text: 'the BMC shows nothing that the inventory names (serial, UUID, MAC): only the agent can prove whose machine this is',
    });
}

function witness(what: string, wanted: string | null, seen: (string | null)[]): Witness[] {
  const found = seen.filter((one) => one !== null);
  if (!wanted || found.length === 0) return [];
  const agrees = found.some((one) => one.toLowerCase() === wanted.toLowerCase());
  return [{ what, wanted, found: found.join(' or '), agrees }];
}

/** BMCs may list only some of the NICs, so a missing MAC is no contradiction, it is only no agreement. */
function macWitness({ spec }: HostContext, seen: string[]): Witness[] {
  const wanted = macsOf(spec);
  if (wanted.length === 0 || seen.length === 0) return [];
  const agrees = wanted.some((mac) => seen.includes(mac));
  return [{ what: 'MAC address', wanted: wanted.join(', '), found: seen.join(', '), agrees }];
}
