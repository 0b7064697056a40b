/** A question to the person at the terminal. */
import { createInterface } from 'node:readline/promises';

/** There is one terminal: questions are asked one after the other. */
let before: Promise<unknown> = Promise.resolve();

/** True only for `yes` or `y`; false where nobody can be asked, or answers. Rejects with the reason of `signal`, which Ctrl-C is to fire. */
export function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const answer = before.then(() => askNow(question, signal));
  before = answer.catch(() => undefined);
  return answer;
}

async function askNow(question: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that is read line by line takes Ctrl-C for itself.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    terminal.close();
  }
}
