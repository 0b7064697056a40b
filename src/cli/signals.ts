/** SIGINT and SIGTERM during a run: the first one ends it in good order, the second at once, saying what is left. */
import type { Deployment } from '../run/deploy.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const EXIT_BY = { SIGINT: 130, SIGTERM: 143 } as const;

/** Returns what gives the signals back. */
export function onInterrupt(deployment: Deployment): () => void {
  let isSecond = false;
  const listen = (signal: (typeof SIGNALS)[number]): void => {
    if (!isSecond) {
      isSecond = true;
      deployment.interrupt(signal);
      return;
    }
    const left = deployment.leftNow();
    process.stderr.write(`\n${signal} again: ended at once\n${left.map((line) => `  left: ${line}\n`).join('')}`);
    // The second signal asks for an end without waiting for anything that is under way.
    process.exit(EXIT_BY[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listen);
  };
}
