/** The wire itself: a name that leads elsewhere, the cluster's authority, our certificate. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { after, test } from 'node:test';
import { createHttpClient } from '../../src/core/http.ts';
import { Secret } from '../../src/core/secret.ts';
import { askCluster } from '../../src/kube/health.ts';
import { apiOf, documents, kubeconfig, keys, NAME, SERVER } from './documents.ts';

const seen: object[] = [];
const hosts: (string | undefined)[] = [];
const { send: answer } = apiOf(documents());
const server = createServer(
  { cert: keys.server.certificate, key: keys.server.privateKey, ca: keys.ca, requestCert: true },
  (request, response) => {
    hosts.push(request.headers.host);
    void answer({ method: 'GET', url: SERVER + (request.url ?? '') }).then(({ status, body }) =>
      response.writeHead(status).end(body),
    );
  },
).on('secureConnection', (socket) => {
  const { subject } = socket.getPeerCertificate() as Partial<PeerCertificate>;
  seen.push({ servername: socket.servername, client: subject?.CN, authorized: socket.authorized });
});
const plain = createPlain((request, response) => response.end(request.headers.host));
const clients: ReturnType<typeof createHttpClient>[] = [];
after(async () => {
  await Promise.all(clients.map((client) => client.close()));
  server.close();
  plain.close();
});

async function portOf(one: Server): Promise<number> {
  if (!one.listening) await once(one.listen(0, '127.0.0.1'), 'listening');
  return (one.address() as AddressInfo).port;
}

async function ask(name: string, document: object) {
  const connectTo = { [`${name}:6443`]: `127.0.0.1:${await portOf(server)}` };
  const client = createHttpClient({ connectTo });
  clients.push(client);
  return askCluster({ kubeconfig: new Secret(JSON.stringify(document)), send: client.send, timeoutMs: 5000 });
}

test('the connection goes elsewhere; name, Host, authority and our certificate stay those of the kubeconfig', async () => {
  assert.equal((await ask(NAME, kubeconfig())).version, '4.20.4');
  assert.deepEqual(seen[0], { servername: NAME, client: 'system:admin', authorized: true });
  assert.deepEqual([...new Set(hosts)], [`${NAME}:6443`]);
});

test('an API under another name than its certificate has is not believed', async () => {
  const name = 'api.other.example.com';
  await assert.rejects(ask(name, kubeconfig({ server: `https://${name}:6443` })), {
    code: 'E-API-UNREACH',
    message: /its certificate, or ours, is not accepted: .*altnames/,
  });
});

test('an API of another authority is not believed, and no key is in what is said', async () => {
  const foreign = kubeconfig({ 'certificate-authority-data': Buffer.from(keys.admin.certificate).toString('base64') });
  await assert.rejects(ask(NAME, foreign), (error: Error) => {
    assert.match(error.message, /is not accepted/);
    return !/PRIVATE KEY/.test(`${(error.cause as Error).message} ${error.stack ?? ''}`);
  });
});

test('an address in brackets and a port that the URL leaves out lead elsewhere too', async () => {
  const client = createHttpClient({
    connectTo: { 'somewhere.example.com:80': `[::ffff:127.0.0.1]:${await portOf(plain)}` },
  });
  clients.push(client);
  const { body } = await client.send({ method: 'GET', url: 'http://somewhere.example.com/' });
  assert.equal(body.toString(), 'somewhere.example.com');
});
