/** A proxy of a site, and a service behind it under a name that only the proxy knows, with a certificate of the site's own authority. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createTls } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { seededRandom } from '../../src/core/random.ts';
import { selfSigned } from '../../src/lab/certificate.ts';

export const NAME = 'assisted.site.invalid';

export interface Site {
  /** `http://127.0.0.1:port` */
  proxy: string;
  /** PEM. */
  authority: string;
  /** `host:port` of everything that was asked of the proxy. */
  asked: Set<string>;
  close(): void;
}

/** `behind`: origin of the service itself, plain HTTP. */
export async function startSite(behind: string): Promise<Site> {
  const { certificate, privateKey } = selfSigned(NAME, Date.now(), seededRandom('site'));
  const pass = (to: string) => (req: IncomingMessage, res: ServerResponse) => {
    const { method, headers } = req;
    const on = request(`${to}${req.url ?? ''}`, { method: method ?? 'GET', headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    on.on('error', () => res.destroy());
    req.pipe(on);
  };
  const front = createTls({ cert: certificate, key: privateKey }, pass(behind));
  const frontPort = await listening(front);
  const asked = new Set<string>();
  const proxy = createServer((req, res) => {
    asked.add(new URL(req.url ?? '').host);
    pass('')(req, res);
  });
  proxy.on('connect', (req, socket) => {
    asked.add(req.url ?? '');
    const way = connect(frontPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      way.pipe(socket).pipe(way);
    });
    for (const end of [way, socket]) end.on('error', () => [way, socket].forEach((one) => one.destroy()));
  });
  const port = await listening(proxy);
  const close = (): void =>
    [front, proxy].forEach((server) => {
      server.closeAllConnections();
      server.close();
    });
  return { proxy: `http://127.0.0.1:${port}`, authority: certificate, asked, close };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}
