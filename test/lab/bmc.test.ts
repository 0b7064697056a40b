import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { createClock } from '../../src/core/clock.ts';
import { listen } from '../../src/lab/listen.ts';
import { selfSigned } from '../../src/lab/certificate.ts';
import { seededRandom } from '../../src/core/random.ts';
import { bootFromIso, hostSpec, type Json, newFolder, PATHS, type Scene, startScene } from './lab-client.ts';

const clock = createClock();
const PROFILE_NAMES = ['dell-idrac9', 'hpe-ilo5', 'generic'] as const;
const hosts = PROFILE_NAMES.map((profile, i) =>
  hostSpec(`c${i}/host-0`, { profile, macs: [`52:54:00:00:00:0${i}`, '52:54:00:00:01:01', '52:54:00:00:01:02'] }),
);
const scene = await startScene({ hosts, timeFactor: 200 });
const asked: string[] = [];
const image = Buffer.alloc(80_000, 1);
const media = await listen(
  createServer((req, res) => {
    asked.push(`${req.method} ${req.headers.range ?? ''}`.trim());
    if (!req.url?.endsWith('/boot.iso')) return void res.writeHead(404).end();
    const [, from = '0', to = '0'] = /bytes=(\d+)-(\d+)/.exec(req.headers.range ?? '') ?? [];
    const part = image.subarray(Number(from), Number(to) + 1);
    if (req.method === 'HEAD') return void res.writeHead(200, { 'content-length': image.length }).end();
    res.writeHead(206, { 'content-length': part.length }).end(part);
  }),
);
const ISO = `http://127.0.0.1:${media.port}/t0k/boot.iso`;
after(async () => {
  await scene.end();
  await media.close();
});

async function eventually(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++, await clock.sleep(20)) if (await what()) return;
  throw new Error(`never: ${what.toString()}`);
}

const get = async (of: Scene, path: string, host: number): Promise<Json> =>
  (await of.bmc('GET', path, undefined, {}, host)).json;
const boot = async (host: number, system: string): Promise<Json> => (await get(scene, system, host))['Boot'] as Json;
const idOf = (json: Json): unknown => ((json['error'] as Json)['@Message.ExtendedInfo'] as Json[])[0]!['MessageId'];
const members = (json: Json): string[] => (json['Members'] as Json[]).map((member) => String(member['@odata.id']));

test('a lab certificate is a valid X.509 certificate for 127.0.0.1 whose fingerprint is the one that the lab tells', () => {
  const { certificate, fingerprint } = selfSigned('bmc of a/b', clock.now(), seededRandom('a'));
  const parsed = new X509Certificate(certificate);
  assert.equal(parsed.fingerprint256.replaceAll(':', '').toLowerCase(), fingerprint);
  assert.equal(parsed.subjectAltName, 'IP Address:127.0.0.1');
  assert.ok(parsed.verify(parsed.publicKey));
});

for (const [index, profile] of PROFILE_NAMES.entries()) {
  const { system, slot } = PATHS[profile];

  test(`${profile}: the root is bare, all else wants a login`, async () => {
    const bare = { authorization: '' };
    for (const path of ['/redfish/v1', '/redfish/v1/']) {
      const { status, headers } = await scene.bmc('GET', path, undefined, bare, index);
      assert.deepEqual([status, headers['odata-version']], [200, '4.0']);
    }
    assert.deepEqual((await scene.bmc('GET', '/redfish', undefined, bare, index)).json, { v1: '/redfish/v1/' });
    const { status, json } = await scene.bmc('GET', '/redfish/v1/Systems', undefined, bare, index);
    assert.equal(status, 401);
    assert.match(String(idOf(json)), /^Base\.1\.\d+\.ResourceAtUriUnauthorized$/);
  });

  test(`${profile}: links lead from the root to the CD slot, collections come in pages of two`, async () => {
    const root = await get(scene, '/redfish/v1/', index);
    const [found] = members(await get(scene, String((root['Systems'] as Json)['@odata.id']), index));
    assert.equal(found, system);
    const nics = String(((await get(scene, system, index))['EthernetInterfaces'] as Json)['@odata.id']);
    const first = await get(scene, nics, index);
    assert.deepEqual([members(first).length, first['Members@odata.count']], [2, 3]);
    const rest = members(await get(scene, String(first['Members@odata.nextLink']), index));
    assert.equal(rest.length, 1);
    assert.equal((await get(scene, rest[0]!, index))['MACAddress'], '52:54:00:00:01:02');
    assert.ok(((await get(scene, slot, index))['MediaTypes'] as string[]).includes('CD'));
  });

  test(`${profile}: the ETag is told twice and changes with each write; a stale one is 412`, async () => {
    const etagOf = async (): Promise<string> => {
      const { headers, json } = await scene.bmc('GET', system, undefined, {}, index);
      assert.equal(headers['etag'], json['@odata.etag']);
      return headers['etag']!;
    };
    const before = await etagOf();
    const body = { Boot: { BootSourceOverrideEnabled: 'Continuous', BootSourceOverrideTarget: 'Hdd' } };
    const patch = (headers: Record<string, string>) => scene.bmc('PATCH', system, body, headers, index);
    const success = profile === 'hpe-ilo5' ? 200 : 204;
    assert.equal((await patch({ 'if-match': before })).status, success);
    assert.notEqual(await etagOf(), before);
    assert.equal((await patch({ 'if-match': before })).status, 412);
    assert.equal((await patch({})).status, profile === 'generic' ? 428 : success);
    const off = { Boot: { BootSourceOverrideEnabled: 'Disabled' } };
    await scene.bmc('PATCH', system, off, { 'if-match': '*' }, index);
    assert.deepEqual((await boot(index, system))['BootSourceOverrideTarget'], 'None');
  });

  test(`${profile}: insert, override and power read back, and the eject of nothing is answered as it is there`, async () => {
    asked.length = 0;
    const inserted = await scene.bmc('POST', `${slot}/Actions/VirtualMedia.InsertMedia`, { Image: ISO }, {}, index);
    assert.equal(inserted.status, { 'dell-idrac9': 204, 'hpe-ilo5': 200, generic: 202 }[profile]);
    if (profile === 'generic') {
      assert.equal(inserted.json['TaskState'], 'Running');
      assert.equal((await get(scene, slot, index))['Inserted'], false);
      const task = inserted.headers['location']!;
      await eventually(async () => (await get(scene, task, index))['TaskState'] === 'Completed');
    }
    assert.deepEqual(asked, profile === 'hpe-ilo5' ? [] : ['HEAD', 'GET bytes=0-40959']);
    const shown = await get(scene, slot, index);
    assert.deepEqual([shown['Inserted'], shown['Image'], shown['ImageName']], [true, ISO, 'boot.iso']);
    const once = { Boot: { BootSourceOverrideEnabled: 'Once', BootSourceOverrideTarget: 'Cd' } };
    await scene.bmc('PATCH', system, once, { 'if-match': '*' }, index);
    assert.equal((await boot(index, system))['BootSourceOverrideEnabled'], 'Once');
    const actions = (await get(scene, system, index))['Actions'] as Record<string, { target: string }>;
    const { target } = actions['#ComputerSystem.Reset']!;
    assert.equal(target.endsWith('/'), profile === 'hpe-ilo5');
    await scene.bmc('POST', target, { ResetType: 'On' }, {}, index);
    assert.equal((await get(scene, system, index))['PowerState'], 'Off');
    await eventually(async () => (await get(scene, system, index))['PowerState'] === 'On');
    const again = await scene.bmc('POST', target, { ResetType: 'On' }, {}, index);
    assert.equal(again.status, profile === 'hpe-ilo5' ? 400 : 409);
    await scene.bmc('POST', target, { ResetType: 'ForceOff' }, {}, index);
    await eventually(async () => (await get(scene, system, index))['PowerState'] === 'Off');
    const eject = () => scene.bmc('POST', `${slot}/Actions/VirtualMedia.EjectMedia`, {}, {}, index);
    assert.equal((await eject()).status, profile === 'hpe-ilo5' ? 200 : 204);
    assert.equal((await get(scene, slot, index))['Image'], profile === 'hpe-ilo5' ? '' : null);
    assert.equal((await eject()).status, { 'dell-idrac9': 500, 'hpe-ilo5': 400, generic: 204 }[profile]);
  });

  test(`${profile}: what it does not know is refused by name`, async () => {
    const insert = `${slot}/Actions/VirtualMedia.InsertMedia`;
    const answers = await Promise.all([
      scene.bmc('POST', insert, {}, {}, index),
      scene.bmc('POST', `${system}/Actions/ComputerSystem.Reset`, { ResetType: 'Explode' }, {}, index),
      scene.bmc('GET', '/redfish/v1/Nowhere', undefined, {}, index),
      scene.bmc('DELETE', system, undefined, {}, index),
    ]);
    assert.deepEqual(
      answers.map(({ status, json }) => `${status} ${String(idOf(json)).split('.').at(-1)}`),
      [
        '400 ActionParameterMissing',
        '400 PropertyValueNotInList',
        '404 ResourceMissingAtURI',
        '405 OperationNotAllowed',
      ],
    );
  });
}

const MOCKUPS = '../shared/data/redfish-mockups';
const CAPTURES = [
  ['dell/idrac9-libredfish/redfish/v1/Managers/iDRAC.Embedded.1/VirtualMedia/CD/index.json', 0],
  ['hpe/ilo5-2.70-xl675d-legacyboot/Managers/1/VirtualMedia/2/index.json', 1],
] as const;

for (const [file, index] of CAPTURES)
  test(`an empty slot reads as in ${file}`, { skip: !existsSync(MOCKUPS) && 'no ../shared here' }, async () => {
    const own = new Set(['@odata.id', '@odata.type', '@odata.etag', '@odata.context', 'Actions']);
    const shown = await get(scene, PATHS[PROFILE_NAMES[index]].slot, index);
    const captured = JSON.parse(readFileSync(`${MOCKUPS}/${file}`, 'utf8')) as Json;
    for (const key of Object.keys(shown).filter((name) => !own.has(name)))
      assert.deepEqual(shown[key], captured[key], key);
  });

test('an iDRAC that cannot read the ISO refuses the insert, an iLO does not ask', async () => {
  const gone = `http://127.0.0.1:${media.port}/gone.iso`;
  const idrac = PATHS['dell-idrac9'].slot;
  const refused = await scene.bmc('POST', `${idrac}/Actions/VirtualMedia.InsertMedia`, { Image: gone }, {}, 0);
  assert.equal(refused.status, 400);
  assert.match(String(idOf(refused.json)), /RAC0720/);
  assert.equal((await get(scene, idrac, 0))['Inserted'], false);
  const ilo = PATHS['hpe-ilo5'].slot;
  assert.equal(
    (await scene.bmc('POST', `${ilo}/Actions/VirtualMedia.InsertMedia`, { Image: gone }, {}, 1)).status,
    200,
  );
  assert.equal((await scene.bmc('POST', `${ilo}/Actions/VirtualMedia.EjectMedia`, {}, {}, 1)).status, 200);
});

test('an iLO refuses BootSourceOverrideMode', async () => {
  const body = {
    Boot: { BootSourceOverrideEnabled: 'Once', BootSourceOverrideTarget: 'Cd', BootSourceOverrideMode: 'UEFI' },
  };
  const { status, json } = await scene.bmc('PATCH', PATHS['hpe-ilo5'].system, body, {}, 1);
  assert.equal(status, 400);
  assert.match(String(idOf(json)), /PropertyUnknown$/);
});

test('each request and each effect is a line of history', () => {
  const lines = scene.history().filter(({ to }) => to === 'c1/host-0');
  const has = (what: Json): boolean =>
    lines.some((line) => Object.entries(what).every(([key, value]) => line[key] === value));
  assert.ok(
    has({ kind: 'request', method: 'POST', path: '/redfish/v1/Systems/1/Actions/ComputerSystem.Reset/', status: 200 }),
  );
  assert.ok(has({ kind: 'media', action: 'inserted', image: ISO, by: 'bmc' }));
  assert.ok(has({ kind: 'override', enabled: 'Once', target: 'Cd', by: 'bmc' }));
  assert.ok(has({ kind: 'power', from: 'Off', state: 'On', by: 'bmc' }));
  assert.ok(has({ kind: 'power', from: 'On', state: 'Off', by: 'bmc' }));
});

test('bmc-401 refuses every login, bmc-503 asks for patience on GETs of the first minute, iso-unreachable fails the insert', async () => {
  const faulty = await startScene(
    {
      hosts: hosts.slice(0, 1).flatMap((host) => ['a', 'b', 'c'].map((name) => ({ ...host, id: `${name}/host-0` }))),
      timeFactor: 200,
      faults: ['bmc-401@a/host-0', 'bmc-503@b', 'iso-unreachable@c/host-0'],
    },
    newFolder(),
  );
  const { system } = PATHS['dell-idrac9'];
  assert.equal((await faulty.bmc('GET', '/redfish/v1/', undefined, {}, 0)).status, 200);
  assert.equal((await faulty.bmc('GET', system, undefined, {}, 0)).status, 401);
  const busy = await faulty.bmc('GET', '/redfish/v1/', undefined, {}, 1);
  assert.deepEqual([busy.status, busy.headers['retry-after']], [503, '5']);
  await eventually(async () => (await faulty.bmc('GET', system, undefined, {}, 1)).status === 200);
  assert.deepEqual(await bootFromIso(faulty, ISO, 2), [400, 204, 204]);
  await faulty.end();
  const fired = faulty
    .history()
    .filter(({ kind }) => kind === 'fault')
    .map(({ to, name }) => `${String(name)}@${String(to)}`);
  assert.deepEqual(fired.sort(), ['bmc-401@a/host-0', 'bmc-503@b', 'iso-unreachable@c/host-0']);
});
