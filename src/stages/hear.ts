/** After trouble: what service and BMC wrote down last goes into the journal, for people to read. Looks alone, and best effort. */
import { deadlineSignal } from '../core/clock.ts';
import type { HeardLine } from '../core/events.ts';
import { printable, redact } from '../core/secret.ts';
import type { ClusterContext, HostContext } from './context.ts';

/** Real milliseconds: so long is waited for all of it together. */
const REAL_PATIENCE_MS = 10_000;
const MOST_LINES = 12;
const MOST_HOSTS = 3;
const LONGEST_LINE = 300;

/** Never rejects. `hosts` are those whose BMCs are asked; `signal` ends it. */
export async function hear(cluster: ClusterContext, hosts: readonly HostContext[], signal: AbortSignal): Promise<void> {
  const { clock } = cluster.run;
  const limit = deadlineSignal(clock, REAL_PATIENCE_MS * clock.factor, () => new Error('nobody answers'), signal);
  const inTime = <T>(work: Promise<T>): Promise<T> => Promise.race([work, aborted(limit.signal)]);
  const all = [
    inTime(serviceLines(cluster, limit.signal)).then((lines) => tell(cluster, 'service', lines)),
    ...hosts
      .slice(0, MOST_HOSTS)
      .map((host) => inTime(bmcLines(host, limit.signal)).then((lines) => tell(host, 'bmc', lines))),
  ];
  await Promise.allSettled(all);
  limit.end();
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

async function serviceLines({ run, facts }: ClusterContext, signal: AbortSignal): Promise<HeardLine[]> {
  const { clusterId } = facts;
  if (typeof clusterId !== 'string') return [];
  const events = await run.assisted.events(clusterId, MOST_LINES, signal);
  return events.map(({ at, severity, message }) => ({ at, text: worded(severity, message) }));
}

async function bmcLines(host: HostContext, signal: AbortSignal): Promise<HeardLine[]> {
  const entries = await (await host.bmc()).readLog(MOST_LINES, signal);
  return entries.map(({ at, severity, text }) => ({ at, text: worded(severity, text) }));
}

/** What is as it should be is said without its severity. */
function worded(severity: string, text: string): string {
  const isFine = /^(ok|info|informational)?$/i.test(severity);
  return isFine ? text : `${severity.toLowerCase()}: ${text}`;
}

function tell({ run, subject }: ClusterContext | HostContext, from: 'service' | 'bmc', lines: HeardLine[]): void {
  const cut = lines.slice(-MOST_LINES).map(({ at, text }) => ({ at, text: printable(redact(text), LONGEST_LINE) }));
  if (cut.length > 0) run.say(subject, { type: 'heard', from, lines: cut });
}
