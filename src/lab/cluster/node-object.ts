/** A cluster's Node object, as its kubelet reports it. */
import { createHash } from 'node:crypto';
import { seededRandom, uuid } from '../../core/random.ts';
import { type ClusterNode, fileOf } from './node.ts';
import { condition, kubernetes, metadata, rfc3339 } from './objects.ts';

const ROLES = ['control-plane', 'master', 'worker'];

/** Control plane and worker in one; Ready once it has joined. `now` is the last heartbeat. */
export function nodeObject(node: ClusterNode, now: number) {
  const { host } = node;
  const name = fileOf(node, 'hostname').trim();
  const InternalIP = /KUBELET_NODE_IP=([^"]+)/.exec(fileOf(node, 'nodeIp'))?.[1] ?? '';
  const amounts = { cpu: String(host.cpus), memory: `${host.memoryMiB * 1024}Ki`, pods: '250' };
  const status = {
    addresses: Object.entries({ InternalIP, Hostname: name }).map(([type, address]) => ({ address, type })),
    allocatable: amounts,
    capacity: amounts,
    conditions: conditionsOf(node, now),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: nodeInfo(node),
  };
  const labels = {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...Object.fromEntries(ROLES.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
    'node.openshift.io/os_id': 'rhel',
  };
  return { metadata: { ...metadata(node, 'Node', name), labels }, spec: {}, status };
}

function conditionsOf({ system, joinedAt }: ClusterNode, now: number): object[] {
  const since = joinedAt || (system.startedAt ?? 0);
  const kubelet = (type: string, holds: boolean, reason: string, message: string): object => ({
    lastHeartbeatTime: rfc3339(now),
    ...condition(type, holds, since, { reason: `Kubelet${reason}`, message }),
  });
  return [
    kubelet('MemoryPressure', false, 'HasSufficientMemory', 'kubelet has sufficient memory available'),
    kubelet('DiskPressure', false, 'HasNoDiskPressure', 'kubelet has no disk pressure'),
    kubelet('PIDPressure', false, 'HasSufficientPID', 'kubelet has sufficient PID available'),
    joinedAt
      ? kubelet('Ready', true, 'Ready', 'kubelet is posting ready status')
      : kubelet('Ready', false, 'NotReady', 'container runtime network not ready: NetworkReady=false'),
  ];
}

function nodeInfo({ host, system, joinedAt }: ClusterNode): object {
  const { gitVersion } = kubernetes(system.openshiftVersion);
  return {
    architecture: 'amd64',
    bootID: uuid(seededRandom(`${host.id} ${joinedAt}`)),
    containerRuntimeVersion: gitVersion.replace('v', 'cri-o://'),
    kernelVersion: '5.14.0-570.78.1.el9_6.x86_64',
    kubeProxyVersion: '',
    kubeletVersion: gitVersion,
    machineID: createHash('md5').update(host.uuid).digest('hex'),
    operatingSystem: 'linux',
    osImage: `Red Hat Enterprise Linux CoreOS ${system.openshiftVersion}`,
    systemUUID: host.uuid,
  };
}
