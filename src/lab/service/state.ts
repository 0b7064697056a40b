/**
 * The service's part of the lab's world, plain JSON. Names are the API's, `shown` writes them out; camelCase names are the
 * lab's own and never shown. Times are lab time in milliseconds, 0 = never; texts that nobody set are empty.
 */
import type { ClusterKeys } from '../certificate.ts';
import { LATEST_RELEASE } from './catalogue.ts';
import type { Host, Validations } from './host-state.ts';
import { API } from './wire.ts';

type Installing = 'installing' | 'installing-pending-user-action' | 'finalizing';
type BeforeInstall = 'pending-for-input' | 'insufficient' | 'ready' | 'preparing-for-installation';
export type ClusterStatus = BeforeInstall | Installing | 'installed' | 'error' | 'cancelled';

export interface ServiceWorld {
  clusters: Record<string, Cluster>;
  infraEnvs: Record<string, InfraEnv>;
  hosts: Record<string, Host>;
  events: ServiceEvent[];
}

/** Fields of a request that the lab keeps and shows without acting on them stand beside the named ones. */
type Accepted = Record<string, unknown>;
export type Cluster = ReturnType<typeof newCluster> & Accepted;
export type InfraEnv = ReturnType<typeof newInfraEnv> & Accepted;

/** A cluster before the values of its request. */
export function newCluster(id: string, at: number) {
  return {
    ...notInstalled(),
    kind: 'Cluster' as const,
    id,
    href: `${API}/v2/clusters/${id}`,
    name: '',
    status: 'insufficient' as ClusterStatus,
    status_info: 'Cluster is not ready for install',
    status_updated_at: at,
    created_at: at,
    updated_at: at,
    /** When something last happened to it or its hosts: the monitors' scan windows go by it. */
    triggeredAt: at,
    openshift_version: '',
    base_dns_domain: '',
    additional_ntp_source: '',
    /** Set by the user, else found when the hosts have exactly one. */
    machine_networks: [] as { cidr: string }[],
    /** Made with the password by the service's own preparation, once; they outlive a reset. */
    openshift_cluster_id: '',
    kubeadminPassword: '',
    pullSecret: '',
    manifests: [] as Manifest[],
    validations_info: null as Validations | null,
  };
}

/** What a cluster has of an installation before it began; reset goes back to it. */
export function notInstalled() {
  const silent = { status: '', status_info: '', version: '', status_updated_at: 0 };
  return {
    monitoredOperators: ['console', 'cvo'].map((name) => ({ name, ...silent })),
    install_started_at: 0,
    install_completed_at: 0,
    /** API and ingress address of the single node, set when it begins to install. */
    vip: '',
    finalizing: { finalizing_stage: '', finalizing_stage_started_at: 0 },
    ingressCa: false,
    apiKeys: null as ClusterKeys | null,
    logs_info: '',
  };
}

export interface Manifest {
  folder: string;
  file_name: string;
  /** Base64. */
  content: string;
  /** Uploaded when it was too late: kept, without effect. */
  late: boolean;
}

/** An infra-env before the values of its request: without a version, its image is of the newest release. */
export function newInfraEnv(id: string, at: number) {
  return {
    kind: 'InfraEnv' as const,
    id,
    href: `${API}/v2/infra-envs/${id}`,
    cluster_id: '',
    openshift_version: LATEST_RELEASE.version,
    ssh_authorized_key: '',
    type: 'full-iso',
    static_network_config: [] as HostNetwork[],
    kernel_arguments: [] as { operation: string; value: string }[],
    created_at: at,
    updated_at: at,
    pullSecret: '',
  };
}

export interface HostNetwork {
  network_yaml: string;
  mac_interface_map: { mac_address: string; logical_nic_name: string }[];
}

export interface ServiceEvent {
  cluster_id: string;
  host_id: string;
  infra_env_id: string;
  event_time: number;
  name: string;
  severity: 'info' | 'warning' | 'error' | 'critical';
  message: string;
}

/** The service's world before anybody called it. */
export function emptyService(): ServiceWorld {
  return { clusters: {}, infraEnvs: {}, hosts: {}, events: [] };
}
