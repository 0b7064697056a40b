/** What is known of BMCs from run to run, and the lists of machines that must not be touched. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import { SnobootError } from '../../src/core/errors.ts';
import type { HostSpec } from '../../src/inventory/types.ts';
import { hostPin, pinsByAddress, pinsByHost } from '../../src/run/known-bmcs.ts';
import { protectionFiles, readProtection } from '../../src/run/protected-hosts.ts';
import type { Pin } from '../../src/stages/identity.ts';
import { clusterSpec, hostSpec } from '../stages/scene.ts';
import { tempFolder } from '../temp-folder.ts';
import { inventoryIn } from './inventories.ts';

const PIN: Pin = { fingerprint: 'a'.repeat(64), serial: 'To: be, or not', uuid: null };
const pinIn = (dir: string, origin = 'https://192.0.2.10', subject = 'c/h') =>
  hostPin(pinsByAddress(dir), subject, origin, createVirtualClock());

test('a pin is kept for its owner alone, in a file of its BMC that says what it is', () => {
  const dir = tempFolder();
  const pin = pinIn(dir);
  assert.equal(pin.recall(), null);
  pin.keep({ ...PIN, serial: 'OLD' }, 'asked');
  pin.keep(PIN, 'asked');
  assert.deepEqual(pin.recall(), PIN);
  assert.equal(pin.place, join(dir, 'known-bmcs/192.0.2.10:443'));
  assert.deepEqual(readdirSync(join(dir, 'known-bmcs')), ['192.0.2.10:443']);
  assert.equal(statSync(pin.place).mode & 0o777, 0o600);
  assert.match(
    readFileSync(pin.place, 'utf8'),
    /Remove this file .*\n# c\/h, asked, 1970-01-01.*\ncertificate: a{64}\n/,
  );
  rmSync(pin.place);
  assert.equal(pin.recall(), null);
});

test('inventories that name one BMC in other words share its pin; by host it is another one', () => {
  const dir = tempFolder();
  pinIn(dir, 'https://bmc.example.com').keep(PIN, 'inventory');
  assert.deepEqual(pinIn(dir, 'https://bmc.example.com.:443', 'other/host').recall(), PIN);
  assert.equal(pinIn(dir, 'https://bmc.example.com:8443').recall(), null);
  const byHost = (subject: string) => hostPin(pinsByHost(dir), subject, 'https://127.0.0.1:1', createVirtualClock());
  byHost('c/host-0').keep(PIN, 'inventory');
  assert.deepEqual([byHost('c/host-0').recall(), byHost('c/host-1').recall()], [PIN, null]);
});

test('a pin that is cut off, not understood or a link is E-STATE with its name, never a BMC that is new', () => {
  const dir = tempFolder();
  const pin = pinIn(dir);
  pin.keep(PIN, 'asked');
  const text = readFileSync(pin.place, 'utf8');
  const refused = { code: 'E-STATE', message: new RegExp(pin.place), todo: /remove it/ };
  for (const broken of ['', text.slice(0, -2), text.slice(0, 60), text.replace('certificate', 'cert')]) {
    writeFileSync(pin.place, broken);
    assert.throws(() => pin.recall(), refused, broken);
  }
  writeFileSync(join(dir, 'elsewhere'), text);
  rmSync(pin.place);
  symlinkSync(join(dir, 'elsewhere'), pin.place);
  assert.throws(() => pin.recall(), refused);
});

test('a process killed while it wrote a pin leaves nothing that is in the way', () => {
  const dir = tempFolder();
  const pin = pinIn(dir);
  pin.keep(PIN, 'asked');
  writeFileSync(join(dir, 'known-bmcs/.192.0.2.10:443'), 'half');
  pin.keep({ ...PIN, uuid: 'U' }, 'asked');
  assert.deepEqual(pin.recall(), { ...PIN, uuid: 'U' });
  assert.equal(readdirSync(join(dir, 'known-bmcs')).length, 1);
});

const hostAt = (origin: string, parts: Partial<HostSpec> = {}): HostSpec => {
  const password = { from: 'env' as const, name: 'X' };
  const bmc = { kind: 'redfish' as const, origin, systemPath: null, family: null, username: 'root', password };
  return { ...hostSpec, bmc: { ...bmc, trust: { kind: 'insecure' } }, ...parts };
};
const HOST = hostAt('https://192.0.2.10', {
  identity: { serial: 'SN1', uuid: 'AAAA1111-0000-0000-0000-000000000001' },
});
const listed = (text: string) => {
  const file = join(tempFolder(), 'protected-hosts');
  writeFileSync(file, text);
  return readProtection([file, '/nowhere/protected-hosts']);
};
const inventoryOf = (...hosts: HostSpec[]) => ({ ...inventoryIn('/'), clusters: [{ ...clusterSpec, hosts }] });

for (const line of [
  '192.0.2.10',
  '192.0.2.0/24 # the whole rack',
  'sn1',
  'aaaa1111-0000-0000-0000-000000000001',
  '52-54-00-00-00-01',
  '::ffff:192.0.2.10',
])
  test(`a host that the line "${line}" means is refused before anything is contacted`, async () => {
    const refused = { code: 'E-PROTECTED', exitCode: 3, message: /c\/host-0 .*protected-hosts:2: / };
    await assert.rejects(listed(`# by the site\n${line}\n`).refuse(inventoryOf(HOST)), refused);
  });

test('all protected hosts are named at once, one by the inventory, one by name, one by the address behind its name', async () => {
  const hosts = [
    { ...HOST, name: 'a', isProtected: true },
    hostAt('https://bmc-7.example.com:8443', { name: 'b' }),
    hostAt('https://localhost', { name: 'd' }),
    hostAt('https://[2001:db8::1]', { name: 'e', bootMACAddress: null }),
  ];
  const list = listed('bmc-7.example.com\n127.0.0.0/8\n::1\n2001:DB8:0::/64\n');
  const message = /c\/a \(protected: true\); c\/b \(.*:1: .*\); c\/d \(.*; c\/e \(.*:4: /;
  await assert.rejects(list.refuse(inventoryOf(...hosts)), { message });
});

test('the to-do names each place that protects: the inventory, and the line of a list', async () => {
  const todoOf = async (text: string, ...hosts: HostSpec[]): Promise<string> => {
    const error: unknown = await listed(text)
      .refuse(inventoryOf(...hosts))
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof SnobootError);
    return error.todo;
  };
  const [own, named] = [{ ...HOST, name: 'a', isProtected: true }, HOST];
  assert.match(
    await todoOf('', own, { ...own, name: 'b' }),
    /--limit; no flag overrides protected: true in \/\/lab\.yaml$/,
  );
  assert.match(await todoOf('# ours\nSN1\n', named), /no flag overrides \/\S+\/protected-hosts:2$/);
  assert.match(await todoOf('192.0.2.10\n', own, named), /overrides .* in \/\/lab\.yaml, \/\S+\/protected-hosts:1$/);
});

test('a host that no line means passes; a machine that turns out to be protected is told by its line', async () => {
  const list = listed('\n# nothing of ours\n192.0.2.11\nSN2\n52:54:00:00:00:02\n');
  await list.refuse(inventoryOf(HOST));
  const shown = { serial: 'X', sku: 'SN2', uuid: null, macs: [] };
  assert.match(list.by(shown) ?? '', /protected-hosts:4: SN2$/);
  assert.match(list.by({ ...shown, sku: null, macs: ['52:54:00:00:00:02'] }) ?? '', /:5: /);
  assert.equal(list.by({ ...shown, sku: 'None' }), null);
});

test('a line that cannot be understood, or a list that cannot be read, stops everything', () => {
  for (const line of ['10.0.0.300', '10.0.0.0/33', '52:54:00:00:01', 'two words', '10.0.0.1-20', '*', '[::1'])
    assert.throws(() => listed(`${line}\n`), { code: 'E-STATE', message: /protected-hosts:1: / }, line);
  const dir = tempFolder();
  mkdirSync(join(dir, 'protected-hosts'));
  chmodSync(dir, 0o755);
  assert.throws(() => readProtection([join(dir, 'protected-hosts')]), { code: 'E-STATE' });
});

test("another state folder does not take the user's own list away, nor the site's", () => {
  const files = protectionFiles({ HOME: '/home/u' }, '/tmp/other');
  assert.deepEqual(files, [
    '/home/u/.local/state/snoboot/protected-hosts',
    '/tmp/other/protected-hosts',
    '/etc/snoboot/protected-hosts',
  ]);
});
