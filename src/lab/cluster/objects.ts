/** The objects in which a cluster tells of its health: ClusterVersion and ClusterOperators. They follow from the node that is up. */
import { createHash } from 'node:crypto';
import { seededRandom, uuid } from '../../core/random.ts';
import { type ClusterNode, fileOf } from './node.ts';

const OPERATORS =
  'authentication baremetal cloud-controller-manager cloud-credential cluster-autoscaler config-operator console ' +
  'control-plane-machine-set csi-snapshot-controller dns etcd image-registry ingress insights kube-apiserver ' +
  'kube-controller-manager kube-scheduler kube-storage-version-migrator machine-api machine-approver machine-config ' +
  'marketplace monitoring network node-tuning olm openshift-apiserver openshift-controller-manager openshift-samples ' +
  'operator-lifecycle-manager operator-lifecycle-manager-catalog operator-lifecycle-manager-packageserver service-ca storage';
/** They come last, while the installation is being finalized. */
const LATE = ['authentication', 'console', 'ingress', 'monitoring'];

export const rfc3339 = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Said {
  reason?: string;
  message?: string;
}

export function condition(type: string, holds: boolean, since: number, said: Said = {}): object {
  return { lastTransitionTime: rfc3339(since), ...said, status: holds ? 'True' : 'False', type };
}

export function metadata({ system }: ClusterNode, kind: string, name: string) {
  const uid = uuid(seededRandom(`${system.clusterId} ${kind} ${name}`));
  const creationTimestamp = rfc3339(system.startedAt ?? 0);
  return { creationTimestamp, generation: 1, name, resourceVersion: String(parseInt(uid.slice(0, 4), 16)), uid };
}

/** Kubernetes 1.33 is in OpenShift 4.20. */
export function kubernetes(openshift: string): { minor: string; gitVersion: string } {
  const minor = String(Number(openshift.split('.')[1]) + 13);
  return { minor, gitVersion: `v1.${minor}.6` };
}

/** What /version shows. */
export function kubernetesVersion(openshift: string): object {
  const { minor, gitVersion } = kubernetes(openshift);
  const build = { gitCommit: hash(openshift).slice(0, 40), gitTreeState: 'clean', buildDate: '2026-01-13T04:21:29Z' };
  return { major: '1', minor, gitVersion, ...build, goVersion: 'go1.24.11', compiler: 'gc', platform: 'linux/amd64' };
}

/** Available once the controller has finished. */
export function clusterVersion(node: ClusterNode) {
  const { startedAt = 0, finishedAt, openshiftVersion: version } = node.system;
  const done = finishedAt !== undefined;
  const since = finishedAt ?? startedAt;
  const image = `quay.io/openshift-release-dev/ocp-release@sha256:${hash(version)}`;
  const working = `Working towards ${version}: 745 of 906 done (82% complete), waiting on ${LATE.join(', ')}`;
  const progress = done
    ? { message: `Cluster version is ${version}` }
    : { reason: 'ClusterOperatorsUpdating', message: working };
  const { spec } = JSON.parse(fileOf(node, 'clusterVersion')) as { spec: object };
  const conditions = [
    condition('RetrievedUpdates', false, startedAt, {
      reason: 'RemoteFailed',
      message: 'Unable to retrieve available updates',
    }),
    condition('ImplicitlyEnabledCapabilities', false, startedAt, {
      reason: 'AsExpected',
      message: 'Capabilities match configured spec',
    }),
    condition('ReleaseAccepted', true, startedAt, {
      reason: 'PayloadLoaded',
      message: `Payload loaded version="${version}" image="${image}" architecture="amd64"`,
    }),
    condition('Available', done, since, done ? { message: `Done applying ${version}` } : {}),
    condition('Failing', false, since),
    condition('Progressing', !done, since, progress),
  ];
  const entry = {
    completionTime: done ? rfc3339(finishedAt) : null,
    image,
    startedTime: rfc3339(startedAt),
    state: done ? 'Completed' : 'Partial',
    verified: false,
    version,
  };
  const status = { availableUpdates: null, conditions, desired: { image, version }, history: [entry] };
  return {
    metadata: metadata(node, 'ClusterVersion', 'version'),
    spec,
    status: { ...status, observedGeneration: 1, versionHash: hash(image).slice(0, 11) },
  };
}

/** None is degraded; the late ones progress until the controller has finished. */
export function clusterOperators(node: ClusterNode) {
  const { startedAt = 0, finishedAt, openshiftVersion: version } = node.system;
  return OPERATORS.split(' ').map((name) => {
    const late = LATE.includes(name);
    const done = !late || finishedAt !== undefined;
    const since = late ? (finishedAt ?? startedAt) : startedAt;
    const asExpected = { reason: 'AsExpected', message: 'All is well' };
    const deploying = { reason: 'Deploying', message: `Deploying ${name} ${version}` };
    const conditions = [
      condition('Degraded', false, startedAt, asExpected),
      condition('Progressing', !done, since, done ? asExpected : deploying),
      condition('Available', done, since, done ? asExpected : deploying),
      condition('Upgradeable', true, startedAt, asExpected),
    ];
    const versions = done ? [{ name: 'operator', version }] : [];
    const status = { conditions, extension: null, relatedObjects: [], versions };
    return { metadata: metadata(node, 'ClusterOperator', name), spec: {}, status };
  });
}
