/** Whether a host writes its disk, or may begin to where nobody sees it: then nobody switches it off (design §5). */
import { type Cluster, type Host, stageOf } from '../assisted/types.ts';
import type { ClusterContext, HostContext } from './context.ts';
import { recordOf } from './current-cluster.ts';
import { MINUTE, SECOND } from './stage.ts';

const WRITING = ['Writing image to disk', 'Copying registry data to disk'];
/** The disk is written, and the ISO no longer needed. */
export const REBOOTED = ['Rebooting', 'Configuring', 'Joined', 'Done'];
/** With these the host itself says that its installer has ended; time-outs of the service say nothing of it. */
const HAS_ENDED = /^Failed\b|installation command failed|unexpectedly restarted|discovery media/;
/** From here on the service takes no more reports of the host: its stage stands still, whatever the host does. */
const GIVEN_UP = ['error', 'cancelled'];

/** From the order to stop until the installer has stopped. */
const STOPPING_MS = 30 * SECOND;
/** An agent that was not heard for so long is lost, as the service sees it too (§2.5). */
const SILENT_MS = 5 * MINUTE;

export function isWriting(record: Host): boolean {
  return WRITING.includes(stageOf(record).stage) && !HAS_ENDED.test(record.status_info);
}

/** Why not to switch off, and how much of the image is written. */
export interface Busy {
  seen: string;
  percent?: number;
}

/** Of the first host of this cluster that must not be switched off. A machine that its BMC calls off writes nothing. */
export async function busyHost(context: ClusterContext, cluster: Cluster): Promise<Busy | undefined> {
  for (const record of cluster.hosts) {
    const host = context.hosts.find((one) => recordOf(one, cluster.hosts) === record);
    const name = host?.subject ?? record.requested_hostname ?? record.id;
    const busy = isWriting(record) ? writes(record, name) : mayBegin(context, record, name);
    if (busy && !(host && (await isOff(host)))) return busy;
  }
  return undefined;
}

function writes(record: Host, name: string): Busy {
  const { percent } = stageOf(record);
  const seen = GIVEN_UP.includes(record.status)
    ? `${name} was writing its disk when the service gave it up, and may still be`
    : `${name} writes its disk`;
  return { seen, ...(percent === null ? {} : { percent }) };
}

/**
 * A host that is given up before it wrote may begin to write unseen, until its agent's next call, at most a minute later,
 * is answered by `stop-installation` (§3.3). Both stamps are the service's own, so that clocks may differ.
 * One that was given up while it wrote is another matter: the order stops the installer, but nobody reports what becomes
 * of a write that is under way, so only its power can say that it is over.
 */
function mayBegin({ notes, run }: ClusterContext, record: Host, name: string): Busy | undefined {
  if (!GIVEN_UP.includes(record.status) || REBOOTED.includes(stageOf(record).stage)) return undefined;
  if (HAS_ENDED.test(record.status_info)) return undefined;
  const now = run.clock.now();
  const isTold = Date.parse(record.checked_in_at ?? '') > Date.parse(record.status_updated_at ?? '');
  const since = (notes[`${isTold ? 'told' : 'given-up'} ${record.id}`] ??= now);
  if (now - Number(since) >= (isTold ? STOPPING_MS : SILENT_MS)) return undefined;
  return { seen: isTold ? `the installer of ${name} to stop` : `${name} to hear that it is to stop` };
}

async function isOff(host: HostContext): Promise<boolean> {
  try {
    return (await (await host.bmc()).readPower()) === 'Off';
  } catch {
    return false;
  }
}
