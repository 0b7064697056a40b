/** A question to the person at the terminal. */
import { createInterface } from 'node:readline/promises';

/** There is one terminal: questions are asked one after the other. */
let before: Promise<unknown> = Promise.resolve();

/** Whether somebody is there to be asked. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** True only for `yes` or `y`; false where nobody can be asked, or answers. Rejects with the reason of `signal`, which Ctrl-C is to fire. */
export async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test(await answerTo(`${question} [y/N]`, signal));
}

/** What was typed, without spaces around it; empty where nobody can be asked, or answers. Rejects as `ask` does. */
export function answerTo(question: string, signal: AbortSignal): Promise<string> {
  const answer = before.then(() => askNow(question, signal));
  before = answer.catch(() => undefined);
  return answer;
}

async function askNow(question: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  if (!isInteractive()) return '';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that is read line by line takes Ctrl-C for itself.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await terminal.question(`${question} `, { signal })).trim();
  } catch {
    signal.throwIfAborted();
    return '';
  } finally {
    terminal.close();
  }
}
