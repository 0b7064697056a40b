/** What goes over the wire besides data: answers, refusals in their shapes, times and compression (assisted-service.md §1.1). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export interface Answer {
  status: number;
  json?: unknown;
  /** A download; `name` is its file name. */
  octets?: Buffer;
  name?: string;
  headers?: Record<string, string>;
}

/** A request that is refused: `business` errors have kind and reason, `openapi` errors code and message. */
export class Refusal extends Error {
  readonly status: number;
  readonly shape: 'business' | 'openapi';

  constructor(status: number, message: string, shape: 'business' | 'openapi' = 'business') {
    super(message);
    this.status = status;
    this.shape = shape;
  }

  body(): unknown {
    if (this.shape === 'openapi') return { code: this.status, message: this.message };
    return { code: String(this.status), href: '', id: this.status, kind: 'Error', reason: this.message };
  }
}

const GZIP_FROM = 1400;

/** Writes the answer; JSON of some size is compressed where the client takes gzip. */
export function sendAnswer(req: IncomingMessage, res: ServerResponse, answer: Answer, octetsRoute: boolean): void {
  const headers: Record<string, string> = { ...answer.headers };
  let body = answer.octets;
  if (answer.octets) {
    headers['Content-Type'] = 'application/octet-stream';
    if (answer.name) headers['Content-Disposition'] = `attachment; filename="${answer.name}"`;
  } else if (answer.json !== undefined) {
    headers['Content-Type'] = octetsRoute ? 'application/octet-stream' : 'application/json';
    body = Buffer.from(`${JSON.stringify(answer.json)}\n`);
  }
  if (body && body.length >= GZIP_FROM && String(req.headers['accept-encoding']).includes('gzip')) {
    body = gzipSync(body);
    Object.assign(headers, { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' });
  }
  if (answer.status !== 204) headers['Content-Length'] = String(body?.length ?? 0);
  res.writeHead(answer.status, headers).end(body);
}

/** RFC 3339 with milliseconds; the zero time for 0. */
export function shortTime(ms: number): string {
  return ms ? new Date(ms).toISOString() : '0001-01-01T00:00:00.000Z';
}

/** RFC 3339 with microseconds, as `created_at` and `updated_at` have it; the zero time without a fraction. */
export function longTime(ms: number): string {
  return ms ? new Date(ms).toISOString().replace('Z', '527Z') : '0001-01-01T00:00:00Z';
}

/** The date of HTTP headers: whole seconds. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}
