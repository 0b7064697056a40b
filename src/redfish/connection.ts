/** A BMC as one asks it: one request in flight, reads repeated until they succeed, writes never repeated unseen. */
import type { Clock } from '../core/clock.ts';
import { HttpError } from '../core/http-error.ts';
import type { SnobootError } from '../core/errors.ts';
import type { Asked, Exchange } from './exchange.ts';
import { refused } from './refusal.ts';
import { lost, nextPause, type Trouble, troubleWith } from './trouble.ts';
import type { Answer, Doc } from './wire.ts';

/** What came of a write. `lost`: nobody knows whether it was done, so it must be settled by reading. */
export type Outcome = { answer: Answer } | { lost: SnobootError };

export type Read = Answer & { doc: Doc };

export interface Connection {
  /** A document. E-BMC-REFUSED for 4xx, and what `ask` throws. */
  get(path: string): Promise<Read>;
  /** As `get`, or null for 404: a link that leads nowhere. */
  find(path: string): Promise<Read | null>;
  /** Any answer below 500. E-BMC-UNREACH, -PROTO or -REFUSED when patience ended; see trouble.ts. */
  ask(path: string, options?: { bare: boolean }): Promise<Answer>;
  /** POST or PATCH, sent once, or again only while nobody took the connection. */
  write(method: 'POST' | 'PATCH', path: string, body?: unknown, ifMatch?: string): Promise<Outcome>;
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface ConnectionPorts {
  origin: string;
  exchange: Exchange;
  clock: Clock;
  signal?: AbortSignal | undefined;
  onRecovered?: ((text: string) => void) | undefined;
}

export function createConnection(ports: ConnectionPorts): Connection {
  const { clock, signal } = ports;
  const ask: Connection['ask'] = async (path, options) => {
    const outcome = await persist(ports, { method: 'GET', path, ...options });
    if ('lost' in outcome) throw outcome.lost;
    return outcome.answer;
  };
  const find: Connection['find'] = async (path) => {
    const answer = await ask(path);
    if (answer.status === 404) return null;
    if (answer.status !== 200 || !answer.doc) throw refused(answer, `show ${path}`);
    return { ...answer, doc: answer.doc };
  };
  return {
    ask,
    find,
    get: async (path) => {
      const read = await find(path);
      if (read) return read;
      throw refused({ status: 404, headers: {}, doc: null, text: 'not found', path }, `show ${path}`);
    },
    write: (method, path, body, ifMatch) =>
      persist(ports, { method, path, body, ...(ifMatch === undefined ? {} : { ifMatch }) }),
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms, signal),
  };
}

/** Asks again while that is safe and there is patience left. */
async function persist(ports: ConnectionPorts, asked: Asked): Promise<Outcome> {
  const { clock, signal } = ports;
  const started = clock.now();
  const troubles: Trouble[] = [];
  for (;;) {
    const result = await attempt(ports, asked);
    if (!('kind' in result)) {
      told(ports, asked, troubles);
      return { answer: result };
    }
    troubles.push(result);
    const safe = asked.method === 'GET' || result.kind === 'unsent';
    const pause = safe ? nextPause(troubles, clock.now() - started) : null;
    if (pause === null) return { lost: result.error };
    await clock.sleep(pause, signal);
  }
}

async function attempt({ exchange, origin, signal }: ConnectionPorts, asked: Asked): Promise<Answer | Trouble> {
  signal?.throwIfAborted();
  try {
    const answer = await exchange(signal ? { ...asked, signal } : asked);
    return (asked.method === 'GET' && troubleWith(answer, `read ${asked.path}`)) || answer;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof HttpError)) throw error;
    return lost(error, origin);
  }
}

function told({ onRecovered }: ConnectionPorts, asked: Asked, troubles: readonly Trouble[]): void {
  const last = troubles.at(-1);
  if (last) onRecovered?.(`BMC answered ${asked.method} ${asked.path} after ${troubles.length} tries: ${last.seen}`);
}

/** Lets one request at a time through: BMCs reset or refuse a second one (redfish.md 1.0.6). */
export function oneAtATime(exchange: Exchange): Exchange {
  let tail: Promise<unknown> = Promise.resolve();
  return (asked) => {
    const turn = tail.then(() => exchange(asked));
    tail = turn.catch(() => undefined);
    return turn;
  };
}
