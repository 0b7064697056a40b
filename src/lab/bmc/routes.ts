/** Which request does what on a BMC, and who may ask. */
import { eject, insert, patchSystem, reset } from './actions.ts';
import { type Answer, refuseStandard, show } from './answer.ts';
import { type Bmc, type Document, ROOT, slotsPath, systemPath } from './bmc.ts';
import { documents } from './documents.ts';

export interface Request {
  method: string;
  /** Without query and trailing slash. */
  path: string;
  query: URLSearchParams;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** The answer to one request. */
export async function respond(bmc: Bmc, request: Request): Promise<Answer> {
  const { method, path, query, headers } = request;
  const { lab, host, profile } = bmc;
  bmc.firstRequestAt ??= lab.clock.now();
  const elapsedMs = lab.clock.now() - bmc.firstRequestAt;
  const { answer } = lab.faults.at('bmc.answer', host.id, { method, path, elapsedMs, answer: null });
  if (answer) return answer;
  if (path === '/redfish') return { status: 200, body: { v1: `${ROOT}/` } };
  if (path !== ROOT && headers['authorization'] !== basic(host.bmc)) return unauthorized(bmc, path);
  if (method !== 'GET') return change(bmc, request);
  const document = documents(bmc, Number(query.get('$skip') ?? 0)).get(path);
  return document ? show(profile, document) : notFound(bmc, path);
}

const basic = ({ username, password }: { username: string; password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

async function change(bmc: Bmc, request: Request): Promise<Answer> {
  const { profile } = bmc;
  const { method, path } = request;
  const [system, body] = [systemPath(profile), objectIn(request.text)];
  if (!body) return refuseStandard(profile, 400, 'MalformedJSON', 'The request body is no JSON object.');
  if (method === 'PATCH' && path === system) return precondition(bmc, request) ?? patchSystem(bmc, body);
  const [, target, action] = /^(.*)\/Actions\/([^/]+)$/.exec(path) ?? [];
  const slot = profile.slots.find(({ id }) => `${slotsPath(profile)}/${id}` === target);
  const takesIso = slot === profile.slots[1];
  if (method === 'POST' && action === 'ComputerSystem.Reset' && target === system) return reset(bmc, body);
  if (method === 'POST' && action === 'VirtualMedia.InsertMedia' && slot) return insert(bmc, body, takesIso);
  if (method === 'POST' && action === 'VirtualMedia.EjectMedia' && slot) return eject(bmc, takesIso);
  if (!documents(bmc).has(path)) return notFound(bmc, path);
  return refuseStandard(profile, 405, 'OperationNotAllowed', 'The HTTP method is not allowed on this resource.');
}

/** The body, where none is an empty one; null when it is no JSON object. */
function objectIn(text: string): Document | null {
  try {
    const body: unknown = JSON.parse(text || '{}');
    return typeof body === 'object' && !Array.isArray(body) ? (body as Document | null) : null;
  } catch {
    return null;
  }
}

/** 412 for a stale If-Match, 428 for none where the profile wants one. */
function precondition(bmc: Bmc, { path, headers }: Request): Answer | null {
  const { profile } = bmc;
  const given = headers['if-match'];
  const wanted = 'A precondition header is required to change this resource.';
  if (given === undefined)
    return profile.wantsIfMatch ? refuseStandard(profile, 428, 'PreconditionRequired', wanted) : null;
  if (given === '*' || given === show(profile, documents(bmc).get(path)!).headers?.['ETag']) return null;
  const text = 'The ETag supplied did not match the ETag required to change this resource.';
  return refuseStandard(profile, 412, 'PreconditionFailed', text);
}

function notFound({ profile }: Bmc, path: string): Answer {
  return refuseStandard(profile, 404, 'ResourceMissingAtURI', `The resource at the URI ${path} was not found.`, [path]);
}

function unauthorized({ profile }: Bmc, path: string): Answer {
  const text = `While accessing the resource at ${path}, the service received an authorization error.`;
  const refusal = refuseStandard(profile, 401, 'ResourceAtUriUnauthorized', text, [path]);
  return { ...refusal, headers: { 'WWW-Authenticate': 'Basic realm="BMC"' } };
}
