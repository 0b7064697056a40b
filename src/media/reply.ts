/** What is answered to a request for a served file: status, headers, and which bytes follow (RFC 9110 §13 and §14). */
import type { IncomingHttpHeaders } from 'node:http';
import { type Span, spanOf } from './ranges.ts';

/** What the server knows of a file. Both validators are the same for one content and differ for another. */
export interface ServedFile {
  /** Path below `/`; ends in .iso. */
  token: string;
  /** The file on this machine; its content does not change while it is served. */
  path: string;
  /** Bytes. */
  size: number;
  /** HTTP date. */
  lastModified: string;
  /** Strong, with its quotes. */
  etag: string;
}

export interface Reply {
  status: number;
  headers: Record<string, string | number>;
  /** The bytes to send after the headers; null for none. */
  body: Span | null;
}

/** The answer to a GET or HEAD. Preconditions come before the range; a HEAD knows no ranges. */
export function replyTo(method: string, headers: IncomingHttpHeaders, file: ServedFile): Reply {
  const { size, lastModified, etag } = file;
  const common = { 'last-modified': lastModified, etag, 'accept-ranges': 'bytes' };
  if (isUnchanged(headers, file)) return { status: 304, headers: common, body: null };
  const described = { ...common, 'content-type': 'application/octet-stream' };
  const span = method === 'HEAD' || !mayUseRange(headers, file) ? 'whole' : spanOf(headers.range, size);
  if (span === 'unsatisfiable')
    return { status: 416, headers: { ...common, 'content-range': `bytes */${size}`, 'content-length': 0 }, body: null };
  if (span === 'whole') {
    const body = method === 'HEAD' || size === 0 ? null : { first: 0, last: size - 1 };
    return { status: 200, headers: { ...described, 'content-length': size }, body };
  }
  const { first, last } = span;
  const part = { 'content-range': `bytes ${first}-${last}/${size}`, 'content-length': last - first + 1 };
  return { status: 206, headers: { ...described, ...part }, body: span };
}

/** If-None-Match (weak comparison) wins over If-Modified-Since. */
function isUnchanged(headers: IncomingHttpHeaders, { etag, lastModified }: ServedFile): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined)
    return tags.trim() === '*' || tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Date.parse(lastModified) <= since;
}

/** If-Range holds when its tag (strong comparison) or its date is exactly ours; else the whole file is due. */
function mayUseRange(headers: IncomingHttpHeaders, { etag, lastModified }: ServedFile): boolean {
  const condition = headers['if-range']?.toString().trim();
  if (condition === undefined) return true;
  if (/^(W\/)?"/.test(condition)) return condition === etag;
  return Date.parse(condition) === Date.parse(lastModified);
}
