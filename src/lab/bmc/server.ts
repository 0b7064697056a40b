/** The HTTP face of a BMC: one answer and one line of history for each request; while it resets, neither. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { bmcLives } from '../board.ts';
import type { Lab } from '../context.ts';
import type { Machine } from '../host/machine.ts';
import type { LabHost } from '../world.ts';
import { type Answer, refuseStandard } from './answer.ts';
import type { Bmc } from './bmc.ts';
import { PROFILES } from './profiles.ts';
import { respond } from './routes.ts';

/** One host's BMC, not yet listening. */
export function createBmc(lab: Lab, host: LabHost, machine: Machine): Server {
  const bmc: Bmc = { lab, host, profile: PROFILES[host.profile], machine, task: null, firstRequestAt: null };
  const { certificate: cert, privateKey: key } = host.bmc;
  const server = createServer({ cert, key, minVersion: 'TLSv1.2' }, (req, res) => void answer(bmc, req, res));
  return server.on('connection', (socket: Socket) => {
    if (!bmcLives(lab, host)) socket.destroy();
  });
}

async function answer(bmc: Bmc, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { lab, host } = bmc;
  if (!bmcLives(lab, host)) return void req.socket.destroy();
  const { method = 'GET', url = '/', headers } = req;
  const { pathname, searchParams: query } = new URL(url, 'https://bmc');
  const path = pathname.replace(/(.)\/$/, '$1');
  const own = await text(req)
    .then((body) => respond(bmc, { method, path, query, headers, text: body }))
    .catch((error: unknown) => internal(bmc, error));
  lab.record({ kind: 'request', to: host.id, method, path: url, status: own.status });
  send(res, own);
}

function internal({ profile, lab, host }: Bmc, error: unknown): Answer {
  if (!lab.signal.aborted) lab.record({ kind: 'lab', to: host.id, error: String(error) });
  return refuseStandard(profile, 500, 'InternalError', 'The request failed due to an internal service error.');
}

function send(res: ServerResponse, { status, headers, body }: Answer): void {
  const type = body ? { 'Content-Type': 'application/json; charset=utf-8' } : {};
  res.writeHead(status, { 'OData-Version': '4.0', 'Cache-Control': 'no-cache', ...type, ...headers });
  res.end(body && JSON.stringify(body));
}
