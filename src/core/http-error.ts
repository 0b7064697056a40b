/** Why no whole HTTP answer came: undici's, Node's and OpenSSL's names brought down to one word. */

export type HttpFailure = 'refused' | 'timeout' | 'tls' | 'dns' | 'reset' | 'too-large' | 'aborted' | 'other';

/** No whole answer came: `failure` says of what kind. Headers and body of the request are not in the message. */
export class HttpError extends Error {
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'HttpError';
    this.failure = failure;
  }
}

/** What undici or Node threw, as an HttpError. `where` is method and address without secrets. */
export function asHttpError(error: unknown, where: string, aborted: boolean): HttpError {
  if (error instanceof HttpError) return error;
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  const failure = failureOf(String(code), String(name), aborted);
  return new HttpError(failure, `${where}: ${message ?? String(error)}`, error);
}

function failureOf(code: string, name: string, aborted: boolean): HttpFailure {
  if (name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout';
  if (aborted || name === 'AbortError') return 'aborted';
  if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/.test(code)) return 'refused';
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) return 'dns';
  if (/PIN|CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code)) return 'tls';
  if (/ECONNRESET|EPIPE|UND_ERR_SOCKET/.test(code)) return 'reset';
  return 'other';
}
