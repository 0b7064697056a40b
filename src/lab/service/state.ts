/** The service's part of the lab's world: clusters, infra-envs, hosts and events as plain JSON. Times are lab time in milliseconds, 0 = never. */

import type { Host, UploadedLog, Validation } from './host-state.ts';

export type ClusterStatus =
  | 'pending-for-input'
  | 'insufficient'
  | 'ready'
  | 'preparing-for-installation'
  | 'installing'
  | 'installing-pending-user-action'
  | 'finalizing'
  | 'installed'
  | 'error'
  | 'cancelled';

export interface ServiceWorld {
  clusters: Record<string, Cluster>;
  infraEnvs: Record<string, InfraEnv>;
  hosts: Record<string, Host>;
  events: ServiceEvent[];
}

export interface Cluster {
  id: string;
  name: string;
  openshiftVersion: string;
  baseDomain: string;
  pullSecret: string;
  sshKey: string;
  tags: string;
  status: ClusterStatus;
  statusInfo: string;
  statusUpdatedAt: number;
  createdAt: number;
  updatedAt: number;
  /** When something last happened to it or its hosts: the monitors' scan windows go by it. */
  triggeredAt: number;
  installStartedAt: number;
  installCompletedAt: number;
  /** Set by the user, else found when the hosts have exactly one. */
  machineNetworks: string[];
  /** API and ingress address of the single node, set when it begins to install. */
  vip: string;
  /** The service's own preparation was made once; it outlives a reset. */
  prepared: boolean;
  manifests: Manifest[];
  operators: Operator[];
  finalizingStage: string;
  finalizingStageAt: number;
  ingressCa: boolean;
  openshiftClusterId: string;
  kubeadminPassword: string;
  controllerLogs: UploadedLog | null;
  logsState: string;
  validations: Validation[] | null;
  /** Accepted fields that the lab's service keeps and shows but does not act on. */
  extra: Record<string, unknown>;
}

export interface Manifest {
  folder: string;
  fileName: string;
  /** Base64. */
  content: string;
  /** Uploaded when it was too late: kept, without effect. */
  late: boolean;
}

export interface Operator {
  name: string;
  status: string;
  statusInfo: string;
  version: string;
  statusUpdatedAt: number;
}

export interface InfraEnv {
  id: string;
  clusterId: string;
  name: string;
  openshiftVersion: string;
  pullSecret: string;
  sshKey: string;
  imageType: string;
  staticNetwork: HostNetwork[];
  kernelArguments: { operation: string; value: string }[];
  createdAt: number;
  updatedAt: number;
  extra: Record<string, unknown>;
}

export interface HostNetwork {
  network_yaml: string;
  mac_interface_map: { mac_address: string; logical_nic_name: string }[];
}

export interface ServiceEvent {
  at: number;
  name: string;
  severity: 'info' | 'warning' | 'error' | 'critical';
  message: string;
  clusterId: string;
  hostId: string;
  infraEnvId: string;
}

/** The service's world before anybody called it. */
export function emptyService(): ServiceWorld {
  return { clusters: {}, infraEnvs: {}, hosts: {}, events: [] };
}
