/** Our Redfish client against sushy-tools' emulator, which cannot share our mistakes; run by `npm run peers` alone. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { after, before } from 'node:test';
import { createClock } from '../../src/core/clock.ts';
import { SnobootError } from '../../src/core/errors.ts';
import { createHttpClient, type Trust } from '../../src/core/http.ts';
import { Secret } from '../../src/core/secret.ts';
import { type Bmc, connectBmc } from '../../src/redfish/bmc.ts';
import { type Emulator, missingTool, PASSWORD, startEmulator, USERNAME } from './sushy-emulator.ts';

const skip = missingTool();
const clock = createClock(1);
const http = createHttpClient();
let emulator: Emulator;
let isoServer: Server;
let iso: string;

before(async () => {
  if (skip) return;
  isoServer = createServer((request, response) => {
    const found = request.url === '/t0ken/host-0.iso';
    response.writeHead(found ? 200 : 404).end(found ? Buffer.alloc(64 * 1024, 'iso') : '');
  });
  await new Promise<void>((resolve) => isoServer.listen(0, '127.0.0.1', resolve));
  iso = `http://127.0.0.1:${(isoServer.address() as AddressInfo).port}/t0ken/host-0.iso`;
  emulator = await startEmulator();
});

after(async () => {
  if (skip) return;
  await emulator.stop();
  await http.close();
  isoServer.close();
});

function connect(change: { password?: string; trust?: Trust } = {}): Promise<Bmc> {
  const trust = change.trust ?? { kind: 'pin', fingerprint: emulator.fingerprint };
  const password = new Secret(change.password ?? PASSWORD);
  const target = { origin: emulator.origin, systemPath: null, username: USERNAME, password, trust };
  return connectBmc(target, { send: http.send, clock });
}

/** Its power lags by 1 to 11 seconds. */
async function until(bmc: Bmc, power: string): Promise<void> {
  for (const end = clock.now() + 30_000; (await bmc.readPower()) !== power; await clock.sleep(250))
    assert.ok(clock.now() < end, `power is not ${power} after 30 s`);
}

const ends = (code: string, words: RegExp) => (e: unknown) =>
  e instanceof SnobootError && e.code === code && words.test(e.message);

test('sushy-tools: insert, boot once, on, eject, clear, off, each read back', { skip }, async () => {
  const bmc = await connect();
  assert.equal(bmc.identity.vendor, 'Sushy Emulator');
  assert.match(bmc.identity.slot, /VirtualMedia\/Cd$/);
  assert.deepEqual(await bmc.readMedia(), { inserted: false, image: null });
  await bmc.insert(iso);
  assert.deepEqual(await bmc.readMedia(), { inserted: true, image: iso });
  await bmc.bootOnce();
  assert.deepEqual(await bmc.readBoot(), { enabled: 'Once', target: 'Cd', mode: 'UEFI' });
  await bmc.power('on');
  await until(bmc, 'On');
  await bmc.eject();
  assert.deepEqual(await bmc.readMedia(), { inserted: false, image: null });
  await bmc.clearBoot();
  assert.equal((await bmc.readBoot()).enabled, 'Disabled');
  await bmc.power('off');
  await until(bmc, 'Off');
});

test('sushy-tools: what is done already is done again without harm', { skip }, async () => {
  const bmc = await connect();
  await bmc.eject();
  await bmc.power('off');
  await bmc.clearBoot();
  assert.equal(await bmc.readPower(), 'Off');
});

test('sushy-tools: an image that is not there is refused, and the slot stays empty', { skip }, async () => {
  const bmc = await connect();
  await assert.rejects(bmc.insert(iso.replace('host-0', 'host-1')), ends('E-BMC-REFUSED', /404|insert/));
  assert.equal((await bmc.readMedia()).inserted, false);
});

test('sushy-tools: a wrong password is an E-BMC-AUTH', { skip }, async () => {
  await assert.rejects(connect({ password: 'wrong-wrench' }), ends('E-BMC-AUTH', /401/));
});

test('sushy-tools: a certificate nobody trusts is shown by its fingerprint', { skip }, async () => {
  const seen = new RegExp(emulator.fingerprint.replaceAll(':', '').toLowerCase());
  await assert.rejects(connect({ trust: { kind: 'verify' } }), ends('E-BMC-TLS', seen));
  await assert.rejects(connect({ trust: { kind: 'pin', fingerprint: '00'.repeat(32) } }), ends('E-BMC-TLS', seen));
});
