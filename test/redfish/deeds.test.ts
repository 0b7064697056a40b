/** Media, boot override and power against BMCs that answer oddly: judged by what was sent and what is there after. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { SnobootError } from '../../src/core/errors.ts';
import { HttpError } from '../../src/core/http-error.ts';
import {
  EJECT,
  error,
  type FakeBmc,
  fakeBmc,
  type Handler,
  INSERT,
  type Json,
  link,
  machine,
  merge,
  ORIGIN,
  type Reply,
  RESET,
  type Seen,
  SLOT,
  SYSTEM,
  URL_OF_ISO,
} from './fake-bmc.ts';

/** Answers the writes to `path` one after another; `undefined` and what comes after them is done soundly. */
function writesTo(path: string, ...replies: ((seen: Seen) => Reply | undefined)[]): Handler {
  return (seen) => (seen.method !== 'GET' && seen.path === path ? replies.shift()?.(seen) : undefined);
}

const refuse =
  (status: number, id: string, message = id, extra: Json = {}) =>
  (): Reply => ({
    status,
    body: error(id, message, extra),
  });

const lose = (): never => {
  throw new HttpError('reset', `POST ${ORIGIN}: other side closed`);
};

async function code(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return thrown instanceof SnobootError ? thrown.code : String(thrown);
}

const bodiesTo = (bmc: FakeBmc, path: string): (Json | undefined)[] =>
  bmc.log.filter((seen) => seen.method !== 'GET' && seen.path === path).map(({ body }) => body);

test('connect, insert, boot once, power on and their read-backs cost at most 18 requests', async () => {
  const bmc = fakeBmc(machine());
  const connected = await bmc.connect();
  await connected.insert(URL_OF_ISO);
  await connected.readMedia();
  await connected.bootOnce();
  await connected.readBoot();
  await connected.power('on');
  assert.equal(await connected.readPower(), 'On');
  assert.ok(bmc.log.length <= 18, bmc.asked().join('\n'));
});

const SLOTS: { name: string; slot: Json; manufacturer?: string; inserted: boolean; image: string | null }[] = [
  { name: 'Image null', slot: { Image: null, Inserted: false }, inserted: false, image: null },
  { name: 'Image ""', slot: { Image: '', Inserted: false }, inserted: false, image: null },
  {
    name: 'Image "None" (AMI)',
    slot: { Image: 'None', ImageName: 'None', Inserted: false },
    inserted: false,
    image: null,
  },
  {
    name: 'ConnectedVia URI on an empty slot (sushy-tools)',
    slot: { Image: '', Inserted: false, ConnectedVia: 'URI' },
    inserted: false,
    image: null,
  },
  {
    name: 'ConnectedVia NotConnected on a full one (HPE emulator)',
    slot: { Image: URL_OF_ISO, Inserted: true },
    inserted: true,
    image: URL_OF_ISO,
  },
  {
    name: 'a name left behind, not connected, Inserted missing',
    slot: { Image: null, ImageName: 'old.iso', Inserted: null },
    inserted: false,
    image: null,
  },
  {
    name: 'Inserted missing but an image connected (iLO 4)',
    slot: { Image: URL_OF_ISO, Inserted: null, ConnectedVia: 'URI' },
    inserted: true,
    image: URL_OF_ISO,
  },
  {
    name: 'Inserted stale, without image or connection',
    slot: { Image: null, Inserted: true },
    inserted: false,
    image: null,
  },
  {
    name: 'something put in at the console',
    slot: { Image: null, Inserted: true, ConnectedVia: 'Applet' },
    inserted: true,
    image: null,
  },
  {
    name: 'Supermicro before it is mounted',
    slot: { Image: URL_OF_ISO, Inserted: true },
    manufacturer: 'Supermicro',
    inserted: false,
    image: null,
  },
];

for (const { name, slot, manufacturer, inserted, image } of SLOTS)
  test(`a slot is read as ${inserted ? 'full' : 'empty'}: ${name}`, async () => {
    const connected = await fakeBmc(machine({ slot, system: { Manufacturer: manufacturer ?? 'Contoso' } })).connect();
    assert.deepEqual(await connected.readMedia(), { inserted, image });
  });

test('an image that is shown by its name alone is the one that was inserted', async () => {
  const bmc = fakeBmc(machine(), ({ path }) => (path === INSERT ? { status: 204 } : undefined));
  const connected = await bmc.connect();
  await connected.insert(URL_OF_ISO);
  merge(bmc.docs[SLOT]!, { Inserted: true, ImageName: 'host-0.iso', ConnectedVia: 'URI' });
  assert.deepEqual(await connected.readMedia(), { inserted: true, image: URL_OF_ISO });
});

const missing = (name: string) => refuse(400, 'ActionParameterMissing', `requires the parameter ${name}`);

const LADDERS: { name: string; replies: ((seen: Seen) => Reply | undefined)[]; bodies: Json[] }[] = [
  { name: 'the image alone', replies: [], bodies: [{}] },
  {
    name: 'TransferProtocolType when it is named',
    replies: [missing('TransferProtocolType')],
    bodies: [{}, { TransferProtocolType: 'HTTP' }],
  },
  {
    name: 'one thing after another as they are named',
    replies: [missing('TransferProtocolType'), missing('TransferMethod'), missing('UserName')],
    bodies: [
      {},
      { TransferProtocolType: 'HTTP' },
      { TransferProtocolType: 'HTTP', TransferMethod: 'Stream' },
      { TransferProtocolType: 'HTTP', TransferMethod: 'Stream', UserName: 'none', Password: 'none' },
    ],
  },
  {
    name: 'the full object when nothing is named',
    replies: [refuse(400, 'GeneralError')],
    bodies: [{}, { Inserted: true, WriteProtected: true }],
  },
  {
    name: 'the same thing again after a 500 that did nothing',
    replies: [refuse(500, 'InternalError')],
    bodies: [{}, {}],
  },
  {
    name: 'the same thing again after the POST window of HPE',
    replies: [refuse(400, 'UnableToModifyDuringSystemPOST')],
    bodies: [{}, {}],
  },
];

for (const { name, replies, bodies } of LADDERS)
  test(`insert sends ${name}`, async () => {
    const bmc = fakeBmc(machine(), writesTo(INSERT, ...replies));
    await (await bmc.connect()).insert(URL_OF_ISO);
    assert.deepEqual(
      bodiesTo(bmc, INSERT),
      bodies.map((body) => ({ Image: URL_OF_ISO, ...body })),
    );
    assert.equal(bmc.docs[SLOT]!['Image'], URL_OF_ISO);
  });

/** The write is carried out, and then something else is said. */
function doneBut(docs: FakeBmc['docs'], reply: () => Reply) {
  return (): Reply => {
    merge(docs[SLOT]!, { Image: URL_OF_ISO, Inserted: true, ConnectedVia: 'URI' });
    return reply();
  };
}

for (const [name, reply] of [
  ['a 500', refuse(500, 'InternalError')],
  ['a lost answer', lose],
] as const)
  test(`an insert that was done in spite of ${name} is not sent twice`, async () => {
    const docs = machine();
    const bmc = fakeBmc(docs, writesTo(INSERT, doneBut(docs, reply)));
    await (await bmc.connect()).insert(URL_OF_ISO);
    assert.deepEqual(bmc.writes(), [`POST ${INSERT}`]);
  });

test('an insert whose answer was lost is waited for two minutes by reading, and never sent again', async () => {
  const bmc = fakeBmc(machine(), writesTo(INSERT, lose));
  const connected = await bmc.connect();
  assert.equal(await code(connected.insert(URL_OF_ISO)), 'E-BMC-UNREACH');
  assert.deepEqual(bmc.writes(), [`POST ${INSERT}`]);
  assert.equal(bmc.clock.now(), 120_000);
});

test('an insert that nobody took is sent again', async () => {
  const nobody = (): never => {
    throw new HttpError('refused', 'POST: refused');
  };
  const bmc = fakeBmc(machine(), writesTo(INSERT, nobody, nobody));
  await (await bmc.connect()).insert(URL_OF_ISO);
  assert.equal(bmc.writes().length, 3);
  assert.equal(bmc.recovered.length, 1);
});

const REFUSALS: { name: string; reply: () => Reply; says: RegExp; todo: RegExp; posts: number }[] = [
  {
    name: 'a licence',
    reply: refuse(400, 'LicenseKeyRequired', 'A license key is required'),
    says: /LicenseKeyRequired/,
    todo: /iLO Advanced/,
    posts: 1,
  },
  {
    name: 'an image that cannot be reached',
    reply: refuse(400, 'SourceDoesNotSupportProtocol'),
    says: /SourceDoesNotSupport/,
    todo: /log of the BMC/,
    posts: 1,
  },
  { name: 'a privilege', reply: refuse(403, 'InsufficientPrivilege'), says: /403/, todo: /Administrator/, posts: 1 },
  { name: 'three server errors', reply: refuse(500, 'InternalError'), says: /500/, todo: /reset/, posts: 3 },
  { name: 'every payload', reply: refuse(400, 'GeneralError'), says: /400/, todo: /log of the BMC/, posts: 2 },
];

for (const { name, reply, says, todo, posts } of REFUSALS)
  test(`an insert refused for ${name} ends in E-BMC-REFUSED`, async () => {
    const bmc = fakeBmc(
      machine({ system: { Manufacturer: 'HPE' } }),
      writesTo(INSERT, ...Array<() => Reply>(9).fill(reply)),
    );
    const connected = await bmc.connect();
    await assert.rejects(
      connected.insert(URL_OF_ISO),
      (e: unknown) =>
        e instanceof SnobootError && e.code === 'E-BMC-REFUSED' && says.test(e.message) && todo.test(e.todo),
    );
    assert.equal(bmc.writes().length, posts);
  });

test('the most severe message of a refusal is the one that is told', async () => {
  const worst = { MessageId: 'X.1.Bad', Message: 'the virtual media service is broken', Severity: 'Critical' };
  const body = { error: { '@Message.ExtendedInfo': [{ MessageId: 'X.1.Fine', Severity: 'OK' }, worst] } };
  const connected = await fakeBmc(
    machine(),
    writesTo(INSERT, () => ({ status: 409, body })),
  ).connect();
  await assert.rejects(connected.insert(URL_OF_ISO), /service is broken \[X\.1\.Bad\]/);
});

const TASK = '/redfish/v1/TaskService/Tasks/77';
const MONITOR = '/redfish/v1/TaskService/TaskMonitors/77';
const accepted = (): Reply => ({
  status: 202,
  headers: { location: MONITOR },
  body: { '@odata.type': '#Task.v1_4_3.Task', '@odata.id': TASK, TaskState: 'New' },
});

/** The task goes through these states, one a read. */
function withTask(...states: (Json | number)[]): Handler {
  const insert = writesTo(INSERT, accepted);
  return (seen) => {
    if (seen.path !== TASK) return insert(seen);
    const state = states.length > 1 ? states.shift()! : states[0]!;
    return typeof state === 'number' ? { status: state } : { status: 200, body: state };
  };
}

test('a 202 is over only when its task is, and the monitor is left alone', async () => {
  const bmc = fakeBmc(
    machine(),
    withTask({ TaskState: 'Running' }, { TaskState: 'Running' }, { TaskState: 'Completed', TaskStatus: 'OK' }),
  );
  await (await bmc.connect()).insert(URL_OF_ISO);
  assert.equal(bmc.asked().filter((asked) => asked === `GET ${TASK}`).length, 3);
  assert.ok(!bmc.asked().includes(`GET ${MONITOR}`));
});

test('a task that is gone counts as done', async () => {
  const bmc = fakeBmc(machine(), withTask({ TaskState: 'Running' }, 404));
  await (await bmc.connect()).insert(URL_OF_ISO);
  assert.equal(bmc.writes().length, 1);
});

test('a task that ends badly refuses with its own message', async () => {
  const Messages = [{ MessageId: 'X.1.NoImage', Message: 'the image was not found' }];
  const bmc = fakeBmc(machine(), withTask({ TaskState: 'Exception', Messages }));
  await assert.rejects((await bmc.connect()).insert(URL_OF_ISO), /its task failed\): the image was not found/);
});

test('a task at another origin is not asked', async () => {
  const reply = (): Reply => ({ status: 202, headers: { location: 'https://canary.example/task' } });
  const bmc = fakeBmc(machine(), writesTo(INSERT, reply));
  assert.equal(await code((await bmc.connect()).insert(URL_OF_ISO)), 'E-BMC-ORIGIN');
});

test('nothing is ejected from an empty slot', async () => {
  const bmc = fakeBmc(machine());
  await (await bmc.connect()).eject();
  assert.deepEqual(bmc.writes(), []);
});

const FULL = { Image: URL_OF_ISO, Inserted: true, ConnectedVia: 'URI' };
const EMPTY = { Image: null, Inserted: false, ConnectedVia: 'NotConnected' };

for (const status of [400, 404, 409, 500])
  test(`an eject that answers ${status} though the slot is empty by then is a success`, async () => {
    const docs = machine({ slot: FULL });
    const bmc = fakeBmc(
      docs,
      writesTo(EJECT, () => (merge(docs[SLOT]!, EMPTY), { status, body: error('NoMedia') })),
    );
    await (await bmc.connect()).eject();
    assert.deepEqual(bmc.writes(), [`POST ${EJECT}`]);
  });

test('an eject refused for its empty object is sent without body', async () => {
  const bmc = fakeBmc(machine({ slot: FULL }), writesTo(EJECT, refuse(415, 'UnsupportedMediaType')));
  await (await bmc.connect()).eject();
  assert.deepEqual(bodiesTo(bmc, EJECT), [{}, undefined]);
});

test('an eject that always fails ends in E-BMC-REFUSED', async () => {
  const bmc = fakeBmc(
    machine({ slot: FULL }),
    writesTo(EJECT, ...Array<() => Reply>(9).fill(refuse(500, 'InternalError'))),
  );
  assert.equal(await code((await bmc.connect()).eject()), 'E-BMC-REFUSED');
});

test('a slot without actions is filled and emptied by PATCH', async () => {
  const docs = machine({ slot: { Actions: { '#VirtualMedia.InsertMedia': null, '#VirtualMedia.EjectMedia': null } } });
  const allow: Handler = ({ method, path }) =>
    method === 'GET' && path === SLOT ? { status: 200, headers: { allow: 'GET, PATCH' }, body: docs[SLOT] } : undefined;
  const bmc = fakeBmc(docs, allow);
  const connected = await bmc.connect();
  await connected.insert(URL_OF_ISO);
  await connected.eject();
  assert.deepEqual(bodiesTo(bmc, SLOT), [
    { Image: URL_OF_ISO, Inserted: true, WriteProtected: true },
    { Image: null, Inserted: false },
  ]);
});

const ALLOWED = 'BootSourceOverrideTarget@Redfish.AllowableValues';
const bootOf = (bmc: FakeBmc, path = SYSTEM): Json => (bmc.docs[path]?.['Boot'] ?? {}) as Json;
const once = (target: string, more: Json = {}): Json => ({
  Boot: { BootSourceOverrideEnabled: 'Once', BootSourceOverrideTarget: target, ...more },
});

const TARGETS: { name: string; system: Json; body: Json }[] = [
  { name: 'Cd', system: {}, body: once('Cd') },
  {
    name: 'UsbCd where there is no Cd (X10)',
    system: { Boot: { [ALLOWED]: ['None', 'CD/DVD', 'UefiCd', 'UsbCd'] } },
    body: once('UsbCd'),
  },
  { name: 'Cd where nothing is said', system: { Boot: { [ALLOWED]: null } }, body: once('Cd') },
  { name: 'Cd where the list has none of ours', system: { Boot: { [ALLOWED]: ['None', 'Pxe'] } }, body: once('Cd') },
  {
    name: 'UsbCd and the mode on Supermicro',
    system: { Manufacturer: 'Supermicro', Boot: { [ALLOWED]: ['Cd', 'UsbCd'] } },
    body: once('UsbCd', { BootSourceOverrideMode: 'UEFI' }),
  },
  { name: 'Cd though it is set already', system: once('Cd'), body: once('Cd') },
];

for (const { name, system, body } of TARGETS)
  test(`the override written is ${name}`, async () => {
    const bmc = fakeBmc(machine({ system }));
    await (await bmc.connect()).bootOnce();
    assert.deepEqual(bodiesTo(bmc, SYSTEM), [body]);
  });

test('a refused override is tried again with the mode, but not on HPE', async () => {
  for (const [vendor, patches] of [
    ['Contoso', 2],
    ['HPE', 1],
  ] as const) {
    const bmc = fakeBmc(
      machine({ system: { Manufacturer: vendor } }),
      writesTo(SYSTEM, refuse(400, 'PropertyMissing')),
    );
    await (await bmc.connect()).bootOnce().catch(() => undefined);
    assert.equal(bodiesTo(bmc, SYSTEM).length, patches, vendor);
  }
});

test('the mode is left out where the BMC does not show it', async () => {
  const docs = machine({ system: { Manufacturer: 'Supermicro' } });
  delete (docs[SYSTEM]!['Boot'] as Json)['BootSourceOverrideMode'];
  const bmc = fakeBmc(docs);
  await (await bmc.connect()).bootOnce();
  assert.deepEqual(bodiesTo(bmc, SYSTEM), [once('Cd')]);
});

/** PATCH is taken only with an If-Match that passes. */
function etags(passes: (ifMatch: string | undefined) => boolean, status: number): Handler {
  return ({ method, headers }) => (method === 'PATCH' && !passes(headers['if-match']) ? { status } : undefined);
}

const ETAGS: { name: string; handler: Handler; sent: (string | undefined)[] }[] = [
  { name: 'as it is in the body', handler: etags(() => true, 412), sent: ['W/"1C21"'] },
  { name: 'without its weakness', handler: etags((tag) => tag === '"1C21"', 412), sent: ['W/"1C21"', '"1C21"'] },
  { name: 'without quotes', handler: etags((tag) => tag === '1C21', 412), sent: ['W/"1C21"', '"1C21"', '1C21'] },
  {
    name: 'not at all',
    handler: etags((tag) => tag === undefined, 412),
    sent: ['W/"1C21"', '"1C21"', '1C21', undefined],
  },
  {
    name: 'as a star',
    handler: etags((tag) => tag === '*', 428),
    sent: ['W/"1C21"', '"1C21"', '1C21', undefined, '*'],
  },
];

for (const { name, handler, sent } of ETAGS)
  test(`If-Match goes out ${name} when the BMC wants it so`, async () => {
    const bmc = fakeBmc(machine(), handler);
    await (await bmc.connect()).bootOnce();
    const patches = bmc.log.filter(({ method }) => method === 'PATCH');
    assert.deepEqual(
      patches.map(({ headers }) => headers['if-match']),
      sent,
    );
    assert.equal(bootOf(bmc)['BootSourceOverrideTarget'], 'Cd');
  });

test('the header comes before the body’s ETag, and its -gzip ending is cut', async () => {
  const docs = machine();
  const bmc = fakeBmc(docs, ({ method, path }) =>
    method === 'GET' && path === SYSTEM
      ? { status: 200, headers: { etag: '"77-gzip"' }, body: docs[SYSTEM] }
      : undefined,
  );
  await (await bmc.connect()).bootOnce();
  assert.equal(bmc.log.find(({ method }) => method === 'PATCH')?.headers['if-match'], '"77"');
});

test('no POST carries If-Match', async () => {
  const bmc = fakeBmc(machine());
  const connected = await bmc.connect();
  await connected.insert(URL_OF_ISO);
  await connected.power('on');
  await connected.eject();
  const posts = bmc.log.filter(({ method }) => method === 'POST');
  assert.deepEqual(
    posts.map(({ headers }) => headers['if-match']),
    [undefined, undefined, undefined],
  );
});

const SETTINGS = `${SYSTEM}/Settings`;
const withSettings = { '@Redfish.Settings': { SettingsObject: link(SETTINGS) } };

test('an override that only the Settings have is written and read there', async () => {
  const docs = machine({ system: { ...withSettings } });
  docs[SYSTEM]!['Boot'] = {};
  docs[SETTINGS] = { Boot: { BootSourceOverrideTarget: 'None', [ALLOWED]: ['Cd'] } };
  const bmc = fakeBmc(docs);
  const connected = await bmc.connect();
  await connected.bootOnce();
  assert.deepEqual(bmc.writes(), [`PATCH ${SETTINGS}`]);
  assert.equal((await connected.readBoot()).target, 'Cd');
});

test('an override that the system does not keep is written to its Settings', async () => {
  const docs = {
    ...machine({ system: { ...withSettings } }),
    [SETTINGS]: { Boot: { BootSourceOverrideTarget: 'None' } },
  };
  const bmc = fakeBmc(docs, ({ method, path }) =>
    method === 'PATCH' && path === SYSTEM ? { status: 200 } : undefined,
  );
  const connected = await bmc.connect();
  await connected.bootOnce();
  assert.deepEqual(bmc.writes(), [`PATCH ${SYSTEM}`, `PATCH ${SETTINGS}`]);
  assert.deepEqual(await connected.readBoot(), { enabled: 'Once', target: 'Cd', mode: null });
});

test('a Settings link that leads nowhere means that there are none', async () => {
  const bmc = fakeBmc(machine({ system: { ...withSettings } }));
  await (await bmc.connect()).bootOnce();
  assert.equal(bootOf(bmc)['BootSourceOverrideTarget'], 'Cd');
});

test('AMI’s future state is written where its message points', async () => {
  const SD = `${SYSTEM}/SD`;
  const docs = { ...machine(), [SD]: { Boot: { BootSourceOverrideTarget: 'None' } } };
  const bmc = fakeBmc(docs, writesTo(SYSTEM, refuse(400, 'OperationSupportedInFutureStateURI', `use ${SD}.`)));
  await (await bmc.connect()).bootOnce();
  assert.equal(bootOf(bmc, SD)['BootSourceOverrideTarget'], 'Cd');
});

const ATTRIBUTES = '/redfish/v1/Managers/1/Oem/Dell/DellAttributes/iDRAC.Embedded.1';

for (const [model, firmware, byAttributes] of [
  ['14G Monolithic', '4.22.00.00', true],
  ['15G Monolithic', '6.00.30.00', false],
  ['13G Monolithic', '2.83.83.83', true],
  ['17G Monolithic', '1.10.05.00', true],
] as const)
  test(`a Dell of ${model} with ${firmware} boots once by ${byAttributes ? 'attributes' : 'the standard override'}`, async () => {
    const Links = { Oem: { Dell: { DellAttributes: [link(ATTRIBUTES)] } } };
    const docs = machine({
      system: { Manufacturer: 'Dell Inc.' },
      manager: { Model: model, FirmwareVersion: firmware, Links },
    });
    docs[ATTRIBUTES] = { Attributes: { 'ServerBoot.1.FirstBootDevice': 'Normal' } };
    const bmc = fakeBmc(docs);
    const connected = await bmc.connect();
    await connected.bootOnce();
    assert.deepEqual(bmc.writes(), [`PATCH ${byAttributes ? ATTRIBUTES : SYSTEM}`]);
    const { enabled, target } = await connected.readBoot();
    assert.deepEqual({ enabled, target }, { enabled: 'Once', target: 'Cd' });
    await connected.clearBoot();
    assert.equal((await connected.readBoot()).enabled, 'Disabled');
  });

test('an emulator that says Continuous for ever is judged by its target', async () => {
  const system = { Manufacturer: 'Sushy Emulator', Boot: { BootSourceOverrideEnabled: 'Continuous' } };
  const docs = machine({ system });
  const bmc = fakeBmc(docs, ({ method, body }) => {
    if (method === 'PATCH') delete (body?.['Boot'] as Json)['BootSourceOverrideEnabled'];
    return undefined;
  });
  const connected = await bmc.connect();
  await connected.bootOnce();
  assert.equal((await connected.readBoot()).enabled, 'Once');
  await connected.clearBoot();
  assert.equal((await connected.readBoot()).enabled, 'Disabled');
});

test('an override is cleared without a target where the target None is refused', async () => {
  const bmc = fakeBmc(machine({ system: once('Cd') }), writesTo(SYSTEM, refuse(400, 'PropertyValueNotInList')));
  await (await bmc.connect()).clearBoot();
  assert.deepEqual(bodiesTo(bmc, SYSTEM).at(-1), { Boot: { BootSourceOverrideEnabled: 'Disabled' } });
});

const STATES = { On: 'On', Off: 'Off', PoweringOn: 'changing', PoweringOff: 'changing', Paused: 'unknown' } as const;

test('power states that are neither On nor Off are changing or unknown, never Off', async () => {
  for (const [said, read] of [...Object.entries(STATES), [null, 'unknown']]) {
    const connected = await fakeBmc(machine({ system: { PowerState: said } })).connect();
    assert.equal(await connected.readPower(), read);
  }
});

const resetWays = (values: string[]): Json => ({
  Actions: { '#ComputerSystem.Reset': { 'ResetType@Redfish.AllowableValues': values } },
});
const POWER: { name: string; action: 'on' | 'off' | 'restart'; system: Json; sent: string[] }[] = [
  { name: 'On when it is off', action: 'on', system: {}, sent: ['On'] },
  { name: 'nothing when it is on already', action: 'on', system: { PowerState: 'On' }, sent: [] },
  { name: 'nothing when it is going on', action: 'on', system: { PowerState: 'PoweringOn' }, sent: [] },
  { name: 'nothing when it is off already', action: 'off', system: {}, sent: [] },
  { name: 'ForceOff', action: 'off', system: { PowerState: 'On' }, sent: ['ForceOff'] },
  {
    name: 'GracefulShutdown where there is no ForceOff',
    action: 'off',
    system: { PowerState: 'On', ...resetWays(['On', 'GracefulShutdown']) },
    sent: ['GracefulShutdown'],
  },
  {
    name: 'On though a merged list does not name it',
    action: 'on',
    system: resetWays(['GracefulShutdownOn']),
    sent: ['On'],
  },
  { name: 'ForceRestart', action: 'restart', system: { PowerState: 'On' }, sent: ['ForceRestart'] },
  {
    name: 'PowerCycle where there is no ForceRestart',
    action: 'restart',
    system: { PowerState: 'On', ...resetWays(['On', 'PowerCycle']) },
    sent: ['PowerCycle'],
  },
  {
    name: 'off and on where there is neither',
    action: 'restart',
    system: { PowerState: 'On', ...resetWays(['On', 'ForceOff']) },
    sent: ['ForceOff', 'On'],
  },
  { name: 'On for a restart of what is off', action: 'restart', system: {}, sent: ['On'] },
];

for (const { name, action, system, sent } of POWER)
  test(`power ${action} sends ${name}`, async () => {
    const bmc = fakeBmc(machine({ system }));
    await (await bmc.connect()).power(action);
    assert.deepEqual(
      bodiesTo(bmc, RESET).map((body) => body?.['ResetType']),
      sent,
    );
  });

test('reset types behind an ActionInfo are read there', async () => {
  const info = `${SYSTEM}/ResetActionInfo`;
  const Actions = {
    '#ComputerSystem.Reset': { 'ResetType@Redfish.AllowableValues': null, '@Redfish.ActionInfo': info },
  };
  const docs = machine({ system: { Actions } });
  docs[info] = { Parameters: [{ Name: 'ResetType', AllowableValues: ['ForceOn', 'ForceOff'] }] };
  const bmc = fakeBmc(docs);
  await (await bmc.connect()).power('on');
  assert.deepEqual(bodiesTo(bmc, RESET), [{ ResetType: 'ForceOn' }]);
});

test('an action target is taken with its trailing slash', async () => {
  const Actions = { '#ComputerSystem.Reset': { target: `${RESET}/` } };
  const bmc = fakeBmc(machine({ system: { Actions } }));
  await (await bmc.connect()).power('on');
  assert.deepEqual(bmc.writes(), [`POST ${RESET}/`]);
});

for (const status of [400, 409, 500])
  test(`a ${status} to a reset that had its effect is a success`, async () => {
    const docs = machine();
    const bmc = fakeBmc(
      docs,
      writesTo(RESET, () => (merge(docs[SYSTEM]!, { PowerState: 'On' }), { status, body: error('AlreadyOn') })),
    );
    await (await bmc.connect()).power('on');
    assert.equal(bmc.writes().length, 1);
  });

test('a conflict right after an off is waited out (iDRAC10)', async () => {
  const conflict = refuse(409, 'ActionParameterValueConflict');
  const bmc = fakeBmc(machine(), writesTo(RESET, conflict, conflict, conflict));
  await (await bmc.connect()).power('on');
  assert.equal(bmc.docs[SYSTEM]!['PowerState'], 'On');
  assert.equal(bmc.clock.now(), 30_000);
});

test('a refused reset is an E-BMC-REFUSED', async () => {
  const bmc = fakeBmc(machine(), writesTo(RESET, refuse(400, 'ActionNotSupported')));
  assert.equal(await code((await bmc.connect()).power('on')), 'E-BMC-REFUSED');
});

test('a restart whose answer was lost is not sent again', async () => {
  const bmc = fakeBmc(machine({ system: { PowerState: 'On' } }), writesTo(RESET, lose));
  assert.equal(await code((await bmc.connect()).power('restart')), 'E-BMC-UNREACH');
  assert.equal(bmc.writes().length, 1);
});

test('a BMC that repeats the login in an error gives nothing of it away, even where the text is cut', async () => {
  const pair = Buffer.from('root:calvin-1956').toString('base64');
  for (const echo of [`bad header Basic ${pair}`, `${'x'.repeat(192)} calvin-1956`]) {
    const bmc = fakeBmc(machine({ system: { PowerState: 'On' } }), writesTo(RESET, refuse(400, 'Odd', echo)));
    const thrown: unknown = await (await bmc.connect()).power('off').catch((reason: unknown) => reason);
    assert.ok(thrown instanceof SnobootError);
    assert.doesNotMatch(thrown.message, /calvi|cm9vdDpj/);
  }
});
