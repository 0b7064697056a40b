/** One call of the assisted-service: address, token, repeats of what may be repeated, errors in one form. */
import type { Readable } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { HttpClient, HttpRequest, HttpStream, Trust } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { faultError, faultOf, looksLikeFault, malformed, unreachable } from './errors.ts';
import { parseJson } from './json.ts';
import { repeated } from './repeat.ts';

export interface AssistedDeps {
  /** Origin of the service, with or without a trailing slash or /api/assisted-install. */
  url: string;
  http: HttpClient;
  clock: Clock;
  trust: Trust;
  /** The access token, if the service wants one; given the one that was refused, a new one (sign-in.ts). */
  token?: (refused?: Secret) => Promise<Secret | null>;
  /** Hears of trouble that went away by itself. */
  onRecovered?: (text: string) => void;
}

export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below /api/assisted-install/v2. */
  path: string;
  body?: object | undefined;
  signal?: AbortSignal | undefined;
}

/** A GET is repeated on lost connections, 429 and 5xx; anything else on 429 and for a refused token, else it is sent once. */
export interface Transport {
  /** The JSON of a 2xx answer as `read` takes it; E-SVC-PROTO where `read` gives undefined. */
  json<T>(call: Call, read: (value: unknown) => T | undefined): Promise<T>;
  /** A download as text, sent with an Accept of everything (§1.1). */
  text(call: Call): Promise<string>;
  /** A download whose body the caller reads or destroys. */
  stream(call: Call): Promise<HttpStream>;
}

const LONGEST_FAULT = 64 * 1024;
type Sent<B> = { status: number; headers: Record<string, string>; body: B };
type Send<B> = (request: HttpRequest) => Promise<Sent<B>>;

export function createTransport(deps: AssistedDeps): Transport {
  const base = `${deps.url.replace(/(\/api\/assisted-install(\/v2)?)?\/*$/, '')}/api/assisted-install/v2`;
  const send: Send<string> = async (request) => {
    const answer = await deps.http.send(request);
    return { ...answer, body: answer.body.toString('utf8') };
  };
  const open: Send<string | Readable> = async (request) => {
    const answer = await deps.http.open(request);
    return isFine(answer.status) ? answer : { ...answer, body: await beginning(answer.body) };
  };
  const exchange = async <B>(call: Call, accept: string, sendWith: Send<B>): Promise<Sent<B>> => {
    const what = `${call.method} ${call.path.split('?')[0]}`;
    const attempt = (): Promise<Sent<B>> => authorized(deps, requestOf(deps, base, call, accept), sendWith);
    try {
      const kind = call.method === 'GET' ? 'reading' : 'writing';
      const answer = await repeated(deps.clock, kind, attempt, recovered(deps, what), call.signal);
      if (isFine(answer.status)) return answer;
      throw faultError(what, faultOf(answer.status, typeof answer.body === 'string' ? answer.body : ''));
    } catch (error) {
      call.signal?.throwIfAborted();
      throw error instanceof SnobootError ? error : unreachable(what, error);
    }
  };
  return {
    json: async (call, read) => {
      const { body } = await exchange(call, 'application/json', async (request) => unmasked(await send(request)));
      const value = read(parseJson(body));
      if (value === undefined) throw malformed(`${call.method} ${call.path}`, body);
      return value;
    },
    text: async (call) => (await exchange(call, '*/*', send)).body,
    stream: async (call) => (await exchange(call, '*/*', open)) as HttpStream,
  };
}

function recovered({ onRecovered }: AssistedDeps, what: string) {
  return (seconds: number, trouble: string) =>
    onRecovered?.(`the service answers again after ${seconds} s (${what}: ${trouble})`);
}

function requestOf(
  deps: AssistedDeps,
  base: string,
  { method, path, body, signal }: Call,
  accept: string,
): HttpRequest {
  return {
    method,
    url: base + path,
    trust: deps.trust,
    headers: { accept, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body, revealed) } : {}),
    ...(signal ? { signal } : {}),
  };
}

/** A 401 means that nothing was done, so even a POST is sent again, once, with a new token. */
async function authorized<B>({ token }: AssistedDeps, request: HttpRequest, send: Send<B>): Promise<Sent<B>> {
  const withToken = (secret: Secret | null): Promise<Sent<B>> =>
    send(
      secret ? { ...request, headers: { ...request.headers, authorization: `Bearer ${secret.reveal()}` } } : request,
    );
  const first = (await token?.()) ?? null;
  const answer = await withToken(first);
  if (answer.status !== 401 || !token || !first) return answer;
  return withToken(await token(first));
}

/** An error object that comes with 200 counts as a service in trouble. */
function unmasked(answer: Sent<string>): Sent<string> {
  return isFine(answer.status) && looksLikeFault(answer.body) ? { ...answer, status: 503 } : answer;
}

/** JSON.stringify gives a replacer what `toJSON` made; the Secret itself still stands in its holder. */
function revealed(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Secret ? original.reveal() : value;
}

function isFine(status: number): boolean {
  return status >= 200 && status < 300;
}

async function beginning(body: Readable): Promise<string> {
  let text = '';
  for await (const chunk of body as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > LONGEST_FAULT) break;
  }
  return text;
}
