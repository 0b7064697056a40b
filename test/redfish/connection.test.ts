/** How a BMC is spoken to: login once, retries of reads, one origin, and what is said when it cannot work. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { SnobootError } from '../../src/core/errors.ts';
import { HttpError } from '../../src/core/http-error.ts';
import type { Send } from '../../src/core/http.ts';
import { error, fakeBmc, type Handler, link, machine, ORIGIN, type Reply, SYSTEM } from './fake-bmc.ts';

async function failure(work: Promise<unknown>): Promise<SnobootError> {
  const thrown: unknown = await work.then(
    () => assert.fail('nothing was thrown'),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof SnobootError, String(thrown));
  return thrown;
}

/** Answers the first `count` reads of `path` (default: the system) with `reply`. */
function firstReads(count: number, reply: () => Reply, path = SYSTEM): Handler {
  let left = count;
  return (seen) => (seen.method === 'GET' && seen.path === path && left-- > 0 ? reply() : undefined);
}

test('the root is read with the slash and without login, all the rest with Basic', async () => {
  const bmc = fakeBmc(machine());
  await bmc.connect();
  const [first, ...rest] = bmc.log;
  assert.equal(first?.path, '/redfish/v1/');
  assert.equal(first.headers['authorization'], undefined);
  const basic = `Basic ${Buffer.from('root:calvin-1956').toString('base64')}`;
  assert.deepEqual([...new Set(rest.map(({ headers }) => headers['authorization']))], [basic]);
});

test('every request says what community.general says', async () => {
  const bmc = fakeBmc(machine());
  await bmc.connect();
  for (const { headers } of bmc.log) {
    assert.equal(headers['accept'], 'application/json');
    assert.equal(headers['odata-version'], '4.0');
    assert.equal(headers['accept-encoding'], 'identity');
    assert.equal(headers['connection'], 'close');
  }
});

test('a refused login is tried exactly once, and never again on that connection', async () => {
  const bmc = fakeBmc(machine(), ({ headers }) => (headers['authorization'] ? { status: 401 } : undefined));
  const thrown = await failure(bmc.connect());
  assert.equal(thrown.code, 'E-BMC-AUTH');
  assert.equal(bmc.log.filter(({ headers }) => headers['authorization']).length, 1);
});

test('a login that worked is tried once more after a 401, and then no more', async () => {
  let locked = false;
  const bmc = fakeBmc(machine(), () => (locked ? { status: 401 } : undefined));
  const connected = await bmc.connect();
  locked = true;
  const before = bmc.log.length;
  assert.equal((await failure(connected.readPower())).code, 'E-BMC-AUTH');
  assert.equal((await failure(connected.readPower())).code, 'E-BMC-AUTH');
  assert.equal(bmc.log.length - before, 2);
});

test('a password that must be changed first is an E-BMC-AUTH that says so', async () => {
  const bmc = fakeBmc(machine(), ({ headers }) =>
    headers['authorization'] ? { status: 403, body: error('PasswordChangeRequired') } : undefined,
  );
  const thrown = await failure(bmc.connect());
  assert.equal(thrown.code, 'E-BMC-AUTH');
  assert.match(thrown.todo, /change the password/);
});

test('a 406 makes it drop Accept-Encoding and go on', async () => {
  const bmc = fakeBmc(machine(), ({ headers }) => (headers['accept-encoding'] ? { status: 406 } : undefined));
  assert.equal((await bmc.connect()).identity.serial, 'SN1');
});

const RECOVERABLE: { name: string; times: number; reply: () => Reply; waitedMs: number }[] = [
  { name: '503 for a minute with Retry-After', times: 6, reply: () => busy('10'), waitedMs: 60_000 },
  {
    name: '503 with a Retry-After that is a date by the clock of the BMC',
    times: 1,
    reply: () => busy('Sat, 01 Jan 2000 00:01:00 GMT', 'Sat, 01 Jan 2000 00:00:20 GMT'),
    waitedMs: 40_000,
  },
  { name: '500 nine times', times: 9, reply: () => ({ status: 500, body: error('InternalError') }), waitedMs: 27_000 },
  { name: '503 with a page of HTML', times: 2, reply: () => ({ status: 503, body: '<html>' }), waitedMs: 6_000 },
  { name: 'JSON cut off twice', times: 2, reply: () => ({ status: 200, body: '{"PowerSt' }), waitedMs: 6_000 },
  { name: 'connections reset', times: 3, reply: () => noAnswer('reset'), waitedMs: 9_000 },
  {
    name: '429 with Retry-After',
    times: 1,
    reply: () => ({ status: 429, headers: { 'retry-after': '20' } }),
    waitedMs: 20_000,
  },
];

function busy(retryAfter: string, date = 'Sat, 01 Jan 2000 00:00:00 GMT'): Reply {
  return { status: 503, headers: { 'retry-after': retryAfter, date }, body: error('ServiceTemporarilyUnavailable') };
}

function noAnswer(kind: HttpError['failure']): never {
  throw new HttpError(kind, `GET ${ORIGIN}: ${kind}`);
}

for (const { name, times, reply, waitedMs } of RECOVERABLE)
  test(`a read gets over ${name} and says so once`, async () => {
    const bmc = fakeBmc(machine(), firstReads(times, reply));
    await bmc.connect();
    assert.equal(bmc.clock.now(), waitedMs);
    assert.equal(bmc.recovered.length, 1);
    assert.match(bmc.recovered[0]!, new RegExp(`after ${times} tries`));
  });

const HOPELESS: { name: string; reply: () => Reply; code: string; says: RegExp; tries: number }[] = [
  { name: 'no connection at all', reply: () => noAnswer('refused'), code: 'E-BMC-UNREACH', says: /refused/, tries: 11 },
  { name: 'silence', reply: () => noAnswer('timeout'), code: 'E-BMC-UNREACH', says: /timeout/, tries: 2 },
  { name: 'a name that nobody knows', reply: () => noAnswer('dns'), code: 'E-BMC-UNREACH', says: /dns/, tries: 11 },
  {
    name: 'HTML with 200',
    reply: () => ({ status: 200, body: '<h1>Log\u001b[2Jin</h1>' }),
    code: 'E-BMC-PROTO',
    says: /"<h1>Log\ufffd\[2Jin<\/h1>"/,
    tries: 3,
  },
  {
    name: 'an answer without end',
    reply: () => noAnswer('too-large'),
    code: 'E-BMC-PROTO',
    says: /too much/,
    tries: 1,
  },
  {
    name: 'a 500 that stays',
    reply: () => ({ status: 500, body: error('InternalError', 'sorry') }),
    code: 'E-BMC-REFUSED',
    says: /sorry/,
    tries: 11,
  },
  { name: 'a Retry-After beyond two minutes', reply: () => busy('600'), code: 'E-BMC-REFUSED', says: /503/, tries: 1 },
];

for (const { name, reply, code, says, tries } of HOPELESS)
  test(`${name} ends in ${code}`, async () => {
    const bmc = fakeBmc(machine(), firstReads(99, reply));
    const thrown = await failure(bmc.connect());
    assert.equal(thrown.code, code);
    assert.match(thrown.message, says);
    assert.equal(bmc.asked().filter((asked) => asked === `GET ${SYSTEM}`).length, tries);
  });

test('a quote of garbage is at most 200 characters long', async () => {
  const bmc = fakeBmc(
    machine(),
    firstReads(99, () => ({ status: 200, body: 'x'.repeat(5000) })),
  );
  const thrown = await failure(bmc.connect());
  assert.ok((/"(x+…)"/.exec(thrown.message)?.[1]?.length ?? 0) === 200);
});

test('a document nested ten thousand deep breaks nothing', async () => {
  const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
  const bmc = fakeBmc(
    machine(),
    firstReads(99, () => ({ status: 200, body: deep })),
  );
  assert.equal((await failure(bmc.connect())).code, 'E-BMC-PROTO');
});

test('a redirect on the same origin is followed, with the method kept', async () => {
  const bmc = fakeBmc(machine(), ({ path }) =>
    path.endsWith('.Reset') ? { status: 308, headers: { location: `${path}/` } } : undefined,
  );
  const connected = await bmc.connect();
  await connected.power('on').catch(() => undefined);
  assert.deepEqual(bmc.writes().slice(0, 2), [
    `POST ${SYSTEM}/Actions/ComputerSystem.Reset`,
    `POST ${SYSTEM}/Actions/ComputerSystem.Reset/`,
  ]);
});

const ELSEWHERE = 'https://canary.example/redfish/v1/Systems/1';
const LURES: { name: string; handler: Handler }[] = [
  {
    name: 'a redirect',
    handler: ({ path }) => (path === SYSTEM ? { status: 307, headers: { location: ELSEWHERE } } : undefined),
  },
  {
    name: 'a redirect to another port',
    handler: ({ path }) =>
      path === SYSTEM ? { status: 301, headers: { location: `${ORIGIN}:8443${SYSTEM}` } } : undefined,
  },
  {
    name: 'a member link',
    handler: ({ path }) =>
      path === '/redfish/v1/Systems' ? { status: 200, body: { Members: [link(ELSEWHERE)] } } : undefined,
  },
  {
    name: 'a link without scheme',
    handler: ({ path }) =>
      path === '/redfish/v1/Systems' ? { status: 200, body: { Members: [link('//canary.example/x')] } } : undefined,
  },
];

for (const { name, handler } of LURES)
  test(`${name} to another origin is never followed`, async () => {
    const inner = fakeBmc(machine(), handler);
    const hosts = new Set<string>();
    const send: Send = (request) => (hosts.add(new URL(request.url).origin), inner.send(request));
    assert.equal((await failure(inner.connect({}, { send }))).code, 'E-BMC-ORIGIN');
    assert.deepEqual([...hosts], [ORIGIN]);
  });

test('a collection whose pages never end is refused', async () => {
  const path = '/redfish/v1/Systems';
  const docs = machine();
  docs[path] = { Members: [], 'Members@odata.nextLink': path };
  assert.equal((await failure(fakeBmc(docs).connect())).code, 'E-BMC-PROTO');
});

test('an untrusted certificate is learned without a request and shown with the way to pin it', async () => {
  const seen = 'ab'.repeat(32);
  const bmc = fakeBmc(machine());
  const send: Send = ({ trust }) =>
    Promise.reject(
      new HttpError('tls', trust?.kind === 'pin' ? `certificate has SHA-256 ${seen}` : 'self-signed certificate'),
    );
  const thrown = await failure(bmc.connect({ trust: { kind: 'verify' } }, { send }));
  assert.equal(thrown.code, 'E-BMC-TLS');
  assert.match(thrown.message, new RegExp(`not trusted: SHA-256 ${seen}`));
  assert.match(thrown.todo, /pin that fingerprint/);
});

test('requests of several callers go out one at a time', async () => {
  const bmc = fakeBmc(machine());
  let open = 0;
  let most = 0;
  const send: Send = async (request) => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setImmediate(resolve));
    return bmc.send(request).finally(() => open--);
  };
  const connected = await bmc.connect({}, { send });
  await Promise.all([connected.readPower(), connected.readMedia(), connected.readBoot()]);
  assert.equal(most, 1);
});

test('an aborted signal ends the retries with its reason', async () => {
  const bmc = fakeBmc(machine());
  const abort = new AbortController();
  const send: Send = () => {
    abort.abort(new Error('stop now'));
    return Promise.reject(new HttpError('refused', 'GET: refused'));
  };
  const work = bmc.connect({}, { send, signal: abort.signal });
  await assert.rejects(work, /stop now/);
});
