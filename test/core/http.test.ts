/** The last check of a request: made when the connection stands, and nothing leaves without it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SnobootError } from '../../src/core/errors.ts';
import { createHttpClient, type HttpRequest } from '../../src/core/http.ts';

interface Served {
  url: string;
  told: string[];
  send(request: Partial<HttpRequest>): Promise<number>;
}

async function serving(work: (served: Served) => Promise<void>): Promise<void> {
  const told: string[] = [];
  const server = createServer((req, res) => {
    told.push(String(req.method));
    req.resume().on('end', () => res.writeHead(204).end());
  });
  server.on('connection', (socket) => {
    told.push('connected');
    socket.once('data', () => told.push('bytes'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const http = createHttpClient();
  const send = async (request: Partial<HttpRequest>): Promise<number> =>
    (await http.send({ method: 'POST', url, body: '{}', ...request })).status;
  try {
    await work({ url, told, send });
  } finally {
    await http.close();
    server.close();
  }
}

const lost = new SnobootError('E-LEASE-LOST', 'somebody else has it', 'ask them');

test('it is made on a connection that stands, before the first byte, and what it lets through is answered', () =>
  serving(async ({ told, send }) => {
    const status = await send({ lastCheck: () => void told.push('checked') });
    assert.equal(status, 204);
    assert.deepEqual(
      told.filter((one) => one !== 'connected'),
      ['checked', 'POST', 'bytes'],
    );
  }));

test('it is not made where no connection comes about', async () => {
  let url = '';
  await serving((served) => Promise.resolve(void ({ url } = served)));
  const http = createHttpClient();
  const lastCheck = (): void => assert.fail('there is no connection');
  await assert.rejects(http.send({ method: 'POST', url, lastCheck }), { failure: 'refused' });
  await http.close();
});

test('what it throws is what the request ends with; the server sees no byte, and the next request is sent', () =>
  serving(async ({ told, send }) => {
    const refuse = (): never => {
      throw lost;
    };
    await assert.rejects(send({ lastCheck: refuse }), lost);
    assert.ok(!told.includes('bytes'), told.join(' '));
    assert.equal(await send({}), 204);
    assert.deepEqual(
      told.filter((one) => one !== 'connected'),
      ['POST', 'bytes'],
    );
  }));
