/** What the API of a single-node cluster answers, cut to shape after documents of OpenShift 4.20; and a `send` that answers it. */
import { HttpError } from '../../src/core/http-error.ts';
import type { HttpRequest, Send } from '../../src/core/http.ts';
import { createClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import type { ClusterHealth } from '../../src/kube/health.ts';
import { issueClusterKeys } from '../../src/lab/certificate.ts';

export const NAME = 'api.c.example.com';
export const SERVER = `https://${NAME}:6443`;
export const keys = issueClusterKeys(NAME, createClock().now(), seededRandom('kube'));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** As the service hands it out, with what `cluster` and `user` change; undefined leaves a line out. */
export function kubeconfig(cluster: object = {}, user: object = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [
      { name: 'c', cluster: { server: SERVER, 'certificate-authority-data': base64(keys.ca), ...cluster } },
    ] as object[],
    users: [
      {
        name: 'admin',
        user: {
          'client-certificate-data': base64(keys.admin.certificate),
          'client-key-data': base64(keys.admin.privateKey),
          ...user,
        },
      },
    ],
    contexts: [{ name: 'admin', context: { cluster: 'c', user: 'admin' } }],
    'current-context': 'admin',
  };
}

export interface Item {
  metadata: { name: string };
  status?: { conditions?: object[] };
}

const condition = (type: string, status: string, reason: string, message = '') => ({ type, status, reason, message });

export const operator = (name: string, available = 'True', degraded = 'False'): Item => ({
  metadata: { name },
  status: {
    conditions: [
      condition('Degraded', degraded, degraded === 'True' ? `${name}_Broken` : 'AsExpected'),
      condition('Progressing', 'False', 'AsExpected'),
      condition('Available', available, available === 'True' ? 'AsExpected' : `${name}_Starting`),
    ],
  },
});

export const node = (name: string, ready = 'True'): Item => ({
  metadata: { name },
  status: { conditions: [condition('MemoryPressure', 'False', 'Fine'), condition('Ready', ready, 'KubeletReady')] },
});

export function documents() {
  return {
    version: {
      kind: 'ClusterVersion',
      metadata: { name: 'version', generation: 2 },
      spec: { clusterID: '6dbdb6ac-2ff5-4f45-8c1c-1c5c0c6c8e01' },
      status: {
        desired: { version: '4.20.5', image: 'quay.io/x@sha256:2' },
        history: [
          { state: 'Completed', version: '4.20.4', image: 'quay.io/x@sha256:1' },
          { state: 'Completed', version: '4.20.3', image: 'quay.io/x@sha256:0' },
        ],
        conditions: [
          condition('RetrievedUpdates', 'False', 'NoChannel'),
          condition('Available', 'True', '', 'Done applying 4.20.4'),
          condition('Failing', 'False', ''),
          condition('Progressing', 'False', '', 'Cluster version is 4.20.4'),
        ],
      },
    },
    operators: ['authentication', 'dns', 'etcd'].map((name) => operator(name)),
    nodes: [node('host-0')],
  };
}

/** `page` items at a time, whatever is asked for. */
export function apiOf(all: ReturnType<typeof documents>, page = 100) {
  const asked: HttpRequest[] = [];
  const send: Send = (request) => {
    asked.push(request);
    const { pathname, searchParams } = new URL(request.url);
    const first = Number(searchParams.get('continue') ?? 0);
    const list = (items: Item[]) => ({
      metadata: items.length > first + page ? { continue: String(first + page) } : {},
      items: items.slice(first, first + page),
    });
    const found: Record<string, object> = {
      '/apis/config.openshift.io/v1/clusterversions/version': all.version,
      '/apis/config.openshift.io/v1/clusteroperators': list(all.operators),
      '/api/v1/nodes': list(all.nodes),
    };
    const body = found[pathname];
    return Promise.resolve({ status: body ? 200 : 404, headers: {}, body: Buffer.from(JSON.stringify(body ?? {})) });
  };
  return { send, asked };
}

export const answering =
  (status: number, body = '{}'): Send =>
  () =>
    Promise.resolve({ status, headers: {}, body: Buffer.from(body) });

export const silent =
  (failure: HttpError['failure']): Send =>
  ({ url }) =>
    Promise.reject(new HttpError(failure, `GET ${url}: ${failure}`, new Error(`as Node says it: ${failure}`)));

/** What `documents` say of the cluster. */
export const WELL: ClusterHealth = {
  version: '4.20.4',
  available: true,
  progressing: null,
  nodes: [{ name: 'host-0', ready: true }],
  degraded: [],
  unavailable: [],
};
