/** Reading from a cluster's own API: GETs alone, and in plain words what stands in the way. */
import { SnobootError } from '../core/errors.ts';
import { HttpError, type HttpFailure } from '../core/http-error.ts';
import type { HttpResponse, Send } from '../core/http.ts';
import { printable } from '../core/secret.ts';
import { isObject, type Json, object, objects, text } from './json.ts';
import type { ClusterAccess } from './kubeconfig.ts';

export interface ApiPorts {
  access: ClusterAccess;
  send: Send;
  signal?: AbortSignal;
  /** Real milliseconds for one answer. */
  timeoutMs: number;
}

/** Both throw E-API-UNREACH, whose `cause` is an HttpError where nothing answered at all, or the reason of the signal. */
export interface ClusterApi {
  get(path: string): Promise<Json>;
  /** All items of all pages. */
  list(path: string): Promise<Json[]>;
}

const PAGE = 100;
const MOST_PAGES = 50;
const LONGEST_ANSWER = 16 * 1024 * 1024;

export function clusterApi({ access, send, signal, timeoutMs }: ApiPorts): ClusterApi {
  const headers = {
    accept: 'application/json',
    ...(access.token ? { authorization: `Bearer ${access.token.reveal()}` } : {}),
  };
  const ask = (path: string): Promise<HttpResponse> =>
    send({
      method: 'GET',
      url: access.server + path,
      headers,
      trust: access.trust,
      timeoutMs,
      maxBytes: LONGEST_ANSWER,
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error instanceof HttpError ? unreachable(access, silence(error), error) : error;
    });
  const get = async (path: string): Promise<Json> => {
    const { status, body } = await ask(path);
    if (status !== 200) throw unreachable(access, refusal(status, path));
    const document = parsed(body);
    if (!isObject(document)) throw unreachable(access, 'what answers there is no cluster: it sends no JSON');
    return document;
  };
  const list = async (path: string): Promise<Json[]> => {
    const items: Json[] = [];
    let token: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = new URLSearchParams({ limit: String(PAGE), ...(token === null ? {} : { continue: token }) });
      const document = await get(`${path}?${query.toString()}`);
      items.push(...objects(document['items']));
      token = text(object(document['metadata'])['continue']);
      if (token === null) return items;
    }
    throw unreachable(access, `it lists more than ${MOST_PAGES * PAGE} objects at ${path}`);
  };
  return { get, list };
}

const SILENCE: Record<HttpFailure, string> = {
  dns: 'its name is not known here',
  refused: 'no connection',
  timeout: 'no answer in time',
  tls: 'its certificate, or ours, is not accepted',
  reset: 'the connection was cut',
  'too-large': 'its answer is too long',
  aborted: 'the question was broken off',
  other: 'no answer',
};

function silence({ failure, cause }: HttpError): string {
  const detail = ['tls', 'refused', 'other'].includes(failure) && cause instanceof Error ? cause.message : '';
  return detail === '' ? SILENCE[failure] : `${SILENCE[failure]}: ${printable(detail, 160)}`;
}

function refusal(status: number, path: string): string {
  if (status === 401) return 'it does not accept the login of the saved kubeconfig (401)';
  if (status === 403) return 'the login of the saved kubeconfig may not read there (403)';
  if (status === 404) return `it does not know ${path.split('?')[0]} (404): no OpenShift, or not yet`;
  return status >= 500 || status === 429 ? `it is not ready to answer (${status})` : `it answered ${status}`;
}

function unreachable({ server }: ClusterAccess, what: string, cause?: HttpError): SnobootError {
  return new SnobootError('E-API-UNREACH', `the cluster's API ${server}: ${what}`, undefined, cause);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
