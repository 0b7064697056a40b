/** What a cluster gives away: credentials, files, the host's ignition (assisted-service.md §1.3, §1.9, §3.6). */
import { dump } from 'js-yaml';
import { installConfig } from './install-config.ts';
import { bootstrapIgnition, machineConfigIgnition } from './manifests.ts';
import { type Call, clusterOf, hostOf } from './service.ts';
import type { Cluster, ClusterStatus } from './state.ts';
import { type Answer, Refusal } from './wire.ts';

const OPEN: readonly ClusterStatus[] = [
  'installing',
  'finalizing',
  'installed',
  'error',
  'cancelled',
  'installing-pending-user-action',
];

function checkOpen({ id, status }: Cluster): void {
  if (OPEN.includes(status)) return;
  const states = '[installing finalizing installed error adding-hosts cancelled installing-pending-user-action]';
  throw new Refusal(
    409,
    `cluster ${id} is in ${status} state, files can be downloaded only when status is one of: ${states}`,
  );
}

/** Until there is an ingress CA, `kubeconfig` is answered with the other one, under its name. */
export function downloadCredentials(call: Call): Answer {
  const cluster = clusterOf(call, false);
  checkOpen(cluster);
  const name = call.query.get('file_name') ?? '';
  if (name === 'kubeadmin-password') return { status: 200, octets: Buffer.from(cluster.kubeadminPassword), name };
  if (name === 'kubeconfig' || name === 'kubeconfig-noingress')
    return {
      status: 200,
      octets: Buffer.from(kubeconfig(cluster)),
      name: cluster.ingressCa ? name : 'kubeconfig-noingress',
    };
  throw new Refusal(
    400,
    'file_name in query should be one of [kubeadmin-password kubeconfig kubeconfig-noingress]',
    'openapi',
  );
}

function kubeconfig(cluster: Cluster): string {
  const pem = (kind: string, of: string): string =>
    Buffer.from(
      `-----BEGIN ${kind}-----\n${Buffer.from(`lab ${cluster.id} ${of}`).toString('base64')}\n-----END ${kind}-----\n`,
    ).toString('base64');
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: cluster.name,
        cluster: {
          'certificate-authority-data': pem('CERTIFICATE', 'ca'),
          server: `https://api.${cluster.name}.${cluster.baseDomain}:6443`,
        },
      },
    ],
    contexts: [{ name: 'admin', context: { cluster: cluster.name, user: 'admin' } }],
    'current-context': 'admin',
    preferences: {},
    users: [
      {
        name: 'admin',
        user: {
          'client-certificate-data': pem('CERTIFICATE', 'admin'),
          'client-key-data': pem('PRIVATE KEY', 'admin'),
        },
      },
    ],
  });
}

/** GET credentials: 409 until the console operator is available. */
export function getCredentials(call: Call): Answer {
  const cluster = clusterOf(call, false);
  if (cluster.operators.find(({ name }) => name === 'console')?.status !== 'available')
    throw new Refusal(
      409,
      "console-url isn't available yet, it will be once console operator is ready as part of cluster finalizing stage",
    );
  const url = `https://console-openshift-console.apps.${cluster.name}.${cluster.baseDomain}`;
  return { status: 200, json: { console_url: url, password: cluster.kubeadminPassword, username: 'kubeadmin' } };
}

/** GET files: the installer's ignitions, install-config and metadata; 409 for another name. */
export function downloadFile(call: Call): Answer {
  const { service } = call;
  const cluster = clusterOf(call);
  checkOpen(cluster);
  const name = call.query.get('file_name') ?? '';
  const files: Record<string, () => unknown> = {
    'bootstrap.ign': () => bootstrapIgnition(cluster),
    'master.ign': () => machineConfigIgnition(cluster, 'master'),
    'worker.ign': () => machineConfigIgnition(cluster, 'worker'),
    'metadata.json': () => ({
      clusterName: cluster.name,
      clusterID: cluster.openshiftClusterId,
      infraID: cluster.name,
    }),
    'install-config.yaml': () => installConfig(service, cluster),
  };
  const content = files[name];
  if (!content) throw new Refusal(409, `object ${cluster.id}/${name} was not found`);
  return { status: 200, octets: Buffer.from(JSON.stringify(content())), name };
}

/** GET …/infra-env/{id}/hosts/{id}/downloads/ignition: what the installer writes to the disk; only while it may be fetched. */
export function downloadHostIgnition(call: Call): Answer {
  const host = hostOf(call);
  const cluster = clusterOf({ ...call, params: { cluster_id: host.clusterId } });
  checkOpen(cluster);
  const document = machineConfigIgnition(cluster, host.role);
  return { status: 200, octets: Buffer.from(JSON.stringify(document)), name: `${host.role}-${host.id}.ign` };
}

/** Presigned URLs need S3 storage: always 400. */
export function presignClusterFile(call: Call): Answer {
  clusterOf(call);
  throw new Refusal(400, 'Failed to generate presigned URL: invalid backend');
}
