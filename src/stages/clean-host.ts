/** Before a machine is cleaned on a person's word: whether it still needs what is in its slot, and what is there of ours. */
import { stageOf } from '../assisted/types.ts';
import { SnobootError } from '../core/errors.ts';
import type { HostContext } from './context.ts';
import { currentCluster, recordOf } from './current-cluster.ts';
import { isOurs } from './take-down.ts';

const REBOOTED = ['Rebooting', 'Configuring', 'Joined', 'Done'];
const CD_TARGETS = /cd|dvd|remotedrive/i;

/** Notes what cleanup owes the machine. Throws E-INSTALLING where an installation lives on the ISO. */
export async function notNeeded(host: HostContext): Promise<void> {
  const { existing } = host.cluster.facts;
  const bmc = await host.bmc();
  const { inserted, image } = await bmc.readMedia();
  if (inserted && existing === 'installing') await refuseLive(host);
  if (inserted && !isOurs(host, image)) {
    const text = 'the slot holds a medium that snoboot did not insert: it was left there';
    host.run.say(host.subject, { type: 'warning', text });
    host.deeds.owes.delete('media');
  } else if (inserted) host.deeds.owes.add('media');
  const { enabled, target } = await bmc.readBoot();
  if (enabled !== 'Disabled' && target !== null && CD_TARGETS.test(target)) host.deeds.owes.add('override');
  host.notes['powerOff'] = existing === 'before-install' || existing === 'absent';
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
