/** The media server against the habits of real readers, and the table of ranges (RFC 9110 §14; iso-readers.md §1). */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { routedAddress } from '../../src/media/address.ts';
import { spanOf } from '../../src/media/ranges.ts';
import { type MediaRead, type MediaServer, mediaUrl, startMediaServer } from '../../src/media/server.ts';

const SIZE = 1_000_003;
const TOKEN = 'AbCdEfGh01234567/boot.iso';
const DATE = 'Sun, 22 Nov 2026 21:31:00 GMT';
const ETAG = '"one-version"';
const content = Buffer.alloc(SIZE, 'every reader wants other bytes. ');

let dir = '';
let server: MediaServer;
let reads: MediaRead[] = [];

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'snoboot-media-'));
  await writeFile(join(dir, 'a.iso'), content);
  server = await startMediaServer({ host: '127.0.0.1', port: 0, onRead: (read) => reads.push(read) });
  server.serve({ token: TOKEN, path: join(dir, 'a.iso'), size: SIZE, lastModified: DATE, etag: ETAG });
});

after(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

async function ask(headers: Record<string, string> = {}, method = 'GET', token = TOKEN) {
  const answer = await fetch(mediaUrl('127.0.0.1', server.port, token), { method, headers });
  return { answer, body: Buffer.from(await answer.arrayBuffer()) };
}

/** Sends bytes as they are and returns all that comes until the server closes. */
async function raw(text: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(text);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

describe('spanOf', () => {
  const table: [string | undefined, number, ReturnType<typeof spanOf>][] = [
    [undefined, 100, 'whole'],
    ['bytes=0-0', 100, { first: 0, last: 0 }],
    ['bytes=0-99', 100, { first: 0, last: 99 }],
    ['bytes=10-', 100, { first: 10, last: 99 }],
    ['bytes=-10', 100, { first: 90, last: 99 }],
    ['bytes=-1000', 100, { first: 0, last: 99 }],
    ['bytes=90-4096', 100, { first: 90, last: 99 }],
    ['BYTES = 1-2', 100, { first: 1, last: 2 }],
    ['bytes=1-2,', 100, { first: 1, last: 2 }],
    ['bytes=0-99999999999999999999999', 100, { first: 0, last: 99 }],
    ['bytes=100-', 100, 'unsatisfiable'],
    ['bytes=100-200', 100, 'unsatisfiable'],
    ['bytes=-0', 100, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-5', 0, 'unsatisfiable'],
    ['bytes=5-2', 100, 'whole'],
    ['bytes=-', 100, 'whole'],
    ['bytes=a-b', 100, 'whole'],
    ['bytes=', 100, 'whole'],
    ['bytes', 100, 'whole'],
    ['lines=1-2', 100, 'whole'],
    ['bytes=0-1,5-6', 100, 'whole'],
    ['bytes=0x1-2', 100, 'whole'],
  ];
  for (const [header, size, expected] of table)
    it(`reads ${header ?? 'no header'} of ${size} bytes as ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(spanOf(header, size), expected);
    });
});

describe('the media server', () => {
  it('answers HEAD with all that a reader needs and no body', async () => {
    const { answer, body } = await ask({ range: 'bytes=0-1' }, 'HEAD');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-length'), String(SIZE));
    assert.equal(answer.headers.get('accept-ranges'), 'bytes');
    assert.equal(answer.headers.get('etag'), ETAG);
    assert.equal(answer.headers.get('last-modified'), DATE);
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
    assert.equal(body.length, 0);
  });

  it('sends the whole file uncompressed, whatever encodings are accepted', async () => {
    const { answer, body } = await ask({ 'accept-encoding': 'gzip, deflate' });
    assert.equal(answer.headers.get('content-encoding'), null);
    assert.ok(body.equals(content));
  });

  it('sends one byte more than a sector to a reader that asks for it', async () => {
    const { answer, body } = await ask({ range: 'bytes=32768-34816' });
    assert.equal(answer.status, 206);
    assert.equal(answer.headers.get('content-range'), `bytes 32768-34816/${SIZE}`);
    assert.ok(body.equals(content.subarray(32768, 34817)));
  });

  it('clamps a range that ends behind the file', async () => {
    const { answer, body } = await ask({ range: `bytes=${SIZE - 5}-${SIZE + 262_144}` });
    assert.equal(answer.status, 206);
    assert.equal(body.length, 5);
  });

  it('refuses a range behind the file with its size', async () => {
    const { answer } = await ask({ range: `bytes=${SIZE}-` });
    assert.equal(answer.status, 416);
    assert.equal(answer.headers.get('content-range'), `bytes */${SIZE}`);
  });

  it('answers several ranges with the whole file', async () => {
    const { answer, body } = await ask({ range: 'bytes=0-1,5-6' });
    assert.deepEqual([answer.status, body.length], [200, SIZE]);
  });

  const conditions: [string, Record<string, string>, number][] = [
    ['a range for our ETag', { range: 'bytes=0-9', 'if-range': ETAG }, 206],
    ['a range for our date', { range: 'bytes=0-9', 'if-range': DATE }, 206],
    ['the whole file for another ETag', { range: 'bytes=0-9', 'if-range': '"other"' }, 200],
    ['the whole file for a weak ETag', { range: 'bytes=0-9', 'if-range': `W/${ETAG}` }, 200],
    ['the whole file for another date', { range: 'bytes=0-9', 'if-range': 'Sun, 22 Nov 2026 21:31:01 GMT' }, 200],
    ['304 for our ETag', { 'if-none-match': `"x", W/${ETAG}` }, 304],
    ['304 for any ETag', { 'if-none-match': '*' }, 304],
    ['the file for another ETag, though the date fits', { 'if-none-match': '"x"', 'if-modified-since': DATE }, 200],
    ['304 for our date', { 'if-modified-since': DATE }, 304],
    ['the file for an earlier date', { 'if-modified-since': 'Sun, 22 Nov 2026 21:30:59 GMT' }, 200],
    ['the file for what is no date', { 'if-modified-since': 'yesterday' }, 200],
  ];
  for (const [what, headers, status] of conditions)
    it(`gives ${what}`, async () => {
      assert.equal((await ask(headers)).answer.status, status);
    });

  it('knows no other method', async () => {
    const { answer } = await ask({}, 'POST');
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD']);
  });

  for (const path of [
    '',
    'boot.iso',
    'AbCdEfGh01234567/',
    '../../etc/passwd',
    '%2e%2e/a.iso',
    'AbCdEfGh01234567%2Fboot.iso',
  ])
    it(`has nothing at /${path}`, async () => {
      const { answer, body } = await ask({}, 'GET', path);
      assert.deepEqual([answer.status, body.length], [404, 0]);
    });

  it('says 410 for a withdrawn token and serves it again when asked to', async () => {
    const file = { token: 'gone/boot.iso', path: join(dir, 'a.iso'), size: SIZE, lastModified: DATE, etag: ETAG };
    server.serve(file);
    server.withdraw(file.token);
    assert.equal((await ask({}, 'GET', file.token)).answer.status, 410);
    server.serve(file);
    assert.equal((await ask({}, 'GET', file.token)).answer.status, 200);
  });

  it('answers HTTP/1.0 without a Host header', async () => {
    const text = await raw(`GET /${TOKEN} HTTP/1.0\r\nRange: bytes=0-4\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 206 [^]*\r\n\r\nevery$/);
  });

  it('answers whatever the Host header says, and a request line with the whole address', async () => {
    const odd = `GET http://10.0.2.2/${TOKEN} HTTP/1.1\r\nHost: 10.0.2.2\r\nRange: bytes=0-4\r\nConnection: close\r\n\r\n`;
    assert.match(await raw(odd), /^HTTP\/1\.1 206 [^]*every$/);
  });

  it('serves several requests on one connection', async () => {
    const one = `GET /${TOKEN} HTTP/1.1\r\nRange: bytes=0-4\r\n`;
    const text = await raw(`${one}\r\n${one}Connection: close\r\n\r\n`);
    assert.equal(text.match(/206 Partial Content/g)?.length, 2);
  });

  it('cuts the answer when the file is shorter than it was', async () => {
    await writeFile(join(dir, 'short.iso'), 'short');
    server.serve({ token: 's/boot.iso', path: join(dir, 'short.iso'), size: 10, lastModified: DATE, etag: ETAG });
    await assert.rejects(ask({}, 'GET', 's/boot.iso'));
  });

  it('tells what was read, and by whom', async () => {
    reads = [];
    await ask({ range: 'bytes=0-599999' });
    const bytes = reads.reduce((sum, read) => sum + read.bytes, 0);
    assert.equal(bytes, 600_000);
    assert.deepEqual(
      { ...reads[0], bytes },
      { token: TOKEN, method: 'GET', range: 'bytes=0-599999', bytes, peer: '127.0.0.1' },
    );
  });

  it('refuses a port that is taken with E-MEDIA-PORT', async () => {
    const again = startMediaServer({ host: '127.0.0.1', port: server.port, onRead: () => undefined });
    await assert.rejects(again, { code: 'E-MEDIA-PORT' });
  });

  it('refuses an address of another machine with E-MEDIA-ADDRESS', async () => {
    const elsewhere = startMediaServer({ host: '192.0.2.1', port: 0, onRead: () => undefined });
    await assert.rejects(elsewhere, { code: 'E-MEDIA-ADDRESS' });
  });
});

describe('a reader that asks for more than it wants', () => {
  const BIG = 64 * 1024 * 1024;

  it('stops the reading of the file when it goes', async () => {
    await writeFile(join(dir, 'big.iso'), Buffer.alloc(BIG));
    server.serve({ token: 'big/boot.iso', path: join(dir, 'big.iso'), size: BIG, lastModified: DATE, etag: ETAG });
    reads = [];
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET /big/boot.iso HTTP/1.1\r\nRange: bytes=0-${2 * BIG}\r\n\r\n`);
    await once(socket, 'data');
    socket.destroy();
    await ask({ range: 'bytes=0-0' });
    const settled = sent();
    for (let round = 0; round < 20; round++) await ask({ range: 'bytes=0-0' });
    assert.ok(sent() < BIG, `${sent()} bytes`);
    assert.ok(sent() - settled <= 512 * 1024, `${sent() - settled} bytes after it had gone`);
  });

  function sent(): number {
    return reads.filter(({ token }) => token === 'big/boot.iso').reduce((sum, { bytes }) => sum + bytes, 0);
  }
});

const LONGEST_REPLAY = 150;
const LONGEST_BODY = 64 * 1024 * 1024;

describe('recorded readers', () => {
  const folder = join(process.cwd(), '../shared/data/recordings/readers');
  const skip = existsSync(folder) ? false : '../shared is not here';
  const names = skip ? ['firmware, virtual machines and tools'] : readdirSync(folder);
  for (const name of names.filter((one) => skip || requestsOf(join(folder, one)).length > 0))
    it(`get from us the statuses and lengths that they got: ${name}`, { skip }, async () => {
      const requests = requestsOf(join(folder, name));
      const size = Math.max(...requests.map(({ off, len }) => off + len));
      const path = join(dir, 'recorded.iso');
      await writeFile(path, '');
      await truncate(path, size);
      server.serve({ token: 'r/boot.iso', path, size, lastModified: DATE, etag: ETAG });
      for (const { method, range, status, len } of requests.slice(0, LONGEST_REPLAY)) {
        const { answer, body } = await ask(range ? { range } : {}, method, 'r/boot.iso');
        const got = method === 'HEAD' ? Number(answer.headers.get('content-length')) : body.length;
        assert.deepEqual([answer.status, got], [status, len], `${method} ${range}`);
      }
    });
});

interface Recorded {
  method: string;
  path: string;
  range: string | null;
  status: number;
  off: number;
  len: number;
}

/** The requests of one recording for its first ISO, where the recorder saw the length of the answer. */
function requestsOf(path: string): Recorded[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as Partial<Recorded>);
  const known = all.filter((one): one is Recorded => one.len !== undefined && one.status !== undefined);
  return known.filter((one) => one.path === known[0]?.path && (one.method === 'HEAD' || one.len < LONGEST_BODY));
}

describe('mediaUrl', () => {
  it('puts an IPv6 address in brackets', () => {
    assert.equal(mediaUrl('fd00::7', 8080, 'abc/boot.iso'), 'http://[fd00::7]:8080/abc/boot.iso');
  });

  it('stays within 64 characters for any IPv4 address and port', () => {
    assert.ok(mediaUrl('255.255.255.255', 65_535, `${'x'.repeat(16)}/boot.iso`).length <= 64);
  });

  it('refuses an address that makes it longer', () => {
    const long = () => mediaUrl('2001:db8:1111:2222:3333:4444:5555:6666', 65_535, `${'x'.repeat(16)}/boot.iso`);
    assert.throws(long, { code: 'E-MEDIA-ADDRESS' });
  });
});

describe('routedAddress', () => {
  it('finds loopback for loopback', async () => {
    assert.equal(await routedAddress('127.0.0.1'), '127.0.0.1');
  });

  it('says E-MEDIA-ADDRESS for a name that nobody knows', async () => {
    await assert.rejects(routedAddress('bmc.invalid'), { code: 'E-MEDIA-ADDRESS' });
  });
});
