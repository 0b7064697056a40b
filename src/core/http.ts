/** HTTP as a port: one request, one whole answer, with caps. It and http-agent.ts are the only files that know undici. */
import type { Readable } from 'node:stream';
import { type Dispatcher, request as undiciRequest } from 'undici';
import { SnobootError } from './errors.ts';
import { checked, type ConnectTo, createAgent, createProxyAgent, type Trust } from './http-agent.ts';
import { asHttpError, HttpError } from './http-error.ts';
import type { Proxies } from './proxy.ts';

export type { Trust } from './http-agent.ts';

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  trust?: Trust;
  /** Real milliseconds for the whole exchange; default 60,000. */
  timeoutMs?: number;
  /** Longest body that is read, in bytes; default 16 MiB. */
  maxBytes?: number;
  signal?: AbortSignal;
  /** Called when the connection stands, right before anything is sent. What it throws is what the request ends with, unsent. */
  lastCheck?: () => void;
}

/** Whether it changes nothing where it is sent. */
export function isReading({ method }: Pick<HttpRequest, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD';
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; repeated headers joined with a comma. */
  headers: Record<string, string>;
  body: Buffer;
}

export type HttpStream = Omit<HttpResponse, 'body'> & { body: Readable };

/** Sends one request and reads the whole answer. Any status resolves; HttpError when no whole answer came. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpClient {
  send: Send;
  /** As `send`, but the body is left to the caller, who must read or destroy it. `timeoutMs` bounds the headers and each pause. */
  open(request: HttpRequest): Promise<HttpStream>;
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** undici 7 throws past every catch when a connection ends while its parser is paused (nodejs/undici#5360): never pause it. */
const NEVER_PAUSED = 2 ** 40;

interface HttpOptions {
  connectTo?: ConnectTo;
  /** Left out: none, whatever the environment says. Requests that pin a certificate never pass one. */
  proxies?: Proxies;
}

/** A client with at most two connections per origin, not kept alive: BMCs reset what is kept (redfish.md 2.2). */
export function createHttpClient({ connectTo = {}, proxies = () => null }: HttpOptions = {}): HttpClient {
  const agents = new Map<string, Dispatcher>();
  const agentFor = (trust: Trust, url: string): Dispatcher => {
    const proxy = trust.kind === 'pin' ? null : proxies(url);
    const key = JSON.stringify([trust, proxy?.uri]);
    const made = (): Dispatcher =>
      proxy && trust.kind !== 'pin' ? createProxyAgent(trust, proxy) : createAgent(trust, connectTo);
    const agent = agents.get(key) ?? made();
    agents.set(key, agent);
    return agent;
  };
  const open = async (req: HttpRequest, bodyTimeout: number): Promise<HttpStream> => {
    const agent = agentFor(req.trust ?? { kind: 'verify' }, req.url);
    try {
      const answer = await undiciRequest(req.url, {
        method: req.method as Dispatcher.HttpMethod,
        dispatcher: req.lastCheck ? checked(agent, req.lastCheck) : agent,
        headers: req.headers ?? {},
        ...(req.body === undefined ? {} : { body: req.body }),
        headersTimeout: req.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        bodyTimeout,
        highWaterMark: NEVER_PAUSED,
        ...(req.signal ? { signal: req.signal } : {}),
      });
      return { status: answer.statusCode, headers: flatten(answer.headers), body: answer.body };
    } catch (error) {
      throw error instanceof SnobootError ? error : asHttpError(error, where(req), req.signal?.aborted ?? false);
    }
  };
  return {
    open: (req) => open(req, req.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    send: async (req) => {
      const limit = AbortSignal.timeout(req.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      const signal = req.signal ? AbortSignal.any([req.signal, limit]) : limit;
      const answer = await open({ ...req, signal }, 0);
      return { ...answer, body: await readAll(answer.body, req) };
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

async function readAll(body: Readable, req: HttpRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const limit = req.maxBytes ?? DEFAULT_MAX_BYTES;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new HttpError('too-large', `${where(req)}: answer longer than ${limit} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw asHttpError(error, where(req), req.signal?.aborted ?? false);
  }
  return Buffer.concat(chunks);
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}

/** Method and origin with path, without user, password and query. */
function where(req: HttpRequest): string {
  const url = new URL(req.url);
  return `${req.method} ${url.origin}${url.pathname}`;
}
