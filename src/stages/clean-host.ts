/** Before a machine is cleaned on a person's word: whether it still needs what is in its slot, and what is there of ours. */
import { stageOf } from '../assisted/types.ts';
import { SnobootError } from '../core/errors.ts';
import { fact, type HostContext } from './context.ts';
import { currentCluster, recordOf } from './current-cluster.ts';
import { isCdArmed, isOurs, warnOfForeign } from './slot.ts';
import { REBOOTED } from './writing.ts';

/** So the service calls a host disconnected whose agent lives (§2.3). */
const MEDIUM_LOST = /discovery media/;

/** Notes what cleanup owes the machine. Throws E-INSTALLING where an installation lives on the ISO. */
export async function notNeeded(host: HostContext): Promise<void> {
  const { existing } = host.cluster.facts;
  const { owes } = host.deeds;
  const bmc = await host.bmc();
  const { inserted, image } = await bmc.readMedia();
  if (inserted && existing === 'installing') await refuseLive(host);
  const isForeign = inserted && !isOurs(host, image);
  if (inserted && !isForeign) owes.add('media');
  if (isForeign) leaveToOthers(host);
  if (isCdArmed(await bmc.readBoot())) owes.add('override');
  if (existing === 'before-install' && (await livesOnOurs(host))) owes.add('power');
  host.notes['powerOff'] = existing === 'before-install' || existing === 'absent';
}

/** Somebody has put the machine to another use since: its medium and its power are not ours any more. */
function leaveToOthers(host: HostContext): void {
  warnOfForeign(host);
  host.deeds.owes.delete('media');
  host.deeds.owes.delete('power');
}

/** Its agent is heard at the service: the machine runs from our ISO, even where no journal says so. */
async function livesOnOurs(host: HostContext): Promise<boolean> {
  const cluster = await host.run.watch.cluster(fact(host.cluster, 'clusterId'));
  const record = recordOf(host, cluster?.hosts ?? []);
  return record !== undefined && (record.status !== 'disconnected' || MEDIUM_LOST.test(record.status_info));
}

async function refuseLive(host: HostContext): Promise<void> {
  const { hosts } = await currentCluster(host.cluster);
  const record = recordOf(host, hosts);
  const stage = record ? stageOf(record).stage : '';
  if (REBOOTED.includes(stage)) return;
  throw new SnobootError(
    'E-INSTALLING',
    `${host.subject} is being installed (${stage || 'beginning'}) and lives on the ISO in its slot`,
  );
}
