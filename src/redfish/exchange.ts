/** One request to a BMC and its answer: headers, Basic login, redirects on the same origin, certificate trouble. */
import { SnobootError } from '../core/errors.ts';
import { HttpError } from '../core/http-error.ts';
import type { HttpRequest, HttpResponse, Send } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { certificateError } from './certificate.ts';
import type { BmcTarget } from './model.ts';
import { pathWithin } from './origin.ts';
import { garbled, says } from './refusal.ts';
import type { Answer, Doc } from './wire.ts';

export interface Asked {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  /** Sent as JSON; undefined: neither body nor Content-Type. */
  body?: unknown;
  ifMatch?: string;
  /** Without login. */
  bare?: boolean;
  signal?: AbortSignal;
}

export type Exchange = (asked: Asked) => Promise<Answer>;

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_HOPS = 4;
/** Real milliseconds. ZT and sushy-tools answer an insert only when the image is read (redfish.md 1.6). */
const TIMEOUT_MS = { GET: 60_000, POST: 150_000, PATCH: 60_000 } as const;

/**
 * Sends as redfish.md 1.2 says. Any status but 401 resolves; HttpError when no whole answer came. Once a login was
 * refused nothing is sent any more: repeated 401s lock accounts. Only a login that worked before is tried once more.
 */
export function createExchange(target: BmcTarget, send: Send): Exchange {
  const login = { worked: false, spare: 1, refused: undefined as SnobootError | undefined };
  const authorization = basic(target);
  let encoding = true;
  const once = async (asked: Asked, path: string): Promise<Answer> => {
    const url = new URL(target.origin).origin + path;
    const headers = headersOf(authorization, asked, encoding);
    const answer = await send(requestOf(target, asked, url, headers)).catch(async (error: unknown) => {
      throw await explained(error, target, send);
    });
    return readAnswer(answer, path);
  };
  return async (asked) => {
    let path = pathWithin(target.origin, asked.path);
    for (let hops = 0; hops <= MAX_HOPS; hops++) {
      if (login.refused) throw login.refused;
      const answer = await once(asked, path);
      const next = redirection(target, asked, answer);
      if (next) path = next;
      else if (answer.status === 406 && encoding) encoding = false;
      else if (asked.bare) return answer;
      else if (answer.status === 401 && login.worked && login.spare > 0) login.spare--;
      else if (answer.status === 401 || mustChangePassword(answer)) throw (login.refused = loginError(target, answer));
      else return ((login.worked ||= answer.status < 500), answer);
    }
    throw garbled(`${asked.method} ${asked.path} is redirected without end`, path);
  };
}

/** As a Secret, for a BMC that repeats the header in an error. */
function basic({ username, password }: BmcTarget): Secret {
  const pair = `${username instanceof Secret ? username.reveal() : username}:${password.reveal()}`;
  return new Secret(Buffer.from(pair).toString('base64'));
}

function headersOf(authorization: Secret, asked: Asked, encoding: boolean): Record<string, string> {
  return {
    accept: 'application/json',
    'odata-version': '4.0',
    connection: 'close',
    ...(encoding ? { 'accept-encoding': 'identity' } : {}),
    ...(asked.bare ? {} : { authorization: `Basic ${authorization.reveal()}` }),
    ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(asked.ifMatch === undefined ? {} : { 'if-match': asked.ifMatch }),
  };
}

function requestOf(target: BmcTarget, asked: Asked, url: string, headers: Record<string, string>): HttpRequest {
  return {
    method: asked.method,
    url,
    headers,
    trust: target.trust,
    timeoutMs: TIMEOUT_MS[asked.method],
    maxBytes: MAX_BYTES,
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    ...(asked.signal ? { signal: asked.signal } : {}),
  };
}

async function explained(error: unknown, target: BmcTarget, send: Send): Promise<unknown> {
  if (!(error instanceof HttpError)) return error;
  if (error.failure === 'tls') return certificateError(error, target, send);
  return error.failure === 'too-large' ? garbled('the BMC sends too much', error.message) : error;
}

function readAnswer({ status, headers, body }: HttpResponse, path: string): Answer {
  const text = body.toString('utf8');
  return { status, headers, doc: parsed(text), text, path };
}

function parsed(text: string): Doc | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Doc) : null;
  } catch {
    return null;
  }
}

/** 301, 307 and 308 keep the method; 302 and 303 are followed for reads alone. */
function redirection(target: BmcTarget, asked: Asked, answer: Answer): string | undefined {
  const location = answer.headers['location'];
  const kept = [301, 307, 308].includes(answer.status);
  const changed = [302, 303].includes(answer.status) && asked.method === 'GET';
  return location && (kept || changed) ? pathWithin(target.origin, location, answer.path) : undefined;
}

const mustChangePassword = (answer: Answer): boolean => answer.status === 403 && says(answer, /PasswordChangeRequired/);

function loginError(target: BmcTarget, answer: Answer): SnobootError {
  if (answer.status === 403)
    return new SnobootError(
      'E-BMC-AUTH',
      `the BMC at ${target.origin} wants the password of this account changed first`,
      'log in to the BMC once, change the password, and put the new one into the inventory',
    );
  return new SnobootError(
    'E-BMC-AUTH',
    `the BMC at ${target.origin} refuses user name or password (401 on ${answer.path})`,
    'correct bmc.username and bmc.password; it was tried once only, so that the account is not locked',
  );
}
