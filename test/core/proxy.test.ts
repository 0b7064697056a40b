/** Which proxy a URL goes by, as people set the environment; and that requests really go by it, with the trust of the service. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createHttpClient } from '../../src/core/http.ts';
import { proxiesOf } from '../../src/core/proxy.ts';
import { seededRandom } from '../../src/core/random.ts';
import { redact } from '../../src/core/secret.ts';
import { selfSigned } from '../../src/lab/certificate.ts';

const PROXY = { HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'http://plain:8080' };
const ways = (env: Record<string, string>, ...urls: string[]) => urls.map((url) => proxiesOf(env)(url)?.uri ?? null);

test('https goes by HTTPS_PROXY and http by HTTP_PROXY, and neither by that of the other', () => {
  assert.deepEqual(ways(PROXY, 'https://a.b', 'http://a.b'), ['http://proxy:3128', 'http://plain:8080']);
  assert.deepEqual(ways({ HTTP_PROXY: 'http://plain:8080' }, 'https://a.b'), [null]);
});

test('small letters win, a proxy without scheme is one of http, and an empty one is none', () => {
  assert.deepEqual(ways({ ...PROXY, https_proxy: 'other:1' }, 'https://a.b'), ['http://other:1']);
  assert.deepEqual(ways({ ...PROXY, https_proxy: '' }, 'https://a.b'), [null]);
});

const EXCEPTED: [list: string, url: string, isExcepted: boolean][] = [
  ['b.c', 'https://a.b.c', true],
  ['b.c', 'https://b.c', true],
  ['.b.c', 'https://a.b.c', true],
  ['*.b.c', 'https://a.b.c', true],
  ['b.c', 'https://ab.c', false],
  ['B.C', 'https://a.b.c', true],
  ['x, b.c', 'https://b.c', true],
  ['x b.c', 'https://b.c', true],
  ['*', 'https://b.c', true],
  ['b.c:8443', 'https://b.c', false],
  ['b.c:8443', 'https://b.c:8443', true],
  ['b.c:443', 'https://b.c', true],
  ['10.0.0.0/8', 'https://10.1.2.3:6000', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.1.2.3', 'https://10.1.2.3', true],
  ['10.0.0.0/99', 'https://10.1.2.3', false],
  ['fd00::/8', 'https://[fd00::1]:8090', true],
  ['1.2', 'https://10.0.1.2', false],
];
for (const [list, url, isExcepted] of EXCEPTED)
  test(`NO_PROXY="${list}" ${isExcepted ? 'excepts' : 'does not except'} ${url}`, () => {
    assert.deepEqual(ways({ ...PROXY, NO_PROXY: list }, url), [isExcepted ? null : 'http://proxy:3128']);
  });

test('user and password of a proxy become a header, are in no text, and % stands for itself', () => {
  const proxy = proxiesOf({ HTTPS_PROXY: 'http://me:s3cr%25t@proxy:3128' })('https://a.b');
  assert.equal(proxy?.uri, 'http://proxy:3128');
  assert.equal(proxy.authorization?.reveal(), `Basic ${Buffer.from('me:s3cr%t').toString('base64')}`);
  assert.equal(redact('it was s3cr%t'), 'it was ***');
});

test('a proxy of no use is named without its password', () => {
  for (const [value, todo] of [
    ['socks5://me:hidden@proxy:1', 'set HTTPS_PROXY=http://HOST:PORT'],
    ['http://', 'set HTTPS_PROXY=http://HOST:PORT'],
    ['http://me:100%@proxy:1', 'write it as %25'],
  ] as const)
    assert.throws(() => proxiesOf({ HTTPS_PROXY: value }), {
      code: 'E-USAGE',
      exitCode: 2,
      todo,
      message: /^HTTPS_PROXY [^:]*$/,
    });
});

/** A proxy that knows where `service.invalid` is; `asked` are its CONNECT lines and plain requests. */
async function startProxy(t: TestContext, port: number) {
  const asked: string[] = [];
  const proxy = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    res.end('by proxy');
  });
  proxy.on('connect', (req, socket) => {
    asked.push(`CONNECT ${req.url} ${req.headers['proxy-authorization'] ?? '-'}`);
    const way = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      way.pipe(socket).pipe(way);
    });
    for (const end of [way, socket]) end.on('error', () => undefined);
  });
  return { port: await listening(t, proxy), asked };
}

async function listening(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('a service behind a proxy and an authority of its own answers, and only through the proxy', async (t) => {
  const { certificate, privateKey } = selfSigned('service.invalid', Date.now(), seededRandom('proxy'));
  const service = createTls({ cert: certificate, key: privateKey }, (_, res) => res.end('it is me'));
  const proxy = await startProxy(t, await listening(t, service));
  const http = createHttpClient({ proxies: proxiesOf({ HTTPS_PROXY: `http://u:p@127.0.0.1:${proxy.port}` }) });
  t.after(() => http.close());
  const url = 'https://service.invalid/v2/x';
  const answer = await http.send({ method: 'GET', url, trust: { kind: 'verify', alsoCa: certificate } });
  assert.equal(answer.body.toString(), 'it is me');
  await assert.rejects(http.send({ method: 'GET', url }), { failure: 'tls' });
  const line = `CONNECT service.invalid:443 Basic ${Buffer.from('u:p').toString('base64')}`;
  assert.deepEqual(new Set(proxy.asked), new Set([line]));
});

test('an http URL is asked of the proxy as it is, without a tunnel', async (t) => {
  const proxy = await startProxy(t, 1);
  const http = createHttpClient({ proxies: proxiesOf({ HTTP_PROXY: `127.0.0.1:${proxy.port}` }) });
  t.after(() => http.close());
  const answer = await http.send({ method: 'GET', url: 'http://service.invalid:8090/v2/x' });
  assert.equal(answer.body.toString(), 'by proxy');
  assert.deepEqual(proxy.asked, ['GET http://service.invalid:8090/v2/x']);
});

test('a request that pins a certificate, as those to BMCs do, passes no proxy', async (t) => {
  const { certificate, privateKey, fingerprint } = selfSigned('bmc', Date.now(), seededRandom('bmc'));
  const bmc = createTls({ cert: certificate, key: privateKey }, (_, res) => res.end('bmc'));
  const port = await listening(t, bmc);
  const http = createHttpClient({ proxies: () => ({ uri: 'http://127.0.0.1:1', authorization: null }) });
  t.after(() => http.close());
  const trust = { kind: 'pin', fingerprint } as const;
  const answer = await http.send({ method: 'GET', url: `https://127.0.0.1:${port}/`, trust });
  assert.equal(answer.body.toString(), 'bmc');
});
