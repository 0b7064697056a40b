/** What goes over the wire: answers, refusals in their shapes, records with their times and JSON texts (assisted-service.md §1.1). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export type Json = Record<string, unknown>;

export const API = '/api/assisted-install';

export interface Answer {
  status: number;
  json?: unknown;
  /** A download; `name` is its file name. */
  octets?: Buffer | string;
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

  body(): Json {
    if (this.shape === 'openapi') return { code: this.status, message: this.message };
    return { code: String(this.status), href: '', id: this.status, kind: 'Error', reason: this.message };
  }
}

const GZIP_FROM = 1400;

/** Writes the answer, compressed where it is long and the client takes gzip. */
export function sendAnswer(req: IncomingMessage, res: ServerResponse, answer: Answer, octetsRoute: boolean): void {
  const headers: Record<string, string> = { ...answer.headers };
  const text = answer.octets ?? (answer.json === undefined ? '' : `${JSON.stringify(answer.json)}\n`);
  let body = Buffer.from(text);
  if (answer.name) headers['Content-Disposition'] = `attachment; filename="${answer.name}"`;
  if (body.length) headers['Content-Type'] = octetsRoute ? 'application/octet-stream' : 'application/json';
  if (body.length >= GZIP_FROM && String(req.headers['accept-encoding']).includes('gzip')) {
    body = gzipSync(body);
    Object.assign(headers, { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' });
  }
  if (answer.status !== 204) headers['Content-Length'] = String(body.length);
  res.writeHead(answer.status, headers).end(body);
}

const JSON_TEXTS = new Set([
  'inventory',
  'domain_name_resolutions',
  'ntp_sources',
  'free_addresses',
  'disks_info',
  'images_status',
  'validations_info',
  'static_network_config',
  'kernel_arguments',
]);

/** Fields of a cluster that are the lab's own although their names are of one word. */
const OWN = new Set(['vip', 'finalizing', 'manifests']);

/** A record as the API shows it: times and JSON texts written out; what is empty and what is the lab's own (camelCase) left out. */
export function shown(record: object): Json {
  const isShown = (name: string, value: unknown): boolean => {
    if (/[A-Z]/.test(name) || OWN.has(name) || value === null || value === undefined) return false;
    if (typeof value === 'object') return Object.keys(value).length > 0;
    return Boolean(value) || isTime(name);
  };
  const fields = Object.entries(record).filter(([name, value]) => isShown(name, value));
  return Object.fromEntries(fields.map(([name, value]) => [name, written(name, value)]));
}

const isTime = (name: string): boolean => /_(at|time)$/.test(name);

function written(name: string, value: unknown): unknown {
  if (JSON_TEXTS.has(name)) return JSON.stringify(value);
  if (typeof value !== 'number' || !isTime(name)) return value;
  return name === 'created_at' || name === 'updated_at' ? longTime(value) : shortTime(value);
}

/** RFC 3339 with milliseconds; the zero time for 0. */
export function shortTime(ms: number): string {
  return ms ? new Date(ms).toISOString() : '0001-01-01T00:00:00.000Z';
}

/** RFC 3339 with microseconds, as `created_at` and `updated_at` have it; the zero time without a fraction. */
export function longTime(ms: number): string {
  return ms ? new Date(ms).toISOString().replace('Z', '527Z') : '0001-01-01T00:00:00Z';
}
