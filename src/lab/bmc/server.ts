/** The HTTPS face of a BMC: login, the protocol's small print, ETags, and one line of history for each request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lab } from '../context.ts';
import type { Machine } from '../host/machine.ts';
import type { LabHost } from '../world.ts';
import { type Answer, refuseStandard } from './answer.ts';
import type { Bmc } from './bmc.ts';
import { etagOf } from './etag.ts';
import { PROFILES } from './profiles.ts';
import { type Request, respond } from './routes.ts';

const LONGEST_BODY = 1024 * 1024;

/** The request handler of one host's BMC. */
export function createBmc(lab: Lab, host: LabHost, machine: Machine) {
  const profile = PROFILES[host.profile];
  const bmc: Bmc = { lab, host, profile, machine, sessions: new Map(), task: null, firstRequestAt: null };
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const request = await readRequest(req);
    const answer = withEtag(bmc, request, await respond(bmc, request).catch((error: unknown) => internal(bmc, error)));
    const { method, url } = request;
    lab.record({ kind: 'request', to: host.id, method, path: url, status: answer.status });
    send(res, method, answer);
  };
}

async function readRequest(req: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>)
    if ((size += chunk.length) <= LONGEST_BODY) chunks.push(chunk);
  const url = req.url ?? '/';
  const parsed = new URL(url, 'https://bmc');
  const path = parsed.pathname.replace(/(.)\/$/, '$1');
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: req.method ?? 'GET',
    url,
    path,
    query: parsed.searchParams,
    headers,
    text: Buffer.concat(chunks).toString(),
  };
}

/** A GET's answer with its ETag twice, equal: header and body. It changes with each write to the resource and only then. */
function withEtag(bmc: Bmc, request: Request, answer: Answer): Answer {
  const { body } = answer;
  if (answer.status !== 200 || !/^(GET|HEAD)$/.test(request.method) || !isResource(body)) return answer;
  const etag = etagOf(bmc, request.path);
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { ETag: etag } };
  return { ...answer, headers: { ...answer.headers, ETag: etag }, body: { ...body, '@odata.etag': etag } };
}

function isResource(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && '@odata.id' in body;
}

function internal({ profile, lab, host }: Bmc, error: unknown): Answer {
  if (!lab.signal.aborted) lab.record({ kind: 'lab', to: host.id, error: String(error) });
  return refuseStandard(profile, 500, 'InternalError', 'The request failed due to an internal service error.');
}

function send(res: ServerResponse, method: string, { status, headers, body }: Answer): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'application/xml' : 'application/json; charset=utf-8';
  res.writeHead(status, {
    'OData-Version': '4.0',
    'Cache-Control': 'no-cache',
    ...(text ? { 'Content-Type': type } : {}),
    ...(status === 204 || status === 304 ? {} : { 'Content-Length': Buffer.byteLength(text) }),
    ...headers,
  });
  res.end(method === 'HEAD' ? undefined : text);
}
