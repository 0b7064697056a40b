/** What every stage is given of a run, from what was asked for and the ports of those who act or only look. */
import type { Assisted } from '../assisted/client.ts';
import { createServiceWatch } from '../assisted/watch.ts';
import type { Clock } from '../core/clock.ts';
import type { HttpClient, Trust } from '../core/http.ts';
import type { AssistedService, Inventory } from '../inventory/types.ts';
import { askCluster } from '../kube/health.ts';
import type { RunContext } from '../stages/context.ts';
import type { Protection } from './protected-hosts.ts';
import { machinesOf } from './roll-call.ts';

const API_TIMEOUT_MS = 10_000;

interface Asked {
  inventory: Inventory & { service: AssistedService };
  clock: Clock;
  trust: Trust;
  vouch: RunContext['machines']['vouch'];
  protection: Protection;
  mayErase?: RunContext['mayErase'];
}

interface Ports extends Pick<RunContext, 'media' | 'say' | 'runDir' | 'clustersDir'> {
  http: HttpClient;
  serviceHttp: HttpClient;
  assisted: Assisted;
}

export function runContextOf(request: Asked, ports: Ports): RunContext {
  const { inventory, clock, trust } = request;
  const { http, assisted } = ports;
  return {
    ...ports,
    watch: createServiceWatch(assisted, clock),
    agentUrl: inventory.service.agentUrl ?? inventory.service.url,
    clock,
    trust,
    machines: machinesOf(request),
    askCluster: (kubeconfig, signal) =>
      askCluster({ kubeconfig, send: http.send, timeoutMs: API_TIMEOUT_MS, ...(signal ? { signal } : {}) }),
    mayErase: request.mayErase ?? (() => Promise.resolve(false)),
  };
}
