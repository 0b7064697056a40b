/** What the journal keeps of a cluster, and what is said when it is another one now. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Secret } from '../../src/core/secret.ts';
import { differences } from '../../src/inventory/difference.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { cluster } from './texts.ts';
import { tempFolder } from '../temp-folder.ts';

const ADDRESS = 'address: redfish+https://BMC:443/redfish/v1/Systems/1/';
const REAL = cluster('    manifests: extra\n')
  .replace('env:PULL_SECRET', 'file:secrets/pull.json')
  .replace('{type: lab}', '{url: https://assisted.example.com}')
  .replace('{address: lab://generic}', `{${ADDRESS}, username: root, password: "cmd:pass bmc", insecureTLS: true}`);

async function sourceOf(manifest: string): Promise<unknown> {
  const dir = tempFolder();
  await mkdir(join(dir, 'extra'));
  await writeFile(join(dir, 'extra/a.yaml'), manifest);
  await writeFile(join(dir, 'lab.yaml'), REAL);
  return (await loadInventory('lab.yaml', dir)).clusters[0]!.digestSource;
}

test('the source is small, in the words of the inventory, and knows no folder of this machine', async () => {
  const source = await sourceOf('kind: X\n');
  const { sshKey, ...rest } = source as Record<string, unknown>;
  assert.match(String(sshKey), /^ssh-ed25519 /);
  const bmc = {
    address: 'https://bmc/redfish/v1/Systems/1',
    username: 'root',
    password: 'cmd:pass bmc',
    insecureTLS: true,
  };
  assert.deepEqual(rest, {
    name: 'sno1',
    baseDomain: 'lab.example.com',
    openshiftVersion: '4.20',
    cpuArchitecture: 'x86_64',
    imageType: 'full-iso',
    pullSecret: 'file:secrets/pull.json',
    manifests: { 'manifests/a.yaml': `sha256:${createHash('sha256').update('kind: X\n').digest('hex')}` },
    hosts: { 'host-0': { bmc } },
  });
});

test('a manifest with another content differs by its name and the beginning of its digest', async () => {
  const [difference, ...others] = differences(await sourceOf('kind: X\n'), await sourceOf('kind: Y\n'));
  assert.deepEqual(others, []);
  assert.equal(difference?.path, 'manifests.manifests/a.yaml');
  for (const text of [difference.before, difference.after]) assert.match(text, /^content [0-9a-f]{8}$/);
});

test('differences are found at any depth, with what came and what went', () => {
  const before = { a: 1, list: [{ x: 'same' }, { x: 'old' }], gone: { deep: true }, kind: [1], size: 1500, none: null };
  const after = { a: 1, list: [{ x: 'same' }, { x: 'new' }, 'more'], come: 'here', kind: { 0: 1 }, size: '1500' };
  assert.deepEqual(differences(before, after), [
    { path: 'come', before: 'nothing', after: 'here' },
    { path: 'gone', before: '{"deep":true}', after: 'nothing' },
    { path: 'kind', before: '[1]', after: '{"0":1}' },
    { path: 'list[1].x', before: 'old', after: 'new' },
    { path: 'list[2]', before: 'nothing', after: 'more' },
    { path: 'size', before: '1500', after: '"1500"' },
  ]);
});

test('long texts are shown where they part', () => {
  const [difference] = differences(
    { key: `${'A'.repeat(300)}BCD${'E'.repeat(300)}` },
    { key: `${'A'.repeat(300)}XCD` },
  );
  assert.match(difference!.before, /^…A{12}BCDE+…$/);
  assert.equal(difference?.before.length, 60);
  assert.equal(difference.after, `…${'A'.repeat(12)}XCD`);
});

test('a value that was kept without its secret is the same as the value with it', () => {
  new Secret('calvin-calvin');
  assert.deepEqual(differences({ username: '***' }, { username: 'calvin-calvin' }), []);
  const other = [{ path: 'username', before: '***', after: 'other' }];
  assert.deepEqual(differences({ username: '***' }, { username: 'other' }), other);
});
