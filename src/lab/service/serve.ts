/** The lab's assisted-service and image service behind one request listener, with its monitors. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lab } from '../context.ts';
import { type BodySpec, isUuid, parseBody } from './fields.ts';
import { createImageService, sendText } from './image.ts';
import { runMonitors } from './monitor.ts';
import { answerInstead, isAlive } from './outage.ts';
import { type Handler, OCTETS, ROUTES } from './routes.ts';
import type { Service } from './service.ts';
import { type Answer, API, type Json, Refusal, sendAnswer } from './wire.ts';

export interface LabService {
  /** A listener for node:http: the API, the image service, `/ready` and `/health`. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** Where clients reach the listener, e.g. `http://127.0.0.1:8090`: every URL that is handed out begins with it. */
  setBaseUrl(url: string): void;
  /** The monitors; resolves when the lab's signal is aborted. */
  run(): Promise<void>;
}

/** The service over `lab.world.service`. Each request, each change of status and each accepted effect is a line of history. */
export function createService(lab: Lab): LabService {
  const service: Service = { lab, world: lab.world.service, baseUrl: '', downSince: null };
  const sendImage = createImageService(service);
  return {
    handle: (req, res) => {
      const url = new URL(req.url ?? '/', 'http://lab');
      const { pathname: path } = url;
      const method = req.method ?? 'GET';
      const status = (): number => (res.headersSent ? res.statusCode : 0);
      res.once('close', () => lab.record({ kind: 'request', to: 'service', method, path, status: status() }));
      if (!isAlive(service)) return void req.socket.destroy();
      if (path.startsWith(API)) return void answerApi(service, req, res, url);
      if (path.startsWith('/byid/')) return sendImage(req, res, path);
      if (path === '/ready' || path === '/health') return void res.writeHead(200, { 'Content-Length': '0' }).end();
      sendText(res, 404, '404 page not found\n');
    },
    setBaseUrl: (url) => void (service.baseUrl = url.replace(/\/$/, '')),
    run: () => runMonitors(service),
  };
}

async function answerApi(service: Service, req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
  const path = url.pathname.slice(API.length).replace(/\/+$/, '');
  const method = req.method ?? '';
  const isDownload = method === 'GET' && OCTETS.test(path);
  const send = (answer: Answer | 'none', octets: boolean): void =>
    answer === 'none' ? void req.socket.destroy() : sendAnswer(req, res, answer, octets);
  try {
    const instead = answerInstead(service.lab, method, path);
    if (instead) return send(instead, false);
    const { handle, spec, params } = findRoute(method, path);
    const body = await readBody(req);
    checkMedia(req, isDownload, spec && body.length > 0);
    const json = spec ? parseBody(spec, body) : {};
    const answer = await handle({ service, params, query: url.searchParams, headers: req.headers, body, json });
    const cluster = nameOf(service, { ...json, ...params });
    send(answerInstead(service.lab, method, path, { cluster }) ?? answer, isDownload);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, String(error));
    if (refusal !== error) service.lab.record({ kind: 'lab', to: 'service', error: String(error), path });
    if (res.headersSent) return;
    const answer = { status: refusal.status, json: refusal.body() };
    sendAnswer(req, res, answer, isDownload && refusal.shape === 'business');
  }
}

/** The name of the cluster that a call was about, `service` where it was about none. */
function nameOf({ world }: Service, { cluster_id: id, infra_env_id: infraEnv, name }: Json): string {
  const owner = world.infraEnvs[String(infraEnv)]?.cluster_id ?? String(id);
  return world.clusters[owner]?.name ?? (typeof name === 'string' ? name : 'service');
}

interface Found {
  handle: Handler;
  spec: BodySpec | undefined;
  params: Record<string, string>;
}

const PATTERNS = Object.entries(ROUTES).map(([path, methods]) => ({
  methods,
  pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>[^/]+)`)}$`),
}));

/** Throws Refusal 404, 405, or 400 for an id that is no UUID. */
function findRoute(method: string, path: string): Found {
  const fitting = PATTERNS.find(({ pattern }) => pattern.test(path));
  if (!fitting) throw new Refusal(404, `path ${API}${path} was not found`, 'openapi');
  const found = fitting.methods[method];
  const allowed = Object.keys(fitting.methods).join(',');
  if (!found) throw new Refusal(405, `method ${method} is not allowed, but [${allowed}] are`, 'openapi');
  const params = { ...fitting.pattern.exec(path)?.groups };
  for (const [name, value] of Object.entries(params))
    if (!isUuid(value)) throw new Refusal(400, `${name} in path must be of type uuid: "${value}"`, 'openapi');
  return { handle: found[0], spec: found[1], params };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Media types as go-openapi has them: 415 and 406 become 400. */
function checkMedia(req: IncomingMessage, isDownload: boolean, takesJson: boolean | undefined): void {
  const type = (req.headers['content-type'] ?? 'application/json').split(';')[0]!;
  if (takesJson && type !== 'application/json')
    throw new Refusal(400, `unsupported media type "${type}", only [application/json] are allowed`, 'openapi');
  const offered = isDownload ? 'application/octet-stream' : 'application/json';
  const accepted = (req.headers.accept ?? '*/*').split(',').map((item) => item.split(';')[0]!.trim());
  if (!['*/*', 'application/*', offered].some((item) => accepted.includes(item)))
    throw new Refusal(400, `unsupported media type requested, only [${offered}] are available`, 'openapi');
}
