/** The ignition in an ISO: found by names and layout alone, in every form that a service or coreos-installer writes. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { buildBaseIso, composeIso, packIgnition } from '../../src/lab/iso.ts';
import { readIsoIgnition } from '../../src/media/ignition.ts';
import { tempFolder } from '../temp-folder.ts';

const file = join(tempFolder(), 'x.iso');

async function read(image: Buffer) {
  writeFileSync(file, image);
  return readIsoIgnition(file);
}

const base = buildBaseIso('9.6.20260112-0', true);

test("the lab's own ISO gives back units, files and keys", async () => {
  const ignition = {
    ignition: { version: '3.1.0' },
    passwd: { users: [{ name: 'core', sshAuthorizedKeys: ['ssh-ed25519 AAAA me'] }] },
    systemd: { units: [{ name: 'agent.service', enabled: true, contents: '[Service]' }] },
    storage: {
      files: [
        { path: '/a', contents: { source: 'data:,hello%20lab' } },
        { path: '/b', contents: { source: `data:text/plain;base64,${Buffer.from('é').toString('base64')}` } },
      ],
    },
  };
  const { units, files, sshKeys } = await read(composeIso(base, packIgnition(JSON.stringify(ignition)), []));
  assert.deepEqual(Object.fromEntries(units), { 'agent.service': '[Service]' });
  assert.deepEqual(Object.fromEntries(files), { '/a': 'hello lab', '/b': 'é' });
  assert.deepEqual(sshKeys, ['ssh-ed25519 AAAA me']);
});

test('an empty area, a broken one and an ISO without one are E-ISO-FORMAT', async () => {
  await assert.rejects(read(base.image), { code: 'E-ISO-FORMAT', message: /there is no config\.ign/ });
  const broken = packIgnition('{}');
  broken[20] = broken[20]! ^ 0xff;
  await assert.rejects(read(composeIso(base, broken, [])), { code: 'E-ISO-FORMAT', message: /cannot be read/ });
  const other = Buffer.from(base.image);
  for (let at = other.indexOf('IGNITION.IMG'); at >= 0; at = other.indexOf('IGNITION.IMG', at + 1))
    other.write('SOMETHING.IM', at, 'latin1');
  await assert.rejects(read(other), { code: 'E-ISO-FORMAT', message: /has no images\/ignition\.img/ });
  await assert.rejects(read(base.image.subarray(0, 40_000)), { code: 'E-ISO-FORMAT', message: /ends before byte/ });
});

const CORPUS = join(process.cwd(), '../shared/data/iso-corpus');
/** What coreos-installer makes of these and we do not: xz, which a service does not write. Zeros before the archive and other spellings of its name are as the kernel has them. */
const XZ = ['area-xz-crc64', 'full-ign', 'full-ign-kargs', 'full-ign-net'];
const AS_THE_KERNEL = ['area-dotslash', 'area-leading-zeros'];

test(
  'of the corpus as much is found as coreos-installer and the kernel find',
  { skip: existsSync(CORPUS) ? false : `no ${CORPUS}` },
  async () => {
    const names = readdirSync(CORPUS).flatMap((name) => (name.endsWith('.iso.gz') ? [name.slice(0, -7)] : []));
    assert.ok(names.length > 20);
    for (const name of names) {
      const said = JSON.parse(readFileSync(join(CORPUS, `${name}.json`), 'utf8')) as {
        ignition_show?: { rc?: number; text?: string };
      };
      const { rc, text = '{}' } = said.ignition_show ?? {};
      const image = gunzipSync(readFileSync(join(CORPUS, `${name}.iso.gz`)));
      const isFound = (rc === 0 && !XZ.includes(name)) || AS_THE_KERNEL.includes(name);
      if (!isFound) await assert.rejects(read(image), { code: 'E-ISO-FORMAT' }, name);
      else {
        const { sshKeys } = await read(image);
        const { passwd } = JSON.parse(text) as { passwd?: { users: { sshAuthorizedKeys: string[] }[] } };
        if (rc === 0) assert.deepEqual(sshKeys, passwd?.users.flatMap((user) => user.sshAuthorizedKeys) ?? [], name);
        else assert.equal(sshKeys.length, 1, name);
      }
    }
  },
);
