/** The media server as a process: it outlives its run, and comes back when it is killed. Real processes and sockets. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import { type MediaKeeper, openMediaKeeper } from '../../src/media/keeper.ts';
import { endMedia, publishedBefore } from '../../src/media/leftover.ts';
import { type MediaRecord, saveRecord } from '../../src/media/record.ts';
import { mediaUrl } from '../../src/media/server.ts';

const DATE = 'Sun, 22 Nov 2026 21:31:00 GMT';
const SIZE = 4_000_000;
const content = Buffer.alloc(SIZE, 'what the host pages from. ');
const HOUR_AS_SECOND = 3600;

let dir = '';
let keepers: MediaKeeper[] = [];
let said: string[] = [];
let pids: number[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'snoboot-keeper-'));
  await writeFile(join(dir, 'a.iso'), content);
  [keepers, said, pids] = [[], [], []];
});
afterEach(async () => {
  for (const keeper of keepers) await keeper.close();
  await endMedia(dir);
  for (const pid of pids) kill(pid);
  await rm(dir, { recursive: true });
});

const record = () => JSON.parse(readFileSync(join(dir, 'media.json'), 'utf8')) as MediaRecord;
const serverPid = (): number => {
  const pid = record().server?.pid ?? 0;
  pids.push(pid);
  return pid;
};

function open(factor = 1): MediaKeeper {
  const keeper = openMediaKeeper({
    dir,
    clock: createClock(factor),
    random: systemRandom,
    onRead: ({ label, read }) => said.push(`${label} ${read}`),
    onRecovered: (text) => said.push(`recovered: ${text}`),
    onTrouble: (text) => said.push(`trouble: ${text}`),
  });
  keepers.push(keeper);
  return keeper;
}

async function publish(keeper: MediaKeeper, label = 'c/h', token = `t-${label.replace('/', '-')}/boot.iso`) {
  const port = await keeper.listen('127.0.0.1', 0);
  const file = { token, path: join(dir, 'a.iso'), size: SIZE, lastModified: DATE, etag: `"${token}"` };
  await keeper.publish({ label, address: '127.0.0.1', port, file });
  return mediaUrl('127.0.0.1', port, token);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** What nobody has waited for is dead too, once the last of its threads has let go of its sockets. */
function lives(pid: number): boolean {
  try {
    const isZombie = /^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return !isZombie || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 500; !(await isSo()); left--) {
    assert.ok(left > 0, `waited for: ${what}`);
    await sleep(20);
  }
}

const status = async (url: string) => (await fetch(url, { headers: { range: 'bytes=0-0' } })).status;

/** Reads as a host does that pages: piece by piece, a refused or cut request again. Returns all, and the longest wait in ms. */
async function page(url: string, onPiece: (offset: number) => void) {
  const pieces: Buffer[] = [];
  let longest = 0;
  for (let offset = 0; offset < SIZE; offset += pieces.at(-1)!.length) {
    onPiece(offset);
    const range = `bytes=${offset}-${offset + 99_999}`;
    const began = performance.now();
    for (let piece: Buffer | undefined; !piece;) {
      piece = await fetch(url, { headers: { range } }).then(
        async (answer) => {
          assert.equal(answer.status, 206);
          return Buffer.from(await answer.arrayBuffer());
        },
        () => undefined,
      );
      if (piece) pieces.push(piece);
      else await sleep(20);
    }
    longest = Math.max(longest, performance.now() - began);
  }
  return { all: Buffer.concat(pieces), longest };
}

describe('a media server that is killed', () => {
  it('is back within two seconds, and the host that was reading goes on', async () => {
    const keeper = open();
    const url = await publish(keeper);
    const { all, longest } = await page(url, (offset) => {
      if (offset === 1_000_000 || offset === 2_000_000) kill(serverPid());
    });
    assert.ok(all.equals(content));
    assert.ok(longest < 2000, `${longest} ms`);
    assert.equal(said.filter((text) => text.startsWith('recovered')).length, 2);
    await until('what was read of both to be counted', () => keeper.read('c/h') >= SIZE - 400_000);
  });

  it('still says 410 for what was withdrawn before', async () => {
    const keeper = open();
    const gone = await publish(keeper, 'c/gone');
    await publish(keeper);
    await keeper.withdraw('c/gone');
    assert.equal(await status(gone), 410);
    kill(serverPid());
    await until('the next one', () => said.some((text) => text.startsWith('recovered')));
    assert.equal(await status(gone), 410);
  });

  it('comes back as soon as its port is free, when another has taken that', async () => {
    const url = await publish(open());
    const pid = serverPid();
    kill(pid);
    const stranger = createServer();
    await until('the port', async () => {
      stranger.listen(Number(new URL(url).port), '127.0.0.1');
      return once(stranger, 'listening').then(
        () => true,
        () => false,
      );
    });
    await until('the trouble to be told', () => /^trouble: .*cannot listen/.test(said[0] ?? ''));
    stranger.close();
    await until('the next one', () => said.length > 1);
    assert.match(said[1]!, /^recovered/);
    assert.equal(await status(url), 206);
  });

  it('is not started again when nobody needs it', async () => {
    const keeper = open();
    await publish(keeper);
    await keeper.withdraw('c/h');
    kill(serverPid());
    await sleep(300);
    assert.deepEqual([lives(serverPid()), said], [false, []]);
    assert.equal(await status(await publish(keeper, 'c/other')), 206);
  });
});

describe('a run that is killed', () => {
  let life: ChildProcess | undefined;
  const live = async (factor = 1): Promise<string> => {
    const entry = fileURLToPath(new URL('stand-in.js', import.meta.url));
    life = fork(entry, [dir, join(dir, 'a.iso'), String(SIZE), String(factor)], { execArgv: [] });
    const ended = once(life, 'exit').then(() => assert.fail('it ended by itself'));
    const [url] = (await Promise.race([once(life, 'message'), ended])) as [string];
    ended.catch(() => undefined);
    return url;
  };
  const die = async (): Promise<void> => {
    life?.kill('SIGKILL');
    if (life?.exitCode === null && life.signalCode === null) await once(life, 'exit');
  };
  const dieBoth = async (): Promise<void> => {
    await die();
    const pid = serverPid();
    kill(pid);
    await until('its death', () => !lives(pid));
  };
  afterEach(die);

  it('leaves its media server, and the next life takes it over: same process, same URL, all that was read', async () => {
    const url = await live();
    const pid = serverPid();
    await die();
    assert.equal((await page(url, () => undefined)).all.length, SIZE);
    const keeper = open();
    await keeper.resume();
    assert.equal(serverPid(), pid);
    await until('what was read meanwhile', () => keeper.read('c/h') === SIZE);
    const [{ address, port, file } = assert.fail()] = [keeper.published('c/h')];
    assert.equal(mediaUrl(address, port, file.token), url);
    assert.deepEqual(publishedBefore(dir), ['c/h']);
  });

  it('finds its URL served again when the media server was killed as well', async () => {
    const url = await live();
    await page(url, () => undefined);
    await sleep(1100);
    await page(url, () => undefined);
    await dieBoth();
    assert.equal(await live(), url);
    assert.equal(await status(url), 206);
    assert.ok(record().media[0]!.read >= SIZE);
  });

  it('refuses to go on at another port than its hosts know, and leaves no process', async () => {
    const url = await live();
    await dieBoth();
    const stranger = createServer().listen(Number(new URL(url).port), '127.0.0.1');
    await once(stranger, 'listening');
    await assert.rejects(open().resume(), { code: 'E-MEDIA-PORT', todo: /end what listens there/ });
    const pid = serverPid();
    await until('the end', () => !lives(pid));
    stranger.close();
  });

  it('is waited for no longer than forty minutes', async () => {
    await live(HOUR_AS_SECOND);
    const pid = serverPid();
    await sleep(1500);
    assert.ok(lives(pid), 'it is owned');
    await die();
    await until('the end', () => !lives(pid));
  });

  it('can be cleaned up after: its media server ends', async () => {
    await live();
    const pid = serverPid();
    await die();
    assert.equal(await endMedia(dir), true);
    await until('the end', () => !lives(pid));
    assert.equal(await endMedia(dir), false);
  });
});

describe('the end of a run', () => {
  it('ends its media server with it', async () => {
    const keeper = open();
    const url = await publish(keeper);
    const pid = serverPid();
    await keeper.withdraw('c/h');
    await keeper.close();
    await assert.rejects(status(url));
    await until('the end', () => !lives(pid));
  });

  it('leaves it where a host still needs its medium', async () => {
    const keeper = open();
    const url = await publish(keeper);
    await keeper.close();
    assert.equal(await status(url), 206);
  });

  it('is not waited for by a media server with an empty table: it ends after a minute', async () => {
    const keeper = open(60);
    await publish(keeper);
    const pid = serverPid();
    await sleep(1500);
    assert.ok(lives(pid), 'it has a medium');
    await keeper.withdraw('c/h');
    await until('the end', () => !lives(pid));
    assert.equal(await status(await publish(keeper, 'c/late')), 206);
    assert.deepEqual(said, []);
  });
});

describe('what others on this machine see of it', () => {
  const linux = { skip: process.platform === 'linux' ? false : 'needs /proc' };

  it('is nothing in arguments, environment and files', linux, async () => {
    const umask = process.umask(0);
    await publish(open());
    process.umask(umask);
    const { token = '', proof = '', pid = 0 } = record().server ?? {};
    for (const place of ['cmdline', 'environ'])
      assert.doesNotMatch(readFileSync(`/proc/${pid}/${place}`, 'utf8'), new RegExp(`${token}|${proof}|SNOBOOT|HOME`));
    for (const name of ['media.json', 'media.log']) assert.equal(statSync(join(dir, name)).mode & 0o777, 0o600, name);
  });

  it('is a port that refuses who does not know its token', async () => {
    await publish(open());
    const control = `http://127.0.0.1:${record().server?.port}`;
    for (const authorization of ['', 'Bearer ', 'Bearer wrong'])
      assert.equal((await fetch(`${control}/`, { method: 'DELETE', headers: { authorization } })).status, 401);
    assert.equal((await fetch(`${control}/totals`)).status, 401);
  });

  it('cannot be played by a stranger at its old port', async () => {
    const stranger = createServer((_, response) => void response.end('{"proof":"guessed"}\n{"places":[]}\n'));
    stranger.listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as { port: number };
    saveRecord(dir, { format: 1, server: { port, pid: 1, token: 'old-token', proof: 'old-proof' }, media: [] });
    await publish(open());
    assert.notEqual(record().server?.port, port);
    stranger.close();
  });
});
