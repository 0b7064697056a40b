/** The service as one that can be away: whether it lives, what it answers instead of its own, and what it has forgotten. */
import type { Lab } from '../context.ts';
import { hostsOf, now, recordEffect, type Service } from './service.ts';
import type { Cluster } from './state.ts';
import type { Answer } from './wire.ts';

const EVERYWHERE = 'service';

/**
 * False while the service is down: nobody is answered and no monitor runs. The time that it was down counts for none of
 * its limits, as if its machine had been asleep; what the real one does to the hosts that it had not heard of is unknown.
 */
export function isAlive(service: Service): boolean {
  const alive = service.lab.faults.at('service.alive', EVERYWHERE, true);
  if (!alive) service.downSince ??= now(service);
  else if (service.downSince !== null) wakeUp(service, service.downSince);
  return alive;
}

function wakeUp(service: Service, since: number): void {
  const gap = now(service) - since;
  service.downSince = null;
  const { clusters, hosts } = service.world;
  for (const item of [...Object.values(clusters), ...Object.values(hosts)]) item.status_updated_at += gap;
  for (const host of Object.values(hosts)) {
    host.checked_in_at += gap;
    host.progress = {
      ...host.progress,
      stage_started_at: host.progress.stage_started_at && host.progress.stage_started_at + gap,
      stage_updated_at: host.progress.stage_updated_at && host.progress.stage_updated_at + gap,
    };
  }
}

/** What a call gets before it is looked at, or (`done`) in place of its own answer; `none`: the connection ends. Null: nothing. */
export function answerInstead(
  lab: Lab,
  method: string,
  path: string,
  done?: { cluster: string },
): Answer | 'none' | null {
  const asked = { method, path, done: done !== undefined, answer: null };
  const { answer } = lab.faults.at('service.answer', done?.cluster ?? EVERYWHERE, asked);
  if (answer === null || answer === 'none') return answer;
  return { status: answer.status, headers: answer.headers, json: answer.body };
}

/** Deletes what the service's own clean-up has taken: an installed cluster that nobody touched for long, with all that belongs to it (§2.5). */
export function forget(service: Service, cluster: Cluster): void {
  if (cluster.status !== 'installed') return;
  if (service.lab.faults.at('service.remembers', cluster.name, true)) return;
  const { world } = service;
  for (const host of hostsOf(service, cluster)) Reflect.deleteProperty(world.hosts, host.id);
  for (const infraEnv of Object.values(world.infraEnvs))
    if (infraEnv.cluster_id === cluster.id) Reflect.deleteProperty(world.infraEnvs, infraEnv.id);
  Reflect.deleteProperty(world.clusters, cluster.id);
  recordEffect(service, 'forget', { cluster: cluster.name });
}
