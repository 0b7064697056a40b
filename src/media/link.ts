/** A media server seen from its run: started, or found again where a former life left it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClock, deadlineSignal } from '../core/clock.ts';
import { type ErrorRecord, SnobootError } from '../core/errors.ts';
import type { HttpClient, HttpRequest, HttpStream } from '../core/http.ts';
import { type Random, token } from '../core/random.ts';
import { Secret } from '../core/secret.ts';
import type { FromMedia, MediaTable, Place, TableAnswer, ToMedia, Total } from './messages.ts';
import type { Address } from './record.ts';

export interface MediaLink {
  /** Rejects with E-MEDIA-PORT or E-MEDIA-ADDRESS; with HttpError when the server is gone. */
  put(table: MediaTable): Promise<Place[]>;
  /** Ends the server: when this resolves it listens nowhere, or does not hear. */
  end(): Promise<void>;
  /** Resolves when the server is gone, or the client was closed. */
  readonly closed: Promise<void>;
}

const ENTRY = fileURLToPath(new URL('serve.js', import.meta.url));
const KEY_BYTES = 32;
/** Real time for a server on this machine to say who it is. */
const PATIENCE_MS = 2000;

/** A new process that outlives this one; what it prints, which is nothing unless it breaks, is in `dir/media.log`. */
export async function startMediaProcess(dir: string, factor: number, random: Random): Promise<Address> {
  const keys = { token: token(random, KEY_BYTES), proof: token(random, KEY_BYTES) };
  for (const key of Object.values(keys)) new Secret(key);
  const log = join(dir, 'media.log');
  try {
    const output = openSync(log, 'a', 0o600);
    const env = { PATH: process.env['PATH'] ?? '' };
    const stdio = ['ignore' as const, output, output, 'ipc' as const];
    const child = fork(ENTRY, [], { detached: true, cwd: '/', env, execArgv: [], stdio });
    closeSync(output);
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`it ended with ${String(code)}`)));
    const told: ToMedia = { ...keys, factor };
    child.send(told);
    const [{ port }] = (await Promise.race([once(child, 'message'), ended])) as [FromMedia];
    child.disconnect();
    child.unref();
    return { ...keys, port, pid: child.pid ?? 0 };
  } catch (error) {
    const seen = `the media server does not start: ${(error as Error).message}`;
    throw new SnobootError('E-STATE', seen, `see ${log}`, error);
  }
}

/** The server at that address, which from now on is owned; null where it does not answer, or not as ours. */
export async function openLink(
  http: HttpClient,
  server: Address,
  onTotal: (total: Total) => void,
): Promise<MediaLink | null> {
  const patience = deadlineSignal(createClock(), PATIENCE_MS, () => new Error('silent'));
  const ask = (method: HttpRequest['method'], path: string, body?: string): HttpRequest => ({
    method,
    url: `http://127.0.0.1:${server.port}${path}`,
    headers: { authorization: `Bearer ${server.token}` },
    ...(body === undefined ? {} : { body }),
  });
  try {
    // No time limit: it is quiet for as long as no host reads.
    const stream = await http.open({ ...ask('GET', '/totals'), timeoutMs: 0, signal: patience.signal });
    const lines = linesOf(stream);
    const { value } = await lines.next();
    if (value === undefined || (JSON.parse(value) as { proof?: unknown }).proof !== server.proof) {
      stream.body.destroy();
      return null;
    }
    const closed = listen(lines, onTotal);
    return {
      put: async (table) => placesOf(await http.send(ask('PUT', '/table', JSON.stringify(table)))),
      end: async () => {
        const isTold = await http.send({ ...ask('DELETE', '/'), timeoutMs: PATIENCE_MS }).then(
          () => true,
          () => false,
        );
        if (isTold) await closed;
      },
      closed,
    };
  } catch {
    return null;
  } finally {
    patience.end();
  }
}

function placesOf({ body }: { body: Buffer }): Place[] {
  const answer = JSON.parse(body.toString()) as TableAnswer;
  if ('places' in answer) return answer.places;
  const { code, message, todo }: ErrorRecord = answer.error;
  throw new SnobootError(code, message, todo);
}

async function listen(lines: AsyncIterable<string>, onTotal: (total: Total) => void): Promise<void> {
  try {
    for await (const line of lines) onTotal(JSON.parse(line) as Total);
  } catch {
    // However it ended, it is gone.
  }
}

async function* linesOf({ body }: HttpStream): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of body.setEncoding('utf8')) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  return undefined;
}
