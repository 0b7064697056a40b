/** The HTTP face of a BMC: one answer and one line of history for each request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Lab } from '../context.ts';
import type { Machine } from '../host/machine.ts';
import type { LabHost } from '../world.ts';
import { type Answer, refuseStandard } from './answer.ts';
import type { Bmc } from './bmc.ts';
import { PROFILES } from './profiles.ts';
import { respond } from './routes.ts';

/** The request handler of one host's BMC. */
export function createBmc(lab: Lab, host: LabHost, machine: Machine) {
  const bmc: Bmc = { lab, host, profile: PROFILES[host.profile], machine, task: null, firstRequestAt: null };
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = req;
    const { pathname, searchParams: query } = new URL(url, 'https://bmc');
    const path = pathname.replace(/(.)\/$/, '$1');
    const answer = await text(req)
      .then((body) => respond(bmc, { method, path, query, headers, text: body }))
      .catch((error: unknown) => internal(bmc, error));
    lab.record({ kind: 'request', to: host.id, method, path: url, status: answer.status });
    send(res, answer);
  };
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
