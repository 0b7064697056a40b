/** Whose ISO is published where, in one life of a run and the next, and what the journal hears of it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createVirtualClock } from '../../src/core/clock.ts';
import type { Event } from '../../src/core/events.ts';
import { systemRandom } from '../../src/core/random.ts';
import { redact } from '../../src/core/secret.ts';
import { endMedia } from '../../src/media/leftover.ts';
import { createMediaDesk, type RunMediaDesk } from '../../src/run/media-desk.ts';
import type { HostContext } from '../../src/stages/context.ts';

const SIZE = 1_000_000;
const hostAt = (bmcHost: string, subject = 'c/h') => ({ subject, bmcHost }) as HostContext;
const host = hostAt('127.0.0.1');
const clock = createVirtualClock();

let dir = '';
let desks: RunMediaDesk[] = [];
let said: Event[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'snoboot-desk-'));
  await writeFile(join(dir, 'a.iso'), Buffer.alloc(SIZE));
  [desks, said] = [[], []];
});
afterEach(async () => {
  for (const desk of desks) await desk.close();
  await endMedia(dir);
  await rm(dir, { recursive: true });
});

function open(address: string | null = '127.0.0.1'): RunMediaDesk {
  const say = (_: string, event: Event) => void said.push(event);
  const desk = createMediaDesk({ dir, address, port: null, clock, random: systemRandom, say });
  desks.push(desk);
  return desk;
}

const isoOf = (lastModified: string) => ({ path: join(dir, 'a.iso'), size: SIZE, lastModified });
const MONDAY = 'Mon, 01 Jan 2024 00:00:00 GMT';
const TUESDAY = 'Tue, 02 Jan 2024 00:00:00 GMT';
const get = async (url: string, range = `bytes=0-${SIZE - 1}`) => {
  const answer = await fetch(url, { headers: { range } });
  await answer.arrayBuffer();
  return answer.status;
};
const readAll = async (desk: RunMediaDesk, bytes: number) => {
  for (let left = 500; desk.bytesRead('c/h') < bytes && left > 0; left--) await sleep(10);
  assert.equal(desk.bytesRead('c/h'), bytes);
};

test('one ISO has one URL in all lives of a run, and what was read of it is known in the next', async () => {
  const desk = open();
  const url = await desk.publish(host, isoOf(MONDAY));
  assert.equal(await desk.publish(host, isoOf(MONDAY)), url);
  await get(url);
  await readAll(desk, SIZE);
  await desk.close();
  const next = open();
  assert.equal(next.bytesRead('c/h'), SIZE);
  await next.resume();
  assert.equal(await next.publish(host, isoOf(MONDAY)), url);
});

test('another ISO has another URL, and the old one is gone', async () => {
  const desk = open();
  const old = await desk.publish(host, isoOf(MONDAY));
  const url = await desk.publish(host, isoOf(TUESDAY));
  assert.deepEqual([await get(old), await get(url)], [410, 206]);
});

test('a URL that was withdrawn is never served again: the same ISO gets a new one', async () => {
  const desk = open();
  const old = await desk.publish(host, isoOf(MONDAY));
  await desk.withdraw('c/h');
  const url = await desk.publish(host, isoOf(MONDAY));
  assert.deepEqual([await get(old), await get(url)], [410, 206]);
});

test('what is read is told every five seconds of the run, when all of it was, and the rest at the end', async () => {
  const desk = open();
  const url = await desk.publish(host, isoOf(MONDAY));
  const totals = () => said.flatMap((event) => (event.type === 'media.read' ? [event.total] : []));
  await get(url, 'bytes=0-9');
  await readAll(desk, 10);
  await get(url, 'bytes=10-19');
  await readAll(desk, 20);
  assert.deepEqual(totals(), [10]);
  await clock.advance(5000);
  await get(url, 'bytes=20-29');
  await readAll(desk, 30);
  await get(url, 'bytes=30-39');
  await readAll(desk, 40);
  assert.deepEqual(totals(), [10, 30]);
  await desk.withdraw('c/h');
  assert.deepEqual(totals(), [10, 30, 40]);
});

test('a medium that could not be published is published at the next try, and the desk closes all the same', async () => {
  const desk = open(null);
  await assert.rejects(desk.publish(hostAt('no.such.host.invalid'), isoOf(MONDAY)), { code: 'E-MEDIA-ADDRESS' });
  assert.match(await desk.publish(host, isoOf(MONDAY)), /^http:\/\/127\.0\.0\.1:/);
  const nowhere = open('192.0.2.1');
  await assert.rejects(nowhere.prepare(hostAt('127.0.0.1', 'c/other')), { code: 'E-MEDIA-ADDRESS' });
});

test('hosts that are prepared side by side share one server', async () => {
  const desk = open();
  const hosts = ['c/a', 'c/b', 'c/d'].map((subject) => hostAt('127.0.0.1', subject));
  await Promise.all(hosts.map((one) => desk.prepare(one)));
  const urls = await Promise.all(hosts.map((one) => desk.publish(one, isoOf(MONDAY))));
  assert.equal(new Set(urls.map((url) => new URL(url).port)).size, 1);
  assert.equal(new Set(urls).size, 3);
});

test('the URL of a medium is a secret to journal and errors', async () => {
  const url = await open().publish(host, isoOf(MONDAY));
  assert.match(redact(`cannot mount ${url}`), /^cannot mount http:\/\/127\.0\.0\.1:\d+\/\*\*\*\/boot\.iso$/);
});

test('a desk that served nothing leaves nothing', async () => {
  await open().close();
  assert.deepEqual(readdirSync(dir), ['a.iso']);
});
