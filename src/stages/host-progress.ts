/** Three waits of one host during the installation; what fails the cluster is told by await-installed alone. */
import { SnobootError } from '../core/errors.ts';
import { type Host, stageOf } from '../assisted/types.ts';
import { type HostContext, fact } from './context.ts';
import { patiently, recordOf } from './current-cluster.ts';
import { HOUR, type Look, MINUTE, SECOND, type Stage } from './stage.ts';
import { REBOOTED } from './writing.ts';

const PENDING = 'installing-pending-user-action';
const ON_DISK = ['Configuring', 'Joined', 'Done'];

/** POST, boot and the first report of the installed system. */
const COMING_UP_MS = 30 * MINUTE;

const timing = { deadlineMs: 5 * HOUR, pollMs: 5 * SECOND, tries: 0, settleMs: 0, group: 'bmc' as const };

/** From `Rebooting` on the host no longer needs the ISO (design §5, stage-aware eject). */
export const awaitReboot: Stage<HostContext> = {
  ...timing,
  name: 'await-reboot',
  waitsFor: 'the disk to be written and the host to reboot',
  isSo: 'its disk is written',
  look: (host) => {
    // Whoever inserted it, an earlier run perhaps: from here on it is this run that owes the eject.
    host.deeds.owes.add('media');
    return lookAt(host, (record) =>
      record.status === PENDING || record.status === 'installed' || REBOOTED.includes(stageOf(record).stage)
        ? { so: true }
        : undefined,
    );
  },
  expired: (host, seen) => stuck(host, seen),
};

/** The installed system speaks, or the host is back on the ISO: fact `bootedIso`. */
export const awaitDiskBoot: Stage<HostContext> = {
  ...timing,
  name: 'await-disk-boot',
  waitsFor: 'the host to boot from its disk and join',
  isSo: 'it runs from its disk',
  look: (host) =>
    lookAt(host, (record) => {
      if (record.status === PENDING) return backOnIso(host);
      const isOnDisk = record.status === 'installed' || ON_DISK.includes(stageOf(record).stage);
      return isOnDisk ? { so: true, facts: { bootedIso: false } } : undefined;
    }),
  expired: (host, seen) => stuck(host, seen),
};

/** The status stays pending until the installed system speaks, so after a restart it is believed again only in a while. */
function backOnIso({ deeds, run }: HostContext): Look {
  const restart = deeds.last('boot-disk', 'restart');
  if (restart && run.clock.now() - restart.at < COMING_UP_MS)
    return { so: false, seen: 'the restarted host to come up from its disk' };
  return { so: true, facts: { bootedIso: true } };
}

/** What `judge` says of the host's record, else how far it is. */
function lookAt(host: HostContext, judge: (record: Host) => Look | undefined): Promise<Look> {
  return patiently(async () => {
    const cluster = await host.run.watch.cluster(fact(host.cluster, 'clusterId'));
    const record = recordOf(host, cluster?.hosts ?? []);
    if (!record) return { so: false, seen: 'the host to be known to the service' };
    const { stage, percent } = stageOf(record);
    return judge(record) ?? { so: false, seen: stage || record.status_info, ...(percent === null ? {} : { percent }) };
  });
}

function stuck(host: HostContext, seen: string): SnobootError {
  return new SnobootError(
    'E-INSTALL-STUCK',
    `${host.subject} stands still: ${seen}`,
    'nothing was stopped: look at the console of the host',
  );
}
