/** The host's state machine: in which status it is to be, by the rules of assisted-service.md §2.3, in their order. */
import { neededImages } from './catalogue.ts';
import { diskLabel } from './hardware.ts';
import { hasRebooted, stageOverdue } from './stages.ts';
import { type Host, type HostStatus, type Validations, WAITING } from './host-state.ts';
import { verdictOn } from './validations.ts';
import type { Seen } from './verdicts.ts';

type Next = readonly [status: HostStatus, info: string] | null;

interface Situation extends Seen {
  validations: Validations;
}

const MINUTE = 60_000;
/** Three minutes, two more for the bootstrap host: every single node (§2.5). */
const silenceLimit = (host: Host): number => (host.bootstrap ? 5 : 3) * MINUTE;
const PREPARATION_LIMIT = 17 * MINUTE;
const INSTALLING_LIMIT = 20 * MINUTE;

const READY: Next = ['known', 'Host is ready to be installed'];
const PREPARED = 'Host finished successfully to prepare for installation';
const CANNOT = 'Host cannot be installed due to following failing validation(s): ';
const MEDIA_LOST =
  'Unable to read from the discovery media. It was either disconnected or poor network conditions prevented it from being read. ' +
  'Try using the minimal ISO option and be sure to keep the media connected until the installation is completed';

/** The status that the host has to have now; null: none of the rules applies and it stays as it is. */
export function nextHostStatus(situation: Situation): Next {
  switch (situation.host.status) {
    case 'discovering':
    case 'insufficient':
    case 'pending-for-input':
    case 'known':
    case 'disconnected':
      return beforeInstall(situation);
    case 'preparing-for-installation':
    case 'preparing-successful':
    case 'preparing-failed':
      return whilePreparing(situation);
    case 'installing':
    case 'installing-in-progress':
    case 'installing-pending-user-action':
      return whileInstalling(situation);
    default:
      return null;
  }
}

const isSilent = ({ host, now }: Situation): boolean => now - host.checked_in_at > silenceLimit(host);

function beforeInstall(situation: Situation): Next {
  const { host, cluster, validations } = situation;
  if (host.media_status) return ['disconnected', MEDIA_LOST];
  if (isSilent(situation)) return ['disconnected', 'Host has stopped communicating with the installation service'];
  if (!host.inventory) return ['discovering', WAITING];
  if (host.status === 'known' && cluster.status === 'preparing-for-installation')
    return ['preparing-for-installation', PREPARED];
  const { by, tooSmall, failing } = verdictOn(validations);
  if (by === 'minimum') return ['insufficient', `Host does not meet the minimum hardware requirements: ${tooSmall}`];
  if (by === 'input') return ['pending-for-input', `Waiting for user input: ${failing}`];
  return by ? ['insufficient', CANNOT + failing] : READY;
}

function whilePreparing(situation: Situation): Next {
  const { host, cluster, validations, now } = situation;
  const lost = 'Host failed to install due to timeout while connecting to host during the preparation phase.';
  if (isSilent(situation)) return ['disconnected', lost];
  if (cluster.status === 'installing' && host.status === 'preparing-successful')
    return ['installing', 'Installation is in progress'];
  if (cluster.status !== 'preparing-for-installation') return READY;
  if (host.status !== 'preparing-for-installation') return null;
  const speed = host.disks_info[host.installation_disk_id]?.disk_speed;
  const images = neededImages(cluster.openshift_version).map((name) => host.images_status[name]?.result);
  if (speed?.exit_code) return ['insufficient', CANNOT + verdictOn(validations).failing];
  if (images.includes('failure')) {
    const why = 'Host failed to prepare for installation due to following failing validation(s): ';
    return ['preparing-failed', why + verdictOn(validations).failing];
  }
  if (speed && !images.includes(undefined)) return ['preparing-successful', PREPARED];
  if (now - host.status_updated_at <= PREPARATION_LIMIT) return null;
  const unknown = [speed ? '' : 'disk speed check', images.includes(undefined) ? 'image availability' : ''];
  const text = 'The host has encountered a preparation timeout, the following conditions failed: ';
  return ['preparing-failed', text + unknown.filter(Boolean).join(', ')];
}

function whileInstalling(situation: Situation): Next {
  const { host, cluster, now } = situation;
  if (cluster.status === 'error') return ['error', 'Host is part of a cluster that failed to install'];
  if (host.status === 'installing-pending-user-action') return null;
  const overdue = stageOverdue(host, now);
  if (host.progress.current_stage === 'Rebooting' && overdue)
    return ['installing-pending-user-action', bootAdvice(host)];
  const failed = (why: string): Next => ['error', `Host failed to install ${why}`];
  if (!hasRebooted(host)) {
    if (host.media_status) return ['error', MEDIA_LOST];
    if (host.status === 'installing' && now - host.status_updated_at > INSTALLING_LIMIT)
      return failed('due to timeout while starting installation');
    if (isSilent(situation)) return failed('due to timeout while connecting to host during the installation phase.');
  }
  if (!overdue) return null;
  return failed(`because its installation stage ${host.progress.current_stage} took longer than expected ${overdue}`);
}

const bootAdvice = (host: Host): string =>
  'Host timed out when pulling the configuration files. Verify in the host console that the host boots from the OpenShift ' +
  `installation disk ${diskLabel(host)} and has network access to the cluster API. The installation will resume after the host ` +
  'successfully boots and can access the cluster API';
