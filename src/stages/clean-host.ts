/** Before a machine is cleaned on a person's word: whether it still needs what is in its slot, and what is there of ours. */
import { stageOf } from '../assisted/types.ts';
import { SnobootError } from '../core/errors.ts';
import { fact, type HostContext } from './context.ts';
import { currentCluster, recordOf } from './current-cluster.ts';
import { isOurs } from './take-down.ts';

const REBOOTED = ['Rebooting', 'Configuring', 'Joined', 'Done'];
/** So the service calls a host disconnected whose agent lives (§2.3). */
const MEDIUM_LOST = /discovery media/;
const CD_TARGETS = /cd|dvd|remotedrive/i;

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
  const { enabled, target } = await bmc.readBoot();
  if (enabled !== 'Disabled' && target !== null && CD_TARGETS.test(target)) owes.add('override');
  if (existing === 'before-install' && (await livesOnOurs(host))) owes.add('power');
  host.notes['powerOff'] = existing === 'before-install' || existing === 'absent';
}

/** Somebody has put the machine to another use since: its medium and its power are not ours any more. */
function leaveToOthers({ run, subject, deeds }: HostContext): void {
  const text = 'the slot holds a medium that snoboot did not insert: it was left there';
  run.say(subject, { type: 'warning', text });
  deeds.owes.delete('media');
  deeds.owes.delete('power');
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
    'deploy goes on with it; destroy ends it',
  );
}
