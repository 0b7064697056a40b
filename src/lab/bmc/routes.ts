/** Which request does what on a BMC, and who may ask. */
import { type Answer, refuseStandard } from './answer.ts';
import { eject, insert, patchSystem, reset } from './actions.ts';
import { type Bmc, cdSlot, MONITOR_PATH, ROOT, SESSIONS_PATH, slotPath, systemPath } from './bmc.ts';
import { type Document, documents } from './documents.ts';
import { etagOf } from './etag.ts';
import { pageOf } from './resource.ts';
import { isLoggedIn, logIn, logOut } from './sessions.ts';
import { monitorAnswer } from './task.ts';

export interface Request {
  method: string;
  /** As it came, with the query. */
  url: string;
  /** Without query and trailing slash. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  text: string;
}

const METADATA =
  '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices/></edmx:Edmx>';

export async function respond(bmc: Bmc, request: Request): Promise<Answer> {
  const { method, path, headers } = request;
  bmc.firstRequestAt ??= bmc.lab.clock.now();
  const elapsedMs = bmc.lab.clock.now() - bmc.firstRequestAt;
  const { answer } = bmc.lab.faults.at('bmc.answer', bmc.host.id, { method, path, elapsedMs, answer: null });
  if (answer) return answer;
  if ((headers['odata-version'] ?? '4.0') !== '4.0')
    return refuseStandard(bmc.profile, 412, 'HeaderInvalid', 'The OData-Version is not supported.', ['OData-Version']);
  if (path === '/redfish') return { status: 200, body: { v1: `${ROOT}/` } };
  if (path === `${ROOT}/$metadata`) return { status: 200, body: METADATA };
  if (path === SESSIONS_PATH && method === 'POST') return withBody(bmc, request, (body) => logIn(bmc, body));
  if (path !== ROOT && !isLoggedIn(bmc, headers)) return unauthorized(bmc, path);
  if (method === 'GET' || method === 'HEAD') return show(bmc, request);
  return change(bmc, request);
}

function show(bmc: Bmc, { path, query }: Request): Answer {
  if (path === MONITOR_PATH) return monitorAnswer(bmc) ?? notFound(bmc, path);
  const unsupported = [...query.keys()].find((key) => key.startsWith('$') && key !== '$skip');
  if (unsupported)
    return refuseStandard(bmc.profile, 501, 'QueryNotSupported', 'Querying is not supported by the implementation.');
  const document: Document | undefined = documents(bmc)[path];
  if (!document) return notFound(bmc, path);
  const headers = { Allow: allowed(bmc, path).join(', '), Link: `<${ROOT}/$metadata>; rel=describedby` };
  return { status: 200, headers, body: pageOf(document, Number(query.get('$skip') ?? 0)) };
}

async function change(bmc: Bmc, request: Request): Promise<Answer> {
  const { profile } = bmc;
  const { method, path } = request;
  if (method === 'DELETE' && path.startsWith(`${SESSIONS_PATH}/`)) return logOut(bmc, path) ?? notFound(bmc, path);
  const system = systemPath(profile);
  if (method === 'PATCH' && path === system)
    return precondition(bmc, request) ?? withBody(bmc, request, (body) => patchSystem(bmc, body));
  const [, target, action] = /^(.*)\/Actions\/([^/]+)$/.exec(path) ?? [];
  const slot = profile.slots.find(({ id }) => slotPath(profile, id) === target);
  const takesIso = slot?.id === cdSlot(profile);
  if (method === 'POST' && action === 'ComputerSystem.Reset' && target === system)
    return withBody(bmc, request, (body) => reset(bmc, body));
  if (method === 'POST' && action === 'VirtualMedia.InsertMedia' && slot)
    return withBody(bmc, request, (body) => insert(bmc, body, takesIso));
  if (method === 'POST' && action === 'VirtualMedia.EjectMedia' && slot) return eject(bmc, takesIso);
  if (!documents(bmc)[path]) return notFound(bmc, path);
  const refusal = refuseStandard(
    profile,
    405,
    'OperationNotAllowed',
    'The HTTP method is not allowed on this resource.',
  );
  return { ...refusal, headers: { Allow: allowed(bmc, path).join(', ') } };
}

function allowed({ profile }: Bmc, path: string): string[] {
  if (path === systemPath(profile)) return ['GET', 'HEAD', 'PATCH'];
  if (path === SESSIONS_PATH) return ['GET', 'HEAD', 'POST'];
  return path.startsWith(`${SESSIONS_PATH}/`) ? ['GET', 'HEAD', 'DELETE'] : ['GET', 'HEAD'];
}

/** 412 for a stale If-Match, 428 for none where the profile wants one. */
function precondition(bmc: Bmc, { path, headers }: Request): Answer | null {
  const given = headers['if-match'];
  if (given === undefined && bmc.profile.wantsIfMatch)
    return refuseStandard(
      bmc.profile,
      428,
      'PreconditionRequired',
      'A precondition header is required to change this resource.',
    );
  if (given === undefined || given === '*' || given === etagOf(bmc, path)) return null;
  const text = 'The ETag supplied did not match the ETag required to change this resource.';
  return refuseStandard(bmc.profile, 412, 'PreconditionFailed', text);
}

/** Runs with the body, where no body is an empty one; 400 when it is no JSON object. */
async function withBody(
  bmc: Bmc,
  { text }: Request,
  act: (body: Record<string, unknown>) => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    const body: unknown = JSON.parse(text || '{}');
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return await act(body as Record<string, unknown>);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return refuseStandard(bmc.profile, 400, 'MalformedJSON', 'The request body is no JSON object.');
}

function notFound({ profile }: Bmc, path: string): Answer {
  return refuseStandard(profile, 404, 'ResourceMissingAtURI', `The resource at the URI ${path} was not found.`, [path]);
}

function unauthorized({ profile }: Bmc, path: string): Answer {
  const text = `While accessing the resource at ${path}, the service received an authorization error.`;
  const refusal = refuseStandard(profile, 401, 'ResourceAtUriUnauthorized', text, [path]);
  return { ...refusal, headers: { 'WWW-Authenticate': 'Basic realm="BMC"' } };
}
