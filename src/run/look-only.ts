/** The contexts of a run for those who only look: no journal, no lease, no media server, and no way to write. */
import { createHttpClient } from '../core/http.ts';
import type { Event, Subject } from '../core/events.ts';
import type { ClusterContext, RunContext } from '../stages/context.ts';
import { assistedOf } from './clients.ts';
import { clusterContext } from './contexts.ts';
import { foldersOf, inventoryName } from './folders.ts';
import { type LastRun, lastRun } from './last-run.ts';
import { createMemory } from './memory.ts';
import { readOnly } from './read-only.ts';
import { runContextOf } from './run-context.ts';
import { resolveSecrets } from './secrets.ts';
import type { RunRequest } from './session.ts';

export type LookRequest = Pick<
  RunRequest,
  | 'inventory'
  | 'written'
  | 'trust'
  | 'proxies'
  | 'connectTo'
  | 'clock'
  | 'env'
  | 'pins'
  | 'vouch'
  | 'protection'
  | 'replace'
  | 'target'
> & { verb: 'deploy' | 'destroy' };

export interface Looking {
  contexts: ClusterContext[];
  run: RunContext;
  last: LastRun | null;
  /** Fires when it is closed. */
  signal: AbortSignal;
  /** What was said of a subject: warnings, recoveries. */
  said(subject: Subject): string[];
  close(): Promise<void>;
}

/** An unfinished run is taken into account as the next deploy would. Throws E-PROTECTED, E-SECRET, E-JOURNAL. */
export async function openLooking(request: LookRequest): Promise<Looking> {
  const { inventory, written, clock, verb, replace } = request;
  await request.protection.refuse(inventory);
  const secretOf = await resolveSecrets(inventory, request.env);
  const last = lastRun(written.home, inventoryName(written));
  const memory = createMemory();
  if (last?.state === 'killed') {
    last.events.forEach(memory.apply);
    memory.goOn();
  }
  const heard = new Map<Subject, string[]>();
  const say = (subject: Subject, event: Event): void => {
    memory.apply({ seq: 0, at: new Date(clock.now()).toISOString(), subject, ...event });
    if ('text' in event) heard.set(subject, [...(heard.get(subject) ?? []), event.text]);
  };
  const http = readOnly(createHttpClient({ connectTo: request.connectTo ?? {} }));
  const serviceHttp = createHttpClient(request.proxies ? { proxies: request.proxies } : {});
  const { offlineToken } = inventory.service;
  const token = offlineToken && secretOf(offlineToken);
  const assisted = assistedOf(request, serviceHttp, token)(readOnly(serviceHttp));
  const run = runContextOf(request, {
    ...foldersOf(written.home, last?.state === 'killed' ? last.header.run : 'none'),
    assisted,
    http,
    serviceHttp: readOnly(serviceHttp),
    media: NO_MEDIA,
    say,
  });
  const over = new AbortController();
  const leases = { check: refuse, release: () => undefined };
  const ports = { secretOf, memory, leases, goal: verb, replace, pins: request.pins, over: over.signal };
  const contexts = inventory.clusters.map((spec) => clusterContext(run, spec, { ...ports, mayBegin: () => undefined }));
  return {
    contexts,
    run,
    last,
    signal: over.signal,
    said: (subject) => heard.get(subject) ?? [],
    close: async () => {
      over.abort(new Error('over'));
      await Promise.all([http.close(), serviceHttp.close()]);
    },
  };
}

const NO_MEDIA: RunContext['media'] = {
  prepare: () => Promise.resolve(),
  publish: () => Promise.resolve(''),
  bytesRead: () => 0,
  withdraw: () => Promise.resolve(),
};

function refuse(): never {
  throw new TypeError('a look does not write');
}
