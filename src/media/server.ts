/** The media server: hands named files to BMCs and hosts over HTTP, and tells what was read. It knows nothing of the run. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { SnobootError } from '../core/errors.ts';
import { sendSpan } from './body.ts';
import { replyTo, type ServedFile } from './reply.ts';

export type { ServedFile } from './reply.ts';

/** One step of one answer: `bytes` of its body went out since the step before; 0 once for an answer without a body. */
export interface MediaRead {
  token: string;
  method: string;
  /** The Range header as it came. */
  range: string | null;
  bytes: number;
  /** Address of the reader. */
  peer: string;
}

export interface MediaServer {
  readonly port: number;
  /** Publishes a file under its token; again under the same token replaces it. */
  serve(file: ServedFile): void;
  /** From now on 410 for this token. */
  withdraw(token: string): void;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/** Token to file; a withdrawn one has none. */
type Shelf = Map<string, { digest: Buffer; file: ServedFile | null }>;
type OnRead = (read: MediaRead) => void;

/** Slow headers end after 10 s (security.md T-31); between requests a reader may rest for ten minutes (faults.md MS-15). */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 600_000,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  requireHostHeader: false,
} as const;

/** Listens on `host` alone, at `port` or any free one (0). Rejects with E-MEDIA-PORT or E-MEDIA-ADDRESS. */
export async function startMediaServer(options: { host: string; port: number; onRead: OnRead }): Promise<MediaServer> {
  const { host, port, onRead } = options;
  const shelf: Shelf = new Map();
  const server = createServer(LIMITS, (request, response) => {
    answer(shelf, onRead, request, response).catch(() => response.destroy());
  });
  server.listen({ host, port });
  await once(server, 'listening').catch((error: unknown) => {
    throw notListening(host, port, error as NodeJS.ErrnoException);
  });
  // What can fail from now on is the accepting of a connection: its reader tries again.
  server.on('error', () => undefined);
  const put = (token: string, file: ServedFile | null) => shelf.set(token, { digest: digestOf(token), file });
  return {
    port: (server.address() as AddressInfo).port,
    serve: (file) => void put(file.token, file),
    withdraw: (token) => void put(token, null),
    close: () => closed(server),
  };
}

const LONGEST_URL = 64;

/**
 * The URL of a served file for a BMC: plain http (most BMCs cannot check a certificate), ends in .iso, no query (redfish.md
 * §2.11). Throws E-MEDIA-ADDRESS when it is longer than 64 characters, which a long IPv6 address can make it.
 */
export function mediaUrl(address: string, port: number, path: string): string {
  const host = isIPv6(address) ? `[${address}]` : address;
  const url = `http://${host}:${port}/${path}`;
  if (url.length > LONGEST_URL)
    throw new SnobootError(
      'E-MEDIA-ADDRESS',
      `the media URL at ${address} would be ${url.length} characters long, BMCs take ${LONGEST_URL}`,
      'set the media address to a shorter one of this machine that the BMC can reach',
    );
  return url;
}

async function answer(shelf: Shelf, onRead: OnRead, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, { allow: 'GET, HEAD', connection: 'close' });
  const file = find(shelf, pathOf(request.url ?? ''));
  if (!file) return refuse(response, file === null ? 410 : 404);
  const reply = replyTo(method, headers, file);
  const peer = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const told = { token: file.token, method, range: headers.range ?? null, peer };
  if (reply.body) return sendSpan(response, reply, file.path, (bytes) => onRead({ ...told, bytes }));
  response.writeHead(reply.status, reply.headers).end();
  onRead({ ...told, bytes: 0 });
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, 'content-length': 0 }).end();
}

/** Compares with every token, each in constant time; undefined for an unknown path, null for a withdrawn one. */
function find(shelf: Shelf, path: string): ServedFile | null | undefined {
  const wanted = digestOf(path);
  let found: ServedFile | null | undefined;
  for (const { digest, file } of shelf.values()) if (timingSafeEqual(digest, wanted)) found = file;
  return found;
}

/** Without its slash and query; a request line may hold the whole address. Nothing is decoded: tokens need it not. */
function pathOf(target: string): string {
  return target
    .replace(/^https?:\/\/[^/]*/i, '')
    .replace(/^\//, '')
    .replace(/\?.*$/, '');
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function closed(server: Server): Promise<void> {
  const over = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await over;
}

function notListening(host: string, port: number, { code, message }: NodeJS.ErrnoException): SnobootError {
  if (code === 'EADDRINUSE' || code === 'EACCES')
    return new SnobootError('E-MEDIA-PORT', `cannot listen on ${host} port ${port}: ${message}`);
  return new SnobootError(
    'E-MEDIA-ADDRESS',
    `cannot listen on ${host}: ${message}`,
    'set media.address to an address of this machine, or leave it out',
  );
}
