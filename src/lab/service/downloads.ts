/** What a cluster gives away: credentials, files, the host's ignition (assisted-service.md §1.3, §1.9, §3.6). */
import { dump } from 'js-yaml';
import { installConfig } from './for-others.ts';
import { bootstrapIgnition, machineConfigIgnition } from './manifests.ts';
import { apiName, hostIgnition, keysOf } from './node-files.ts';
import { type Call, clusterOf, hostOf, type Service } from './service.ts';
import type { Cluster } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

function checkOpen({ id, status }: Cluster): void {
  if (/^(installing.*|finalizing|installed|error|cancelled)$/.test(status)) return;
  const states = '[installing finalizing installed error adding-hosts cancelled installing-pending-user-action]';
  const why = `files can be downloaded only when status is one of: ${states}`;
  throw new Refusal(409, `cluster ${id} is in ${status} state, ${why}`);
}

/** Until there is an ingress CA, `kubeconfig` is answered with the other one, under its name. */
export function downloadCredentials(call: Call): Answer {
  const cluster = clusterOf(call);
  checkOpen(cluster);
  const name = call.query.get('file_name') ?? '';
  if (name === 'kubeadmin-password') return { status: 200, octets: cluster.kubeadminPassword, name };
  if (name === 'kubeconfig' || name === 'kubeconfig-noingress')
    return {
      status: 200,
      octets: kubeconfig(call.service, cluster),
      name: cluster.ingressCa ? name : 'kubeconfig-noingress',
    };
  const names = '[kubeadmin-password kubeconfig kubeconfig-noingress]';
  throw new Refusal(400, `file_name in query should be one of ${names}`, 'openapi');
}

function kubeconfig(service: Service, cluster: Cluster): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const { name } = cluster;
  const { ca, admin } = keysOf(service, cluster);
  const user = {
    'client-certificate-data': base64(admin.certificate),
    'client-key-data': base64(admin.privateKey),
  };
  const access = { 'certificate-authority-data': base64(ca), server: `https://${apiName(cluster)}:6443` };
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: access }],
    contexts: [{ name: 'admin', context: { cluster: name, user: 'admin' } }],
    'current-context': 'admin',
    preferences: {},
    users: [{ name: 'admin', user }],
  });
}

/** GET credentials: 409 until the console operator is available. */
export function getCredentials(call: Call): Answer {
  const cluster = clusterOf(call);
  const console = cluster.monitoredOperators.find(({ name }) => name === 'console');
  if (console?.status !== 'available') {
    const why =
      "console-url isn't available yet, it will be once console operator is ready as part of cluster finalizing stage";
    throw new Refusal(409, why);
  }
  const url = `https://console-openshift-console.apps.${cluster.name}.${cluster.base_dns_domain}`;
  return { status: 200, json: { console_url: url, password: cluster.kubeadminPassword, username: 'kubeadmin' } };
}

/** GET files: the installer's ignitions and metadata; 409 for another name. */
export function downloadFile(call: Call): Answer {
  const cluster = clusterOf(call);
  checkOpen(cluster);
  const file = call.query.get('file_name') ?? '';
  const { name, openshift_cluster_id: clusterID } = cluster;
  const files: Record<string, object> = {
    'bootstrap.ign': bootstrapIgnition(cluster),
    'master.ign': machineConfigIgnition(cluster, 'master'),
    'worker.ign': machineConfigIgnition(cluster, 'worker'),
    'install-config.yaml': installConfig(call.service, cluster),
    'metadata.json': { clusterName: name, clusterID, infraID: name },
  };
  if (!files[file]) throw new Refusal(409, `object ${cluster.id}/${file} was not found`);
  return { status: 200, octets: JSON.stringify(files[file]), name: file };
}

/** GET …/infra-env/{id}/hosts/{id}/downloads/ignition: what the installer writes to the disk; only while it may be fetched. */
export function downloadHostIgnition(call: Call): Answer {
  const host = hostOf(call);
  const cluster = clusterOf(call, host.cluster_id);
  checkOpen(cluster);
  const document = hostIgnition(call.service, cluster, host);
  return { status: 200, octets: JSON.stringify(document), name: `${host.role}-${host.id}.ign` };
}
