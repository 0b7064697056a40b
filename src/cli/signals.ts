/** SIGINT, SIGTERM and SIGHUP: the first one ends the run in good order, another at once, saying what is left. */
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { createClock } from '../core/clock.ts';
import { EXIT, SnobootError } from '../core/errors.ts';
import type { Deployment } from '../run/deploy.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const EXIT_BY = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.interrupted } as const;

/** Within so short a time the same signal is the same one: npx hands on what the terminal has sent, `timeout` sends it to the whole group too. */
const ECHO_MS = 150;

export interface Interrupts {
  /** The exit code that the first signal asks for, once it has come. */
  exitCode(): number | undefined;
  /** Resolves at the first signal. */
  readonly first: Promise<void>;
  /** Fires at the first signal that comes before there is a deployment. */
  readonly signal: AbortSignal;
  /** From now on a signal is the deployment's business; one that has come already is handed on. */
  handTo(deployment: Deployment): void;
  /** The deployment is over: what is left to do is short and is waited for. */
  takeBack(): void;
  /** Gives the signals back. */
  release(): void;
}

/** Catches the signals from now on, before there is anything to interrupt. */
export function catchInterrupts(): Interrupts {
  const clock = createClock();
  let signal: (typeof SIGNALS)[number] | undefined;
  let echoesUntil = 0;
  let deployment: Deployment | undefined;
  let tell = (): void => undefined;
  const beforehand = new AbortController();
  const first = new Promise<void>((resolve) => (tell = resolve));
  const listen = (received: (typeof SIGNALS)[number]): void => {
    if (signal === undefined) {
      signal = received;
      echoesUntil = clock.now() + ECHO_MS;
      tell();
      if (deployment) deployment.interrupt(received);
      else beforehand.abort(interrupted());
    } else if (!isEcho(received)) endNow(received, deployment);
  };
  // A terminal that closes says so twice, by its shell and by itself: no SIGHUP ends anything at once.
  const isEcho = (received: string): boolean =>
    received === 'SIGHUP' || (received === signal && clock.now() < echoesUntil);
  for (const name of SIGNALS) process.on(name, listen);
  outliveTerminal();
  return {
    first,
    signal: beforehand.signal,
    exitCode: () => (signal === undefined ? undefined : EXIT_BY[signal]),
    handTo: (given) => {
      deployment = given;
      if (signal !== undefined) given.interrupt(signal);
    },
    takeBack: () => (deployment = undefined),
    release: () => SIGNALS.forEach((name) => process.off(name, listen)),
  };
}

/** Node aborts at its exit where it cannot give a terminal its settings back, because that was closed meanwhile. */
function outliveTerminal(): void {
  const terminals = [0, 1, 2].filter(isatty);
  process.once('exit', () => terminals.filter((fd) => !isatty(fd)).forEach((fd) => closeSync(fd)));
}

function interrupted(): SnobootError {
  return new SnobootError('E-INTERRUPTED', 'interrupted before the run began', 'start it again');
}

/** Asked for twice: an end without waiting for anything that is under way. */
function endNow(signal: keyof typeof EXIT_BY, deployment: Deployment | undefined): never {
  const left = deployment?.leftNow() ?? [];
  process.stderr.write(`\n${signal} again: ended at once\n${left.map((line) => `  left: ${line}\n`).join('')}`);
  process.exit(EXIT_BY[signal]);
}
