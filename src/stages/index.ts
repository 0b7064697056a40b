/** Every stage by its name, for the run to invoke. */
import { assignHosts } from './assign-hosts.ts';
import { awaitAgent } from './await-agent.ts';
import { awaitInstalled } from './await-installed.ts';
import { awaitReady } from './await-ready.ts';
import { bootOnce } from './boot-once.ts';
import { cancelInstall } from './cancel-install.ts';
import { checkBmc } from './check-bmc.ts';
import { checkService } from './check-service.ts';
import { cleanup } from './cleanup.ts';
import { collectLogs } from './collect-logs.ts';
import type { ClusterContext, HostContext } from './context.ts';
import { createCluster } from './create-cluster.ts';
import { createInfraEnv } from './create-infra-env.ts';
import { deleteCluster } from './delete-cluster.ts';
import { downloadDiscoveryIso } from './download-iso.ts';
import { awaitDiskBoot, awaitReboot } from './host-progress.ts';
import { insertMedia } from './insert-media.ts';
import { install } from './install.ts';
import { keepMedia } from './keep-media.ts';
import { proveIso } from './prove-iso.ts';
import { bootDisk, ejectMedia } from './release-media.ts';
import { saveCredentials } from './save-credentials.ts';
import type { Stage } from './stage.ts';
import { takeDown } from './take-down.ts';
import { uploadManifests } from './upload-manifests.ts';
import { verifyCluster } from './verify-cluster.ts';

export const CLUSTER_STAGES = {
  'check-service': checkService,
  'cancel-install': cancelInstall,
  'delete-cluster': deleteCluster,
  'create-cluster': createCluster,
  'upload-manifests': uploadManifests,
  'create-infra-env': createInfraEnv,
  'download-iso': downloadDiscoveryIso,
  'prove-iso': proveIso,
  'assign-hosts': assignHosts,
  'await-ready': awaitReady,
  install,
  'await-installed': awaitInstalled,
  'save-credentials': saveCredentials,
  'verify-cluster': verifyCluster,
  'collect-logs': collectLogs,
} satisfies Record<string, Stage<ClusterContext>>;

export const HOST_STAGES = {
  'check-bmc': checkBmc,
  'take-down': takeDown,
  'insert-media': insertMedia,
  'boot-once': bootOnce,
  'await-agent': awaitAgent,
  'keep-media': keepMedia,
  'await-reboot': awaitReboot,
  'eject-media': ejectMedia,
  'await-disk-boot': awaitDiskBoot,
  'boot-disk': bootDisk,
  cleanup,
} satisfies Record<string, Stage<HostContext>>;

export type ClusterStageName = keyof typeof CLUSTER_STAGES;
export type HostStageName = keyof typeof HOST_STAGES;
