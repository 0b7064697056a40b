/** The download of an ISO over connections that break, and the check of what came. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createClock } from '../../src/core/clock.ts';
import { createHttpClient } from '../../src/core/http.ts';
import { downloadIso } from '../../src/media/download.ts';
import { checkIso } from '../../src/media/iso.ts';

const SECTOR = 2048;
const DATE = 'Sun, 22 Nov 2026 21:31:00 GMT';

/** The smallest thing that is an ISO: sectors of zeros and one volume descriptor. */
function isoOf(sectors: number, mark = 0): Buffer {
  const iso = Buffer.alloc(sectors * SECTOR, mark);
  iso.write('\x01CD001\x01', 16 * SECTOR, 'latin1');
  iso.write('rhcos-test'.padEnd(32), 16 * SECTOR + 40, 'latin1');
  iso.writeUInt32LE(sectors, 16 * SECTOR + 80);
  iso.writeUInt16LE(SECTOR, 16 * SECTOR + 128);
  return iso;
}

let dir = '';
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'snoboot-iso-'))));
afterEach(() => rm(dir, { recursive: true }));

describe('checkIso', () => {
  const check = async (content: Buffer | string) => {
    await writeFile(join(dir, 'x.iso'), content);
    return checkIso(join(dir, 'x.iso'));
  };

  it('reads size and volume id', async () => {
    assert.deepEqual(await check(isoOf(20)), { size: 20 * SECTOR, volumeId: 'rhcos-test' });
  });

  it('refuses an ISO that is shorter than it says', async () => {
    await assert.rejects(check(isoOf(20).subarray(0, 19 * SECTOR)), {
      code: 'E-ISO-FORMAT',
      message: /38912 bytes .* 40960/,
    });
  });

  it('quotes the beginning of a web page', async () => {
    const page = check(`<!DOCTYPE html><title>Log in</title>${'x'.repeat(40_000)}`);
    await assert.rejects(page, { code: 'E-ISO-FORMAT', message: /begins with "<!DOCTYPE html><title>Log in/ });
  });

  it('refuses other bytes without quoting them', async () => {
    await assert.rejects(check(Buffer.alloc(40_000, 1)), {
      message: '40000 bytes that are no ISO image: no CD001 at byte 32769',
    });
  });

  it('refuses an empty file', async () => {
    await assert.rejects(check(''), { code: 'E-ISO-FORMAT' });
  });

  it('refuses a file that is not there', async () => {
    await assert.rejects(checkIso(join(dir, 'none.iso')), { code: 'E-ISO-FORMAT', message: /ENOENT/ });
  });

  const corpus = join(process.cwd(), '../shared/data/iso-corpus');
  const skip = existsSync(corpus) ? false : '../shared is not here';
  it('takes every ISO of the corpus', { skip }, async () => {
    for (const name of readdirSync(corpus).filter((one) => one.endsWith('.iso.gz'))) {
      const iso = gunzipSync(readFileSync(join(corpus, name)));
      assert.equal((await check(iso)).size, iso.length, name);
    }
  });
});

describe('downloadIso', () => {
  const iso = isoOf(1000, 7);
  const http = createHttpClient();
  const clock = createClock(1000);
  let server: Server;
  let answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
  let ranges: (string | undefined)[] = [];

  before(async () => {
    server = createServer((request, response) => {
      ranges.push(request.headers.range);
      (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => (ranges = []));
  after(async () => {
    await http.close();
    server.closeAllConnections();
    server.close();
  });

  interface Job {
    path?: string;
    signal?: AbortSignal;
    onProgress?: (bytes: number, total: number) => void;
  }
  const download = ({ path = '/bytoken/s3cret-token/full.iso', ...job }: Job = {}) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    return downloadIso({ url, to: join(dir, 'a.iso'), http, clock, trust: { kind: 'verify' }, ...job });
  };
  const headers = { 'content-length': iso.length, 'last-modified': DATE };
  const whole = (_: IncomingMessage, response: ServerResponse) => void response.writeHead(200, headers).end(iso);
  let held: ServerResponse | undefined;
  const hold = (_: IncomingMessage, response: ServerResponse) => {
    held = response.writeHead(200, headers);
    held.write(iso.subarray(0, iso.length * 0.6));
  };
  /** Ends a held answer once its bytes are in the file. */
  const onProgress = (bytes: number, total: number) => {
    if (bytes / total >= 0.59) held?.socket?.end();
  };
  const cut = (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, headers).write(iso.subarray(0, iso.length * 0.6), () => response.socket?.end());
  };
  const status = (code: number) => (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(code).end();
  const rest = (request: IncomingMessage, response: ServerResponse) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1]);
    if (Number.isNaN(from) || request.headers['if-range'] !== DATE) return void response.writeHead(400).end();
    const part = {
      'content-range': `bytes ${from}-${iso.length - 1}/${iso.length}`,
      'content-length': iso.length - from,
    };
    response.writeHead(206, part).end(iso.subarray(from));
  };

  it('makes a file for its owner alone, and tells size and date', async () => {
    answers = [whole];
    assert.deepEqual(await download(), { size: iso.length, lastModified: DATE });
    assert.equal((await stat(join(dir, 'a.iso'))).mode & 0o777, 0o600);
    assert.ok((await readFile(join(dir, 'a.iso'))).equals(iso));
    assert.deepEqual(await readdir(dir), ['a.iso']);
  });

  it('tells its progress up to the end', async () => {
    answers = [whole];
    const told: number[] = [];
    await download({ onProgress: (bytes, total) => told.push(bytes / total) });
    assert.equal(told.at(-1), 1);
  });

  it('goes on where a connection broke at 60 %', async () => {
    answers = [hold, rest];
    await download({ onProgress });
    assert.match(ranges[1] ?? '', /^bytes=[1-9]\d*-$/);
    assert.ok((await readFile(join(dir, 'a.iso'))).equals(iso));
  });

  it('begins anew when the file has changed meanwhile', async () => {
    const other = isoOf(1000, 9);
    answers = [hold, (_, response) => void response.writeHead(200, headers).end(other)];
    await download({ onProgress });
    assert.ok((await readFile(join(dir, 'a.iso'))).equals(other));
  });

  it('begins anew after a part that it did not ask for', async () => {
    const wrong = { 'content-range': `bytes 0-9/${iso.length}`, 'content-length': 10 };
    answers = [hold, (_, response) => void response.writeHead(206, wrong).end(iso.subarray(0, 10)), whole];
    await download({ onProgress });
    assert.equal(ranges[2], undefined);
    assert.ok((await readFile(join(dir, 'a.iso'))).equals(iso));
  });

  it('tries again after a 503', async () => {
    answers = [status(503), whole];
    assert.equal((await download()).size, iso.length);
  });

  it('gives up after three broken connections and leaves nothing', async () => {
    answers = [cut, cut, cut];
    await assert.rejects(download(), { code: 'E-ISO-FETCH', message: /3 times/ });
    assert.equal(ranges.length, 3);
    assert.deepEqual(await readdir(dir), []);
  });

  it('gives up at once on a link that has expired', async () => {
    answers = [status(401)];
    await assert.rejects(download(), { code: 'E-ISO-FETCH', message: /it answered 401/ });
    assert.equal(ranges.length, 1);
  });

  it('shows the host of the image service but never the path, which may be a token', async () => {
    answers = [status(404)];
    await assert.rejects(
      download(),
      (error: Error) => error.message.includes('127.0.0.1') && !error.message.includes('s3cret'),
    );
  });

  it('says what came instead when it is a web page with 200', async () => {
    answers = [(_, response) => void response.setHeader('content-length', 20).end('<html>Sign in</html>')];
    await assert.rejects(download(), { code: 'E-ISO-FORMAT', message: /<html>Sign in/ });
    assert.deepEqual(await readdir(dir), []);
  });

  it('refuses an answer without a length', async () => {
    answers = [(_, response) => void (response.write('x'), response.end(iso))];
    await assert.rejects(download(), { code: 'E-ISO-FETCH', message: /how long/ });
  });

  it('refuses an ISO that the server itself has only in part', async () => {
    const half = iso.subarray(0, iso.length / 2);
    answers = [(_, response) => void response.writeHead(200, { 'content-length': half.length }).end(half)];
    await assert.rejects(download(), { code: 'E-ISO-FORMAT' });
  });

  it('keeps the file of an earlier download when a new one fails', async () => {
    await writeFile(join(dir, 'a.iso'), 'earlier');
    answers = [status(404)];
    await assert.rejects(download());
    assert.equal(await readFile(join(dir, 'a.iso'), 'utf8'), 'earlier');
  });

  it('ends with the reason of its signal', async () => {
    answers = [cut, status(500)];
    const stop = new AbortController();
    const going = download({ signal: stop.signal });
    stop.abort(new Error('enough'));
    await assert.rejects(going, /enough/);
    assert.ok(!(await readdir(dir)).includes('a.iso'));
  });

  describe('of which a part is there', () => {
    const tokenOf = (exp: number, id = 'infra-env-1') =>
      `/bytoken/aa.${Buffer.from(JSON.stringify({ exp, sub: id })).toString('base64url')}.bb/4.20/x86_64/full.iso`;
    /** A download that is told to end when 59 % are in the file. */
    const breakOff = async (path?: string) => {
      answers = [hold];
      const stop = new AbortController();
      const till = (bytes: number, total: number) => {
        if (bytes / total >= 0.59) stop.abort(new Error('enough'));
      };
      await assert.rejects(download({ signal: stop.signal, onProgress: till, ...(path ? { path } : {}) }), /enough/);
      ranges = [];
      return (await stat(join(dir, 'a.iso.part'))).size;
    };

    it('goes on where it stopped, also by a link with a fresh token', async () => {
      const size = await breakOff(tokenOf(1));
      answers = [rest];
      await download({ path: tokenOf(2) });
      assert.deepEqual(ranges, [`bytes=${size}-`]);
      assert.ok((await readFile(join(dir, 'a.iso'))).equals(iso));
      assert.deepEqual(await readdir(dir), ['a.iso']);
    });

    it('keeps the part for its owner alone, and no token beside it', async () => {
      await breakOff();
      for (const name of await readdir(dir)) assert.equal((await stat(join(dir, name))).mode & 0o777, 0o600, name);
      assert.doesNotMatch(await readFile(join(dir, 'a.iso.part.json'), 'utf8'), /s3cret/);
    });

    it('begins anew when the file has changed since', async () => {
      await breakOff();
      const other = isoOf(1000, 9);
      answers = [(_, response) => void response.writeHead(200, headers).end(other)];
      await download();
      assert.match(ranges[0] ?? '', /^bytes=\d+-$/);
      assert.ok((await readFile(join(dir, 'a.iso'))).equals(other));
    });

    it('begins anew for another image', async () => {
      await breakOff(tokenOf(1));
      answers = [whole];
      await download({ path: tokenOf(1, 'infra-env-2') });
      assert.deepEqual(ranges, [undefined]);
    });

    it('begins anew when the server has less of it now', async () => {
      await breakOff();
      answers = [status(416), whole];
      await download();
      assert.equal(ranges[1], undefined);
      assert.ok((await readFile(join(dir, 'a.iso'))).equals(iso));
    });

    it('asks for the last byte of a whole one, to know that it is still of this file', async () => {
      await breakOff();
      await writeFile(join(dir, 'a.iso.part'), iso);
      answers = [rest];
      await download();
      assert.deepEqual(ranges, [`bytes=${iso.length - 1}-`]);
      assert.ok((await readFile(join(dir, 'a.iso'))).equals(iso));
    });

    it('deletes it when the link is refused', async () => {
      await breakOff();
      answers = [status(403)];
      await assert.rejects(download(), { code: 'E-ISO-FETCH' });
      assert.deepEqual(await readdir(dir), []);
    });
  });
});
