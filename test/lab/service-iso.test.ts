/** The discovery ISO: read again by the rules of coreos-installer (assisted-service.md §4.6), by other tools where they are, and by ranges. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { buildBaseIso, composeIso, packIgnition } from '../../src/lab/iso.ts';
import { type Bench, makeCluster, type Reply, startBench } from './service-fixture.ts';

const IGNITION = '{"ignition":{"version":"3.1.0"}}';
const base = buildBaseIso('9.6.20260112-0', false);
const image = composeIso(base, packIgnition(IGNITION), ['console=ttyS0']);

/** Path (level 1 names, `;1` and a last dot cut) → the file's bytes, by the primary volume descriptor alone. */
function filesOf(iso: Buffer): Map<string, { offset: number; bytes: Buffer }> {
  const found = new Map<string, { offset: number; bytes: Buffer }>();
  const walk = (sector: number, size: number, prefix: string): void => {
    for (let at = sector * 2048; at < sector * 2048 + size && iso[at]; at += iso[at]!) {
      const [extent, length] = [iso.readUInt32LE(at + 2), iso.readUInt32LE(at + 10)];
      const name = iso.subarray(at + 33, at + 33 + iso[at + 32]!).toString('latin1');
      if (name === '\0' || name === '\x01') continue;
      const path = `${prefix}/${name.replace(/;1$/, '').replace(/\.$/, '')}`;
      if (iso[at + 25]! & 2) walk(extent, length, path);
      else found.set(path, { offset: extent * 2048, bytes: iso.subarray(extent * 2048, extent * 2048 + length) });
    }
  };
  walk(iso.readUInt32LE(16 * 2048 + 158), iso.readUInt32LE(16 * 2048 + 166), '');
  return found;
}

const files = filesOf(image);
interface Info {
  /** Of igninfo.json. */
  file: string;
  /** Of kargs.json. */
  default: string;
  size: number;
  files: { path: string; offset: number }[];
}

const jsonOf = (path: string): Info => JSON.parse(files.get(path)!.bytes.toString()) as Info;

/** Entries of a newc cpio up to its trailer. */
function cpio(archive: Buffer): Map<string, string> {
  const entries = new Map<string, string>();
  for (let at = 0; ;) {
    const field = (i: number): number => parseInt(archive.subarray(at + 6 + 8 * i, at + 14 + 8 * i).toString(), 16);
    assert.equal(archive.subarray(at, at + 6).toString(), '070701');
    const name = archive.subarray(at + 110, at + 109 + field(11)).toString();
    const start = at + ((110 + field(11) + 3) & ~3);
    if (name === 'TRAILER!!!') return entries;
    entries.set(name, archive.subarray(start, start + field(6)).toString());
    at = start + ((field(6) + 3) & ~3);
  }
}

test('the volume is a CoreOS live image by its primary descriptor', () => {
  assert.equal(image.subarray(32769, 32774).toString(), 'CD001');
  assert.equal(image.subarray(32808, 32840).toString().trim(), 'rhcos-9.6.20260112-0');
  assert.equal(image.length, image.readUInt32LE(32768 + 80) * 2048);
  assert.equal(image.subarray(17 * 2048 + 7, 17 * 2048 + 30).toString(), 'EL TORITO SPECIFICATION');
  const catalog = image.readUInt32LE(17 * 2048 + 71) * 2048;
  assert.deepEqual([...image.subarray(catalog + 30, catalog + 33)], [0x55, 0xaa, 0x88]);
  assert.equal(files.get('/IMAGES/PXEBOOT/ROOTFS.IMG')!.bytes.subarray(124, 128).toString(), 'hsqs');
});

test('the embed area holds the ignition from its first byte, and only zeros behind it', () => {
  assert.equal(jsonOf('/COREOS/IGNINFO.JSO').file, 'images/ignition.img');
  const area = files.get('/IMAGES/IGNITION.IMG')!.bytes;
  assert.equal(area.length, 262_144);
  assert.deepEqual([...area.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  assert.deepEqual([...cpio(gunzipSync(area))], [['config.ign', IGNITION]]);
  const packed = packIgnition(IGNITION);
  assert.equal(packed.length, 262_144);
  assert.ok(packed.subarray(1000).every((byte) => byte === 0));
});

test('both kernel-argument areas agree and hold the default and what was appended', () => {
  const kargs = jsonOf('/COREOS/KARGS.JSO');
  const { size } = kargs;
  assert.ok(size <= 2048 && kargs.default.length <= size);
  const areas = kargs.files.map(({ path, offset }) => {
    const menu = files.get(`/${path.toUpperCase()}`)!.bytes;
    assert.match(menu.subarray(offset + size).toString(), /^# COREOS_KARG_EMBED_AREA\n/);
    return menu.subarray(offset, offset + size).toString();
  });
  assert.equal(areas.length, 2);
  assert.equal(areas[0], areas[1]);
  assert.equal(areas[0]!.replace(/#+$/, ''), `${kargs.default} console=ttyS0\n`);
});

test('the same arguments give the same bytes, and too much ignition is refused', () => {
  assert.ok(buildBaseIso('9.6.20260112-0', false).image.equals(base.image));
  const noise = Array.from({ length: 40_000 }, (_, i) => Math.sin(i).toString()).join('');
  assert.throws(() => packIgnition(noise), /exceeds embed area size \(262144\)/);
  assert.throws(() => composeIso(base, packIgnition(IGNITION), ['x'.repeat(1139)]), /exceeds embed area size \(1139\)/);
});

for (const [tool, args] of [
  ['isoinfo', ['-f', '-i']],
  ['bsdtar', ['-tf']],
] as const)
  test(`${tool} finds the files`, (t) => {
    if (spawnSync(tool, ['--version']).error) return t.skip(`${tool} is not installed here`);
    const folder = mkdtempSync(join(tmpdir(), 'snoboot-iso-'));
    writeFileSync(join(folder, 'lab.iso'), image);
    const { status, stdout } = spawnSync(tool, [...args, join(folder, 'lab.iso')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    assert.equal(status, 0);
    for (const path of ['COREOS/IGNINFO.JSO', 'COREOS/KARGS.JSO', 'IMAGES/IGNITION.IMG', 'IMAGES/PXEBOOT/ROOTFS.IMG'])
      assert.ok(stdout.toUpperCase().includes(path), path);
  });

async function imageUrl(bench: Bench): Promise<{ url: string; infraEnv: string }> {
  const made = await makeCluster(bench, {}, { kernel_arguments: [{ operation: 'append', value: 'console=ttyS0' }] });
  return {
    url: (await bench.call('GET', `${made.infraEnv}/downloads/image-url`)).json.url,
    infraEnv: made.infraEnv,
  };
}

test('the image service answers HEAD, ranges and conditions as the real one', async () => {
  await using bench = await startBench();
  const { url } = await imageUrl(bench);
  const get = (headers: Record<string, string>): Promise<Reply> => bench.call('GET', url, undefined, headers);
  const whole = (await get({})).bytes;
  const head = await bench.call('HEAD', url);
  const modified = head.headers.get('last-modified')!;
  assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(whole.length)]);
  const part = async (range: string, headers = {}): Promise<unknown> => {
    const { status, bytes } = await get({ Range: range, ...headers });
    return status === 206 ? [status, bytes.length] : status;
  };
  assert.deepEqual(await part('bytes=0-2047'), [206, 2048]);
  assert.deepEqual(await part(`bytes=${whole.length - 10}-${whole.length + 99}`), [206, 10]);
  assert.equal(await part('bytes=10-5'), 416);
  assert.equal(await part('lines=1-2'), 416);
  const beyond = await get({ Range: 'bytes=99999999999-' });
  assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${whole.length}`]);
  assert.ok((await get({ Range: 'bytes=-2048' })).bytes.equals(whole.subarray(-2048)));
  assert.match((await get({ Range: 'bytes=0-99,2048-2147' })).headers.get('content-type')!, /^multipart\/byteranges/);
  assert.deepEqual(await part('bytes=0-9', { 'If-Range': modified }), [206, 10]);
  assert.equal(await part('bytes=0-9', { 'If-Range': 'Wed, 21 Oct 2015 07:28:00 GMT' }), 200);
  assert.equal((await get({ 'If-Modified-Since': modified })).status, 304);
  assert.equal((await bench.call('GET', url.replace('x86_64', 'mips'))).status, 404);
  assert.equal(
    (await bench.call('GET', url.replace('full', 'other'))).bytes.toString(),
    'unrecognized file name other.iso',
  );
});

test('every PATCH of the infra-env moves the date of the image, even an empty one', async () => {
  await using bench = await startBench();
  const { url, infraEnv } = await imageUrl(bench);
  const before = (await bench.call('HEAD', url)).headers.get('last-modified');
  await bench.pass(5);
  assert.equal((await bench.call('HEAD', url)).headers.get('last-modified'), before);
  assert.equal((await bench.call('PATCH', infraEnv, {})).status, 201);
  assert.notEqual((await bench.call('HEAD', url)).headers.get('last-modified'), before);
});

test('the served image holds the discovery ignition, changed by the faults of its cluster alone', async () => {
  const subjects: string[] = [];
  await using bench = await startBench({
    'service.ignition': (document, subject) => (
      subjects.push(subject),
      { ...document, ignition: { version: '3.1.0-cut' } }
    ),
    'service.embed-area': (area, subject) => (subjects.push(subject), area),
  });
  const { url } = await imageUrl(bench);
  const area = filesOf((await bench.call('GET', url)).bytes).get('/IMAGES/IGNITION.IMG')!.bytes;
  assert.match(cpio(gunzipSync(area)).get('config.ign')!, /^{"ignition":{"version":"3.1.0-cut"}/);
  assert.deepEqual(subjects, ['sno', 'sno']);
});
