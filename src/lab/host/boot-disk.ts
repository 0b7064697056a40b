/** A disk that boots: an installed one brings its node up, and until the installation is over its controller reports (assisted-service.md §3.6). */
import { selfSigned } from '../certificate.ts';
import type { ClusterNode, Installed } from '../cluster/node.ts';
import { DURATIONS } from '../durations.ts';
import type { DiskContent } from '../world.ts';
import { type Call, createApi } from './api.ts';
import type { Running } from './running.ts';

/** Resolves when there is nothing left to report. */
export async function runDisk(running: Running): Promise<void> {
  const { lab, host, log, signal } = running;
  const system = host.disks.map(({ content }) => content).find(isBootable);
  if (!system) return;
  await lab.clock.sleep(DURATIONS.diskBoot, signal);
  const node = comeUp(running, system);
  log(`the node of cluster ${system.clusterId} is up`);
  if (system.finishedAt !== undefined) return;
  const api = untilTaken(running, createApi(running, system.serviceUrl, { 'X-Secret-Key': system.token }));
  const progress = `/infra-envs/${system.infraEnvId}/hosts/${system.hostId}/progress`;
  await api('PUT', progress, { current_stage: 'Joined' });
  await lab.clock.sleep(DURATIONS.join, signal);
  node.joinedAt = lab.clock.now();
  await api('PUT', progress, { current_stage: 'Done' });
  if (await untilFinalizing(running, api, system)) await finalize(running, api, system);
  system.finishedAt = lab.clock.now();
  lab.changed();
  log('the installation is over');
}

/** The node is there, and with it the cluster's own API, until the power goes. */
function comeUp({ lab, host, signal }: Running, system: Installed): ClusterNode {
  const now = lab.clock.now();
  system.startedAt ??= now;
  const node = { host, system, joinedAt: system.finishedAt === undefined ? 0 : now };
  lab.nodes.set(host.id, node);
  signal.addEventListener('abort', () => lab.nodes.delete(host.id), { once: true });
  lab.changed();
  return node;
}

/** Controller and node say again what the service did not take: it may be down for a while. */
function untilTaken({ lab, signal }: Running, call: Call): Call {
  return async (...request) => {
    for (;;) {
      const reply = await call(...request);
      if (reply.status !== 0 && reply.status < 500) return reply;
      await lab.clock.sleep(DURATIONS.controllerPoll, signal);
    }
  };
}

function isBootable(content: DiskContent): content is Installed {
  return content.kind === 'installed' && content.complete;
}

/** False when the cluster went another way. */
async function untilFinalizing({ lab, signal }: Running, api: Call, { clusterId }: Installed): Promise<boolean> {
  for (;;) {
    const { status, text } = await api('GET', `/clusters/${clusterId}`);
    const cluster = status === 200 ? (JSON.parse(text) as { status: string }) : null;
    if (cluster?.status === 'finalizing') return true;
    if (status === 404 || (cluster && /^(installed|error|cancelled)$/.test(cluster.status))) return false;
    await lab.clock.sleep(DURATIONS.controllerPoll, signal);
  }
}

async function finalize({ lab, signal }: Running, api: Call, system: Installed): Promise<void> {
  const cluster = `/clusters/${system.clusterId}`;
  const operators = await operatorsOf(api, cluster);
  const say = async (status: string, info: string): Promise<void> => {
    for (const name of operators) {
      const body = { name, status, status_info: info, version: system.openshiftVersion };
      await api('PUT', `${cluster}/monitored-operators`, body);
    }
  };
  await api('PUT', `${cluster}/progress`, { finalizing_stage: 'Waiting for cluster operators' });
  await say('progressing', 'Deploying');
  await lab.clock.sleep(DURATIONS.operators, signal);
  await say('available', 'All is well');
  await api('PUT', `${cluster}/progress`, { finalizing_stage: 'Adding router ca' });
  await lab.clock.sleep(DURATIONS.routerCa, signal);
  const { certificate } = selfSigned('ingress-operator', lab.clock.now(), lab.random);
  await api('POST', `${cluster}/uploads/ingress-cert`, certificate);
  await api('PUT', `${cluster}/logs-progress`, { logs_state: 'completed' });
  await api('POST', `${cluster}/actions/complete-installation`, { is_success: true, error_info: '' });
}

async function operatorsOf(api: Call, cluster: string): Promise<string[]> {
  const { status, text } = await api('GET', `${cluster}/monitored-operators`);
  return status === 200 ? (JSON.parse(text) as { name: string }[]).map(({ name }) => name) : [];
}
