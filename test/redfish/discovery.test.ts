/** Which machine and which slot are chosen: odd collections, odd slots, and the document sets of real vendors. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { SnobootError } from '../../src/core/errors.ts';
import {
  type Docs,
  fakeBmc,
  FINGERPRINT,
  type Json,
  link,
  machine,
  merge,
  type Reply,
  type Seen,
  SLOT,
  slotDoc,
  SYSTEM,
} from './fake-bmc.ts';

const MEDIA = '/redfish/v1/Managers/1/VirtualMedia';
const NO_ACTIONS = { '#VirtualMedia.InsertMedia': null, '#VirtualMedia.EjectMedia': null };

test('the identity is read from system, NICs and manager', async () => {
  const { identity } = await fakeBmc(machine()).connect();
  assert.deepEqual(identity, {
    vendor: 'Contoso',
    model: 'Box 1',
    serial: 'SN1',
    sku: null,
    uuid: '36383150-3630-584d-5130-313930323042',
    macs: ['aa:bb:cc:00:00:01', 'aa:bb:cc:00:00:02'],
    fingerprint: FINGERPRINT,
    firmware: '2.46',
    system: SYSTEM,
    slot: SLOT,
  });
});

test('NICs that are only partly readable give no MAC rather than some', async () => {
  const refuse = ({ path }: Seen): Reply | undefined =>
    path.endsWith('EthernetInterfaces/2') ? { status: 403 } : undefined;
  assert.deepEqual((await fakeBmc(machine(), refuse).connect()).identity.macs, []);
});

function withSystems(members: unknown, more: Docs = {}): Docs {
  return { ...machine(), ...more, '/redfish/v1/Systems': { Members: members } };
}

const TWIN = '/redfish/v1/Systems/2';
const BOARD = '/redfish/v1/Systems/HGX_Baseboard_0';
const FOUND: { name: string; docs: Docs; systemPath?: string }[] = [
  {
    name: 'beside a pseudo-member without PowerState',
    docs: withSystems([link(BOARD), link(SYSTEM)], { [BOARD]: { Id: 'Capabilities' } }),
  },
  { name: 'beside null members', docs: withSystems([null, link(SYSTEM)]) },
  { name: 'among members that are bare strings', docs: withSystems([SYSTEM]) },
  { name: 'beside a member that leads nowhere', docs: withSystems([link(TWIN), link(SYSTEM)]) },
  {
    name: 'of two, by its path',
    docs: withSystems([link(TWIN), link(SYSTEM)], { [TWIN]: machine()[SYSTEM]! }),
    systemPath: SYSTEM,
  },
  { name: 'by a path that the collection does not list', docs: withSystems([]), systemPath: SYSTEM },
  {
    name: 'on the second page of the collection',
    docs: {
      ...withSystems([], { '/redfish/v1/Systems2': { Members: [link(SYSTEM)] } }),
      '/redfish/v1/Systems': { Members: [], 'Members@odata.nextLink': '/redfish/v1/Systems2' },
    },
  },
];

for (const { name, docs, systemPath } of FOUND)
  test(`the machine is found ${name}`, async () => {
    const { identity } = await fakeBmc(docs).connect({ systemPath: systemPath ?? null });
    assert.equal(identity.system, SYSTEM);
  });

test('a member that ends in a slash is the system that was asked for without one', async () => {
  const docs = machine();
  docs[`${SYSTEM}/`] = docs[SYSTEM]!;
  docs['/redfish/v1/Systems'] = { Members: [link(`${SYSTEM}/`)] };
  assert.equal((await fakeBmc(docs).connect({ systemPath: SYSTEM })).identity.system, `${SYSTEM}/`);
});

const LOST: { name: string; docs: Docs; systemPath?: string; says: RegExp }[] = [
  {
    name: 'two machines',
    docs: withSystems([link(TWIN), link(SYSTEM)], { [TWIN]: machine()[SYSTEM]! }),
    says: /2 machines.*Systems\/2 \(serial SN1\), .*Systems\/1 \(serial SN1\)/,
  },
  { name: 'no machine', docs: withSystems(undefined), says: /0 machines.*nothing/ },
  {
    name: 'a path that is not there',
    docs: machine(),
    systemPath: '/redfish/v1/Systems/9',
    says: /no machine at \/redfish\/v1\/Systems\/9; seen: \/redfish\/v1\/Systems\/1/,
  },
];

for (const { name, docs, systemPath, says } of LOST)
  test(`${name} is an E-BMC-PROTO that lists what was seen`, async () => {
    const work = fakeBmc(docs).connect({ systemPath: systemPath ?? null });
    await assert.rejects(
      work,
      (e: unknown) => e instanceof SnobootError && e.code === 'E-BMC-PROTO' && says.test(e.message),
    );
  });

/** A machine whose manager has exactly these slots. */
function withSlots(slots: Record<string, Json>, system: Json = {}): Docs {
  const docs = machine({ system });
  docs[MEDIA] = { Members: Object.keys(slots).map((id) => link(`${MEDIA}/${id}`)) };
  for (const [id, change] of Object.entries(slots)) docs[`${MEDIA}/${id}`] = slotDoc(`${MEDIA}/${id}`, change);
  return docs;
}

const CHOSEN: { name: string; docs: Docs; id: string }[] = [
  {
    name: 'a CD before a DVD',
    docs: withSlots({ A: { MediaTypes: ['DVD'] }, B: { MediaTypes: ['CD', 'USBStick'] } }),
    id: 'B',
  },
  {
    name: 'a DVD before a USB stick',
    docs: withSlots({ A: { MediaTypes: ['USBStick'] }, B: { MediaTypes: ['DVD'] } }),
    id: 'B',
  },
  { name: 'a USB stick when there is nothing else', docs: withSlots({ A: { MediaTypes: ['USBStick'] } }), id: 'A' },
  {
    name: 'a name like CD1 where media types are missing',
    docs: withSlots({ HD1: { MediaTypes: null }, CD1: { MediaTypes: null } }),
    id: 'CD1',
  },
  { name: 'EXT1 and not Lenovo’s upload slots', docs: withSlots({ RDOC1: {}, Remote1: {}, EXT1: {} }), id: 'EXT1' },
  {
    name: 'the slot that can insert, not OpenBMC’s proxy',
    docs: withSlots({ Slot_0: { Actions: NO_ACTIONS }, Slot_1: {} }),
    id: 'Slot_1',
  },
  { name: 'slot 1 on Dell', docs: withSlots({ 2: {}, 1: {} }, { Manufacturer: 'Dell Inc.' }), id: '1' },
  {
    name: 'the same slot whether it is occupied or not',
    docs: withSlots({ A: { Inserted: true, Image: 'http://x/y.iso' }, B: {} }),
    id: 'A',
  },
];

for (const { name, docs, id } of CHOSEN)
  test(`the slot chosen is ${name}`, async () => {
    assert.equal((await fakeBmc(docs).connect()).identity.slot, `${MEDIA}/${id}`);
  });

test('slots of the system come before those of its manager, whose are then not read', async () => {
  const docs = machine({ system: { VirtualMedia: link(`${SYSTEM}/VirtualMedia`) } });
  docs[`${SYSTEM}/VirtualMedia`] = { Members: [link(`${SYSTEM}/VirtualMedia/1`)] };
  docs[`${SYSTEM}/VirtualMedia/1`] = slotDoc(`${SYSTEM}/VirtualMedia/1`);
  const bmc = fakeBmc(docs);
  assert.equal((await bmc.connect()).identity.slot, `${SYSTEM}/VirtualMedia/1`);
  assert.ok(!bmc.asked().includes(`GET ${MEDIA}`));
});

test('a manager that the system does not name is found through the root', async () => {
  const docs = machine({ system: { Links: { ManagedBy: null } } });
  assert.equal((await fakeBmc(docs).connect()).identity.slot, SLOT);
});

test('a slot without actions is usable where its Allow has PATCH', async () => {
  const docs = machine({ slot: { Actions: NO_ACTIONS } });
  const allow = ({ method, path }: Seen): Reply | undefined =>
    method === 'GET' && path === SLOT
      ? { status: 200, headers: { allow: 'GET, HEAD, PATCH' }, body: docs[SLOT] }
      : undefined;
  assert.equal((await fakeBmc(docs, allow).connect()).identity.slot, SLOT);
});

const SLOTLESS: { name: string; docs: Docs }[] = [
  { name: 'a collection without Members (X10)', docs: { ...machine(), [MEDIA]: { 'Members@odata.count': 0 } } },
  { name: 'a manager without virtual media', docs: machine({ manager: { VirtualMedia: null } }) },
  { name: 'a proxy slot alone', docs: withSlots({ Slot_0: { Actions: NO_ACTIONS } }) },
];

for (const { name, docs } of SLOTLESS)
  test(`${name} is an E-BMC-NO-SLOT`, async () => {
    await assert.rejects(
      fakeBmc(docs).connect(),
      (e: unknown) => e instanceof SnobootError && e.code === 'E-BMC-NO-SLOT',
    );
  });

const MOCKUPS = join(process.cwd(), '../shared/data/redfish-mockups');
const skip = existsSync(MOCKUPS) ? false : '../shared/data/redfish-mockups is not here';

/** The documents of a vendor's tree, by the path that each gives itself. */
function tree(...folders: string[]): Docs {
  const docs: Docs = {};
  for (const file of folders.flatMap((folder) => jsonFiles(join(MOCKUPS, folder)))) {
    const doc = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    const id = (doc as Json | null)?.['@odata.id'];
    if (typeof id === 'string') docs[id === '/redfish/v1' ? '/redfish/v1/' : id] = doc as Json;
  }
  return docs;
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? jsonFiles(path) : name.endsWith('.json') ? [path] : [];
  });
}

/** The parts of a Dell that two captures leave out. */
const DELL_FRAME: Docs = {
  '/redfish/v1/': { Systems: link('/redfish/v1/Systems'), Managers: link('/redfish/v1/Managers'), Vendor: 'Dell' },
  '/redfish/v1/Systems': { Members: [link('/redfish/v1/Systems/System.Embedded.1')] },
};

const VENDORS: { vendor: string; docs: () => Docs; system: string; slot: string | null; serial: string | null }[] = [
  {
    vendor: 'HPE iLO 5 2.46',
    docs: () => tree('hpe/ilo5-2.46-dl325-gen10plus'),
    system: '1',
    slot: 'Managers/1/VirtualMedia/2',
    serial: 'MXQ019020B',
  },
  {
    vendor: 'HPE iLO 5 2.70 with trailing slashes',
    docs: () => tree('hpe/ilo5-2.70-xl675d-legacyboot'),
    system: '1/',
    slot: 'Managers/1/VirtualMedia/2/',
    serial: 'JS05NP0896',
  },
  {
    vendor: 'HPE iLO 6 1.66',
    docs: () => tree('hpe/ilo6-1.66-dl380a-gen11'),
    system: '1',
    slot: 'Managers/1/VirtualMedia/2',
    serial: null,
  },
  {
    vendor: 'AMI of Gigabyte',
    docs: () => tree('ami-gigabyte/h262-z63-12.84.13'),
    system: 'Self',
    slot: 'Managers/Self/VirtualMedia/CD1',
    serial: 'GJG9NF512A000302',
  },
  {
    vendor: 'Dell iDRAC9',
    docs: dellDocs,
    system: 'System.Embedded.1',
    slot: 'Managers/iDRAC.Embedded.1/VirtualMedia/CD',
    serial: 'MXFC4003C100N0',
  },
  {
    vendor: 'Lenovo XCC',
    docs: () => tree('lenovo/xcc-bmclib'),
    system: '1',
    slot: 'Managers/1/VirtualMedia/CD',
    serial: null,
  },
  {
    vendor: 'OpenBMC, stock',
    docs: () => tree('openbmc/stock-2.15.0-dev'),
    system: 'system',
    slot: null,
    serial: null,
  },
  { vendor: 'Supermicro X10', docs: () => tree('supermicro/x10sdv-4.00'), system: '1', slot: null, serial: null },
];

function dellDocs(): Docs {
  const docs = { ...tree('dell/r7615-idrac9-understack', 'dell/idrac9-libredfish'), ...DELL_FRAME };
  delete docs['/redfish/v1/Systems/System.Embedded.1']?.['VirtualMedia'];
  return docs;
}

for (const { vendor, docs, system, slot, serial } of VENDORS)
  test(
    `${vendor}: ${slot === null ? 'no slot by URL' : 'the right machine and slot'} in its own documents`,
    { skip },
    async () => {
      const found = docs();
      const bmc = fakeBmc(found, ({ method, path }) => patchable(found, method, path));
      if (slot === null) {
        await assert.rejects(
          bmc.connect(),
          (e: unknown) =>
            e instanceof SnobootError && e.code === 'E-BMC-NO-SLOT' && e.message.includes(`Systems/${system}`),
        );
        return;
      }
      const { identity } = await bmc.connect();
      assert.equal(identity.system, `/redfish/v1/Systems/${system}`);
      assert.equal(identity.slot, `/redfish/v1/${slot}`);
      if (serial !== null) assert.equal(identity.serial, serial);
    },
  );

/** Real XCCs say `Allow: … PATCH` with a slot that has no actions. */
function patchable(docs: Docs, method: string, path: string): Reply | undefined {
  const doc = docs[path];
  if (method !== 'GET' || !doc || !path.includes('/VirtualMedia/') || 'Actions' in doc) return undefined;
  return { status: 200, headers: { allow: 'GET, HEAD, PATCH' }, body: merge({}, doc) };
}
