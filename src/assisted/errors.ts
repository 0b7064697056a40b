/** What the assisted-service says when it says no, in whichever shape, as one kind of error (assisted-service.md §1.1). */
import { SnobootError } from '../core/errors.ts';
import { asHttpError } from '../core/http-error.ts';
import { printable, redact } from '../core/secret.ts';
import { isObject, parseJson } from './json.ts';

const LONGEST_ERROR = 16 * 1024;

export interface Fault {
  status: number;
  /** Whether the service itself spoke of a record, not its router, its schema check or a proxy. */
  business: boolean;
  /** Its own sentence, on one line. */
  sentence: string;
}

/** Reads an error answer by its content: downloads send JSON errors as octet-stream, proxies send HTML. */
export function faultOf(status: number, body: string): Fault {
  const value = parseJson(body);
  if (isObject(value)) {
    const { reason, message } = value;
    if (typeof reason === 'string') return { status, business: true, sentence: sentence(reason) };
    if (typeof message === 'string') return { status, business: false, sentence: sentence(message) };
  }
  return { status, business: false, sentence: sentence(textOf(body)) };
}

/** Whether a body is one of the service's error objects, whatever the status says (openshift/appliance#684). */
export function looksLikeFault(body: string): boolean {
  const value = body.startsWith('{') && body.length < LONGEST_ERROR ? parseJson(body) : undefined;
  return isObject(value) && (value['kind'] === 'Error' || 'code' in value) && ('reason' in value || 'message' in value);
}

/** `what` is method and path. */
export function faultError(what: string, { status, business, sentence: said }: Fault): SnobootError {
  const seen = `${what}: ${status} ${said}`.trimEnd();
  if (status === 401 || status === 403) return new SnobootError('E-SVC-AUTH', `the service refused the login: ${seen}`);
  if (status === 404 && business)
    return new SnobootError('E-SVC-GONE', `the service no longer has it: ${seen}`, 'see at the service who deleted it');
  if (status < 400 || status === 404)
    return new SnobootError(
      'E-SVC-PROTO',
      `not the answer of an assisted-service: ${seen}`,
      'check service.url: only scheme, host and port belong there',
    );
  if (status === 429 || status >= 500)
    return new SnobootError(
      'E-SVC-UNREACH',
      `the service is in trouble: ${seen}`,
      'try again when the service is well',
    );
  const field = /unknown field \\?"([^"\\]+)/.exec(said)?.[1];
  if (field !== undefined)
    return new SnobootError(
      'E-SVC-REFUSED',
      `the service does not know the field "${field}": ${seen}`,
      `leave "${field}" out of the inventory, or use a service that knows it`,
    );
  return new SnobootError(
    'E-SVC-REFUSED',
    `the service refused: ${seen}`,
    'change what its sentence names, then deploy again',
  );
}

/** No whole answer came. */
export function unreachable(what: string, error: unknown): SnobootError {
  const { failure, message } = asHttpError(error, what, false);
  const todo =
    failure === 'tls'
      ? "give the service's CA or fingerprint in the inventory"
      : 'check service.url, the network, and that the service runs';
  return new SnobootError('E-SVC-UNREACH', `no answer from the service (${failure}): ${message}`, todo, error);
}

export function malformed(what: string, body: string): SnobootError {
  const shown = printable(redact(body), 120);
  return new SnobootError(
    'E-SVC-PROTO',
    `${what}: an answer of another shape than an assisted-service gives: ${shown}`,
  );
}

/** Without the list of validations that follows the sentence of a refused install: explainHost says it better. */
function sentence(text: string): string {
  return printable(
    redact(text)
      .replace(/ validation_info=[^]*$/, '')
      .trim(),
    300,
  );
}

function textOf(body: string): string {
  if (!/<\w+[^>]*>/.test(body)) return body;
  const title = /<title>([^<]*)/i.exec(body)?.[1];
  return title ?? body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}
