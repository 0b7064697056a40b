/** Writes to the service by a process that may have lost its machines on the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAssisted } from '../../src/assisted/client.ts';
import { createVirtualClock } from '../../src/core/clock.ts';
import { SnobootError } from '../../src/core/errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../src/core/http.ts';
import { checkedWrites } from '../../src/run/checked-writes.ts';

const lost = new SnobootError('E-LEASE-LOST', 'somebody else has it', 'ask them');
const BUSY: HttpResponse = { status: 429, headers: { 'retry-after': '60' }, body: Buffer.from('') };

/** A service that puts everything off, by a client that makes the last check as the real one does. */
function serviceOf() {
  const sent: string[] = [];
  const clock = createVirtualClock();
  let isOurs = true;
  const http: HttpClient = {
    send: async ({ method, lastCheck }: HttpRequest) => {
      await Promise.resolve();
      lastCheck?.();
      sent.push(method);
      return BUSY;
    },
    open: () => assert.fail('nothing is downloaded'),
    close: () => Promise.resolve(),
  };
  const own = checkedWrites(http, () => {
    if (!isOurs) throw lost;
  });
  const service = createAssisted({ url: 'http://svc:8090', http: own, clock, trust: { kind: 'verify' } });
  return { service, clock, sent, lose: () => (isOurs = false) };
}

test('a write that the service put off is not sent again once the machines are somebody else’s', async () => {
  const { service, clock, sent, lose } = serviceOf();
  const install = assert.rejects(service.install('c1'), lost);
  await clock.advance(59_000);
  assert.deepEqual(sent, ['POST']);
  lose();
  await clock.advance(2_000);
  await install;
  assert.deepEqual(sent, ['POST']);
});

test('what only reads goes on', async () => {
  const { service, clock, sent, lose } = serviceOf();
  lose();
  const reading = assert.rejects(service.getCluster('c1'), { code: 'E-SVC-UNREACH' });
  await clock.advance(200_000);
  await reading;
  assert.ok(sent.length > 1 && sent.every((method) => method === 'GET'), sent.join(' '));
});
