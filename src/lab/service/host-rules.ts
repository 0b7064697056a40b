/** The host's state machine: in which status it is to be, by the rules of assisted-service.md §2.3, in their order. */
import { neededImages } from './catalogue.ts';
import { diskLabel } from './hardware.ts';
import { BLOCKING, MINIMUM } from './blocking.ts';
import { hasRebooted, stageOverdue } from './stages.ts';
import type { Host, HostStatus, Validation } from './host-state.ts';
import type { Cluster } from './state.ts';

export type Next = readonly [status: HostStatus, info: string] | null;

interface Situation {
  host: Host;
  cluster: Cluster;
  validations: Validation[];
  now: number;
}

const MINUTE = 60_000;
/** Three minutes, two more for the bootstrap host: every single node (§2.5). */
const silenceLimit = (host: Host): number => (host.bootstrap ? 5 : 3) * MINUTE;
const PREPARATION_LIMIT = 17 * MINUTE;
const INSTALLING_LIMIT = 20 * MINUTE;

const READY: Next = ['known', 'Host is ready to be installed'];
const PREPARED = 'Host finished successfully to prepare for installation';
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

function isSilent({ host, now }: Situation): boolean {
  return now - host.checkedInAt > silenceLimit(host);
}

const messages = (validations: Validation[], ids?: ReadonlySet<string>): string =>
  validations
    .filter(({ id, status }) => (status === 'failure' || status === 'error') && (ids?.has(id) ?? true))
    .map(({ message }) => message)
    .join(' ; ');

function beforeInstall(situation: Situation): Next {
  const { host, cluster, validations } = situation;
  if (host.mediaDisconnected) return ['disconnected', MEDIA_LOST];
  if (isSilent(situation)) return ['disconnected', 'Host has stopped communicating with the installation service'];
  if (!host.inventory) return ['discovering', 'Waiting for host to send hardware details'];
  if (host.status === 'known' && cluster.status === 'preparing-for-installation')
    return ['preparing-for-installation', PREPARED];
  const tooSmall = messages(validations, MINIMUM);
  if (tooSmall) return ['insufficient', `Host does not meet the minimum hardware requirements: ${tooSmall}`];
  if (validations.some(({ id, status }) => BLOCKING.has(id) && status !== 'success'))
    return [
      'insufficient',
      `Host cannot be installed due to following failing validation(s): ${messages(validations)}`,
    ];
  return READY;
}

function whilePreparing(situation: Situation): Next {
  const { host, cluster, validations, now } = situation;
  if (isSilent(situation))
    return [
      'disconnected',
      'Host failed to install due to timeout while connecting to host during the preparation phase.',
    ];
  if (cluster.status === 'installing' && host.status === 'preparing-successful')
    return ['installing', 'Installation is in progress'];
  if (cluster.status !== 'preparing-for-installation') return READY;
  if (host.status !== 'preparing-for-installation') return null;
  const speed = host.diskSpeed[host.installationDiskId];
  if (speed?.exitCode)
    return [
      'insufficient',
      `Host cannot be installed due to following failing validation(s): ${messages(validations)}`,
    ];
  const images = neededImages(cluster.openshiftVersion).map((name) => host.images[name]?.result);
  if (images.includes('failure'))
    return [
      'preparing-failed',
      `Host failed to prepare for installation due to following failing validation(s): ${messages(validations)}`,
    ];
  if (speed && !images.includes(undefined)) return ['preparing-successful', PREPARED];
  if (now - host.statusUpdatedAt <= PREPARATION_LIMIT) return null;
  const unknown = [
    ...(speed ? [] : ['disk speed check']),
    ...(images.includes(undefined) ? ['image availability'] : []),
  ];
  const text = 'The host has encountered a preparation timeout, the following conditions failed: ';
  return ['preparing-failed', text + unknown.join(', ')];
}

function whileInstalling(situation: Situation): Next {
  const { host, cluster, now } = situation;
  if (cluster.status === 'error') return ['error', 'Host is part of a cluster that failed to install'];
  if (host.status === 'installing-pending-user-action' || hasRebooted(host)) return rebooted(host, now);
  if (host.mediaDisconnected) return ['error', MEDIA_LOST];
  if (host.status === 'installing' && now - host.statusUpdatedAt > INSTALLING_LIMIT)
    return ['error', 'Host failed to install due to timeout while starting installation'];
  if (isSilent(situation))
    return ['error', 'Host failed to install due to timeout while connecting to host during the installation phase.'];
  return stageFailure(host, now);
}

/** From `Rebooting` on nothing is heard of the host until it has joined: only the stage's own limit counts. */
function rebooted(host: Host, now: number): Next {
  if (host.status === 'installing-pending-user-action') return null;
  if (host.stage !== 'Rebooting' || !stageOverdue(host, now)) return stageFailure(host, now);
  return [
    'installing-pending-user-action',
    'Host timed out when pulling the configuration files. Verify in the host console that the host boots from the OpenShift ' +
      `installation disk ${diskLabel(host)} and has network access to the cluster API. The installation will resume after the host ` +
      'successfully boots and can access the cluster API',
  ];
}

function stageFailure(host: Host, now: number): Next {
  const limit = stageOverdue(host, now);
  if (!limit) return null;
  return [
    'error',
    `Host failed to install because its installation stage ${host.stage} took longer than expected ${limit}`,
  ];
}
