/** The lab's assisted-service and image service behind one request listener, with its monitors. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lab } from '../context.ts';
import { isUuid, parseBody } from './fields.ts';
import { API } from './host-view.ts';
import { createImageService } from './image.ts';
import { runMonitors } from './monitor.ts';
import { type Route, ROUTES } from './routes.ts';
import type { Service } from './service.ts';
import { type Answer, Refusal, sendAnswer } from './wire.ts';

export interface LabService {
  /** A listener for node:http: the API, the image service, `/ready`, `/health`, and `/lab` with the time factor. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** Where clients reach the listener, e.g. `http://127.0.0.1:8090`: every URL that is handed out begins with it. */
  setBaseUrl(url: string): void;
  /** The monitors; resolves when the lab's signal is aborted. */
  run(): Promise<void>;
}

/** The service over `lab.world.service`. Each request, each change of status and each accepted effect is a line of history. */
export function createService(lab: Lab): LabService {
  const service: Service = { lab, world: lab.world.service, baseUrl: '' };
  const images = createImageService(service);
  return {
    handle: (req, res) => {
      const url = new URL(req.url ?? '/', 'http://lab');
      const path = url.pathname;
      const method = req.method ?? 'GET';
      res.once('close', () => lab.record({ kind: 'request', to: 'service', method, path, status: res.statusCode }));
      if (path.startsWith('/byid/')) return images.serve(req, res, path);
      if (path === '/ready' || path === '/health') return void res.writeHead(200, { 'Content-Length': '0' }).end();
      if (path === '/lab') return sendAnswer(req, res, { status: 200, json: { timeFactor: lab.clock.factor } }, false);
      if (!path.startsWith(API))
        return void res.writeHead(404, { 'Content-Type': 'text/plain' }).end('404 page not found\n');
      void answerApi(service, req, res, url);
    },
    setBaseUrl: (url) => void (service.baseUrl = url.replace(/\/$/, '')),
    run: () => runMonitors(service),
  };
}

async function answerApi(service: Service, req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
  let route: Route | undefined;
  try {
    const found = findRoute(req.method ?? '', url.pathname);
    route = found.route;
    const body = await readBody(req);
    checkMedia(req, route, body);
    const json = route.body ? parseBody(route.body, body) : {};
    const { params } = found;
    const answer = await route.handle({ service, params, query: url.searchParams, headers: req.headers, body, json });
    sendAnswer(req, res, answer, route.octets ?? false);
  } catch (error) {
    if (!res.headersSent) sendAnswer(req, res, refusalAnswer(error), isBusiness(error) && (route?.octets ?? false));
    if (!(error instanceof Refusal))
      service.lab.record({ kind: 'lab', to: 'service', error: String(error), path: url.pathname });
  }
}

/** Only these errors of a download route have the route's own content type. */
function isBusiness(error: unknown): boolean {
  return !(error instanceof Refusal) || error.shape === 'business';
}

function refusalAnswer(error: unknown): Answer {
  const refusal = error instanceof Refusal ? error : new Refusal(500, String(error));
  const allow = /, but \[(.*)\] are$/.exec(refusal.message)?.[1];
  return {
    status: refusal.status,
    json: refusal.body(),
    ...(refusal.status === 405 && allow ? { headers: { Allow: allow } } : {}),
  };
}

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>[^/]+)`)}$`),
}));

/** The route of a path, a slash at its end allowed. Throws Refusal 404, 405, or 400 for an id that is no UUID. */
function findRoute(method: string, pathname: string): { route: Route; params: Record<string, string> } {
  const path = pathname.slice(API.length).replace(/\/+$/, '');
  const exact = ROUTES.some((route) => route.path === path);
  const fitting = PATTERNS.filter(({ route, pattern }) => (exact ? route.path === path : pattern.test(path)));
  if (fitting.length === 0) throw new Refusal(404, `path ${pathname} was not found`, 'openapi');
  const found = fitting.find(({ route }) => route.method === method);
  if (!found) {
    const allowed = fitting.map(({ route }) => route.method).join(',');
    throw new Refusal(405, `method ${method} is not allowed, but [${allowed}] are`, 'openapi');
  }
  const params = { ...found.pattern.exec(path)?.groups };
  for (const [name, value] of Object.entries(params))
    if (name.endsWith('_id') && !isUuid(value))
      throw new Refusal(400, `${name} in path must be of type uuid: "${value}"`, 'openapi');
  return { route: found.route, params };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Media types as go-openapi has them: 415 and 406 become 400. */
function checkMedia(req: IncomingMessage, route: Route, body: Buffer): void {
  const type = (req.headers['content-type'] ?? 'application/json').split(';')[0]!;
  if (route.body && body.length && type !== 'application/json')
    throw new Refusal(400, `unsupported media type "${type}", only [application/json] are allowed`, 'openapi');
  const offered = route.octets ? 'application/octet-stream' : 'application/json';
  const accepted = (req.headers.accept ?? '*/*').split(',').map((item) => item.split(';')[0]!.trim());
  if (!['*/*', 'application/*', offered].some((item) => accepted.includes(item)))
    throw new Refusal(400, `unsupported media type requested, only [${offered}] are available`, 'openapi');
}
