/** A node that is up, and the files on its disk that make it one: the service writes them into the host's ignition, nothing else brings them. */
import type { DiskContent, LabHost } from '../world.ts';

export type Installed = Extract<DiskContent, { kind: 'installed' }>;

export interface ClusterNode {
  host: LabHost;
  system: Installed;
  /** Lab time at which its kubelet was ready, 0 until then. */
  joinedAt: number;
}

const CERTS = '/etc/kubernetes/static-pod-resources/kube-apiserver-certs';

export const NODE_FILES = {
  hostname: '/etc/hostname',
  /** PEM; an installed disk without this one serves no API. */
  certificate: `${CERTS}/secrets/external-loadbalancer-serving-certkey/tls.crt`,
  privateKey: `${CERTS}/secrets/external-loadbalancer-serving-certkey/tls.key`,
  /** PEM: who issues the certificates of clients. */
  clientCa: `${CERTS}/configmaps/client-ca/ca-bundle.crt`,
  /** The ClusterVersion to begin with, as JSON; its spec stays. */
  clusterVersion: '/opt/openshift/manifests/cvo-overrides.yaml',
  /** A systemd drop-in with KUBELET_NODE_IP. */
  nodeIp: '/etc/systemd/system/kubelet.service.d/20-nodenet.conf',
} as const;

/** The file's text, '' where it is missing. */
export function fileOf({ system }: ClusterNode, file: keyof typeof NODE_FILES): string {
  return system.files[NODE_FILES[file]] ?? '';
}
