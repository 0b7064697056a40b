/** A 202 is a promise: its task is polled to the end. No public client does that (redfish.md 1.6). */
import type { Connection } from './connection.ts';
import { asDoc, type Answer, type Doc, linkOf, realText } from './wire.ts';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 10_000;
const PATIENCE_MS = 600_000;
const RUNNING = /^(New|Starting|Running|Pending|Stopping|Cancelling|Service|Suspended|Interrupted)$/;

/**
 * Polls what a 202 points to until it ended. Returns null when it ended well, or was not heard of again (the caller
 * reads the resource anyway), and the last answer when it ended badly or did not end within ten minutes.
 */
export async function finishTask(conn: Connection, accepted: Answer): Promise<Answer | null> {
  const path = taskOf(accepted);
  if (!path) return null;
  const started = conn.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    await conn.sleep(pause);
    const answer = await conn.ask(path);
    const ended = verdict(answer);
    if (ended !== 'running') return ended === 'good' ? null : answer;
    if (conn.now() - started > PATIENCE_MS) return answer;
  }
}

/** The task itself before its monitor: reading the monitor of a finished task deletes it on Lenovo (redfish.md 2.4). */
function taskOf({ doc, headers }: Answer): string | null {
  const body = asDoc(doc);
  const own = String(body['@odata.type']).startsWith('#Task') ? linkOf(body) : null;
  return own ?? realText(headers['location']) ?? linkOf(body) ?? linkOf(body['TaskMonitor']);
}

function verdict({ status, doc }: Answer): 'running' | 'good' | 'bad' {
  if (status === 404 || status === 410) return 'good';
  const state = doc?.['TaskState'];
  if (typeof state === 'string') return stateVerdict(state, asDoc(doc));
  if (status === 202) return 'running';
  return status < 400 ? 'good' : 'bad';
}

function stateVerdict(state: string, task: Doc): 'running' | 'good' | 'bad' {
  if (RUNNING.test(state)) return 'running';
  return state === 'Completed' && task['TaskStatus'] !== 'Critical' ? 'good' : 'bad';
}
