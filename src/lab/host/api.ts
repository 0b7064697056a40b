/** The service's REST interface as agent, installer and controller use it. */
import type { HttpRequest } from '../../core/http.ts';
import { DURATIONS } from '../durations.ts';
import type { Running } from './running.ts';

export interface Reply {
  /** 0: no answer came. */
  status: number;
  text: string;
}

/** `path` is below /api/assisted-install/v2. Never throws but when the machine's power is cut. */
export type Call = (
  method: HttpRequest['method'],
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

const REAL_TIMEOUT_MS = 20_000;

/**
 * A Buffer is sent as it is, anything else as JSON. What meets a service that is lost, busy or broken is sent up to `tries`
 * times: the controller on a node never gives up.
 */
export function createApi(running: Running, base: string, own: Record<string, string>, tries = Infinity): Call {
  const once = onceAt(running, base, own);
  return async (...call) => {
    for (let left = tries; ; left--) {
      const reply = await once(...call);
      if (left <= 1 || !(reply.status === 0 || reply.status === 429 || reply.status >= 500)) return reply;
      await running.lab.clock.sleep(DURATIONS.apiRetry, running.signal);
    }
  };
}

function onceAt({ lab, log, signal }: Running, base: string, own: Record<string, string>): Call {
  return async (method, path, body, headers) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    try {
      const answer = await lab.send({
        method,
        url: `${base}/api/assisted-install/v2${path}`,
        headers: { accept: '*/*', ...json, ...own, ...headers },
        ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
        timeoutMs: REAL_TIMEOUT_MS,
        trust: { kind: 'insecure' },
        signal,
      });
      if (answer.status >= 300) log(`${method} ${path} answers ${answer.status}`);
      return { status: answer.status, text: answer.body.toString() };
    } catch (error) {
      signal.throwIfAborted();
      log(`${method} ${path}: ${(error as Error).message}`);
      return { status: 0, text: '' };
    }
  };
}
