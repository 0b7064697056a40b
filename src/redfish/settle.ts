/** A write and what became of it: state is believed, not codes (redfish.md 1.0.2). */
import type { Connection, Outcome } from './connection.ts';
import { finishTask } from './tasks.ts';
import { retryAfter } from './trouble.ts';
import { says } from './refusal.ts';
import type { Answer } from './wire.ts';

/** A write that can be sent again, and the read that tells whether its effect is there; null: nothing can tell. */
export interface Deed {
  send: (conn: Connection) => Promise<Outcome>;
  done: ((conn: Connection) => Promise<boolean>) | null;
  /** Messages that mean "not now" for this deed alone. */
  alsoBusy?: RegExp;
}

/** Message ids of a BMC or host that is busy for a while: HPE during POST, Dell before it is ready or during a job. */
const BUSY =
  /UnableToModifyDuringSystemPOST|InvalidOperationForSystemState|ServiceTemporarilyUnavailable|SYS518|RAC0679/;
const BUSY_PAUSE_MS = 10_000;
const BUSY_PATIENCE_MS = 300_000;
const SERVER_ERROR_TRIES = 3;
const SERVER_ERROR_PAUSE_MS = 3_000;
const LOST_POLL_MS = 5_000;
const LOST_PATIENCE_MS = 120_000;

/**
 * Sends until the effect is there. Null: accepted (its task ended well) or read as done; else the answer that refused.
 * An answer that never came is waited for by reading, two minutes long, and never sent again: E-BMC-UNREACH then.
 */
export async function settle(conn: Connection, deed: Deed): Promise<Answer | null> {
  const started = conn.now();
  const done = async (): Promise<boolean> => (await deed.done?.(conn)) ?? false;
  for (let serverErrors = 0; ;) {
    const outcome = await deed.send(conn);
    if ('lost' in outcome) {
      if (deed.done && (await comesTrue(conn, done))) return null;
      throw outcome.lost;
    }
    const { answer } = outcome;
    const failed = answer.status === 202 ? await finishTask(conn, answer) : answer.status < 400 ? null : answer;
    if (!failed || (failed === answer && (await done()))) return null;
    const pause = failed === answer ? pauseFor(answer, deed, serverErrors, conn.now() - started) : null;
    if (pause === null) return failed;
    if (answer.status >= 500) serverErrors++;
    await conn.sleep(pause);
    if (await done()) return null;
  }
}

function pauseFor(answer: Answer, { alsoBusy }: Deed, serverErrors: number, elapsed: number): number | null {
  if (answer.status === 429 || says(answer, BUSY) || (alsoBusy && says(answer, alsoBusy)))
    return elapsed < BUSY_PATIENCE_MS ? (retryAfter(answer.headers) ?? BUSY_PAUSE_MS) : null;
  const again = answer.status >= 500 && serverErrors + 1 < SERVER_ERROR_TRIES;
  return again ? (retryAfter(answer.headers) ?? SERVER_ERROR_PAUSE_MS) : null;
}

async function comesTrue(conn: Connection, done: () => Promise<boolean>): Promise<boolean> {
  const started = conn.now();
  for (;;) {
    if (await done()) return true;
    if (conn.now() - started >= LOST_PATIENCE_MS) return false;
    await conn.sleep(LOST_POLL_MS);
  }
}
