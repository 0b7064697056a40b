/** What makes a host a node of its cluster: keys, name, address and version, in the ignition that its disk gets. */
import { type ClusterKeys, issueClusterKeys } from '../certificate.ts';
import { NODE_FILES } from '../cluster/node.ts';
import { minor } from './catalogue.ts';
import type { Host } from './host-state.ts';
import type { IgnitionDocument, IgnitionFile } from './ignition-types.ts';
import { machineConfigIgnition } from './manifests.ts';
import { hostName, now, type Service } from './service.ts';
import type { Cluster } from './state.ts';

/** The DNS name of the cluster's API. */
export const apiName = ({ name, base_dns_domain: domain }: Cluster): string => `api.${name}.${domain}`;

/** The cluster's keys, made when they are first asked for. */
export function keysOf(service: Service, cluster: Cluster): ClusterKeys {
  if (cluster.apiKeys) return cluster.apiKeys;
  service.lab.changed();
  return (cluster.apiKeys = issueClusterKeys(apiName(cluster), now(service), service.lab.random));
}

/** The files of the host's role, and those that this host alone gets. */
export function hostIgnition(service: Service, cluster: Cluster, host: Host): IgnitionDocument {
  const { ca, server } = keysOf(service, cluster);
  const texts: Record<keyof typeof NODE_FILES, string> = {
    hostname: `${hostName(host)}\n`,
    certificate: server.certificate,
    privateKey: server.privateKey,
    clientCa: ca,
    clusterVersion: JSON.stringify(firstVersion(cluster)),
    nodeIp: `[Service]\nEnvironment="KUBELET_NODE_IP=${cluster.vip}" "KUBELET_NODE_IPS=${cluster.vip}"\n`,
  };
  const files = (Object.keys(texts) as (keyof typeof NODE_FILES)[]).map((file): IgnitionFile => {
    const source = `data:text/plain;charset=utf-8;base64,${Buffer.from(texts[file]).toString('base64')}`;
    return { path: NODE_FILES[file], contents: { source } };
  });
  const document = machineConfigIgnition(cluster, host.role);
  return { ...document, storage: { ...document.storage, files: [...document.storage.files, ...files] } };
}

function firstVersion({ openshift_version: version, openshift_cluster_id: clusterID }: Cluster): object {
  const spec = { channel: `stable-${minor(version)}`, clusterID };
  return { apiVersion: 'config.openshift.io/v1', kind: 'ClusterVersion', metadata: { name: 'version' }, spec };
}
