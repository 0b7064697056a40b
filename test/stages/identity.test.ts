/** Whose machine is behind a BMC: the judgement alone, over what inventory, pin and BMC say. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { real } from '../../src/stages/identifiers.ts';
import { introduction, judge, type Meeting, type Pin, pinOf, type Shown } from '../../src/stages/identity.ts';

const UUID = '4c4c4544-0000-2010-8020-80c04f202020';
const MAC = '52:54:00:00:00:01';
const CERTIFICATE = 'a'.repeat(64);

const SHOWN: Shown = {
  vendor: 'Dell Inc.',
  model: 'R650',
  serial: 'CN1',
  sku: 'TAG1',
  uuid: UUID,
  macs: [MAC],
  fingerprint: CERTIFICATE,
};
const NOBODY = { subject: 'c/host-0', serial: null, uuid: null, macs: [] };
const PIN: Pin = { fingerprint: CERTIFICATE, serial: 'CN1', uuid: UUID };
const BARE: Shown = { ...SHOWN, serial: null, sku: null, uuid: null, macs: [] };

const meeting = (parts: Partial<Meeting>): Meeting => ({
  address: '192.0.2.10',
  wanted: NOBODY,
  others: [],
  shown: SHOWN,
  neighbours: [],
  pin: null,
  place: '/state/known-bmcs/192.0.2.10:443',
  hasCertificate: false,
  ...parts,
});
const named = (claims: Partial<Meeting['wanted']>): Meeting['wanted'] => ({ ...NOBODY, ...claims });

const TAKEN: [string, ReturnType<typeof judge>, Partial<Meeting>][] = [
  ['the serial number agrees in any spelling', 'named', { wanted: named({ serial: ' cn1' }) }],
  ["Dell's service tag agrees", 'named', { wanted: named({ serial: 'TAG1' }) }],
  ['the UUID agrees in upper case', 'named', { wanted: named({ uuid: UUID.toUpperCase() }) }],
  ['one MAC of several agrees', 'named', { wanted: named({ macs: ['52:54:00:00:00:09', MAC] }) }],
  [
    'the inventory names the certificate, and nothing else can be compared',
    'named',
    { shown: BARE, hasCertificate: true },
  ],
  ['the pin agrees', 'known', { pin: PIN }],
  [
    'the pin agrees, and the BMC lists other NICs',
    'known',
    { pin: PIN, wanted: named({ macs: ['52:54:00:00:00:09'] }) },
  ],
  [
    'only the certificate of the pin can be compared',
    'known',
    { pin: { ...PIN, serial: null, uuid: null }, shown: BARE },
  ],
  [
    'a new certificate that the inventory names',
    'known',
    { pin: { ...PIN, fingerprint: 'b'.repeat(64) }, hasCertificate: true },
  ],
  ['nothing agrees and nothing contradicts', 'new', {}],
  ['placeholders agree with nothing', 'new', { wanted: named({ serial: 'N/A' }), shown: { ...BARE, serial: 'N/A' } }],
  [
    'two machines show the same placeholder',
    'new',
    {
      shown: { ...BARE, serial: 'Default string' },
      neighbours: [{ subject: 'd/host-0', shown: { ...BARE, serial: 'Default string' } }],
    },
  ],
];

const REFUSED: [string, RegExp, Partial<Meeting>][] = [
  [
    'another serial number',
    /has CN1 or TAG1; the inventory says serial number CN2/,
    { wanted: named({ serial: 'CN2', uuid: UUID }) },
  ],
  [
    'another UUID',
    /the inventory says UUID 1111/,
    { wanted: named({ serial: 'CN1', uuid: '11111111-2222-1111-1111-111111111111' }) },
  ],
  [
    'none of the MACs',
    /the inventory says MAC address 52:54:00:00:00:09/,
    { wanted: named({ macs: ['52:54:00:00:00:09'] }), hasCertificate: true },
  ],
  [
    'the machine of another host',
    /this is d\/host-1 by the inventory: swapped/,
    { others: [{ ...NOBODY, subject: 'd/host-1', serial: 'TAG1' }] },
  ],
  [
    'right serial number, MAC of another host',
    /this is d\/host-1/,
    { wanted: named({ serial: 'CN1' }), others: [{ ...NOBODY, subject: 'd/host-1', macs: [MAC] }] },
  ],
  [
    'one machine behind two addresses',
    /c\/host-0 and d\/host-0 show the same machine/,
    { wanted: named({ serial: 'CN1' }), neighbours: [{ subject: 'd/host-0', shown: SHOWN }] },
  ],
  [
    'a replaced machine',
    /another machine than before .*it had serial number CN0, it has serial number CN1$/,
    { pin: { ...PIN, serial: 'CN0' } },
  ],
  [
    'a replaced machine that the inventory knows already',
    /another machine than before/,
    { pin: { ...PIN, serial: 'CN0' }, wanted: named({ serial: 'CN1' }), hasCertificate: true },
  ],
  [
    'another UUID than before',
    /another machine than before/,
    { pin: { ...PIN, uuid: '11111111-2222-1111-1111-111111111111' } },
  ],
  [
    'another certificate',
    /the same machine, but another certificate: SHA-256 a{64}, it was b{64}/,
    { pin: { ...PIN, fingerprint: 'b'.repeat(64) } },
  ],
];

describe('whose machine it is', () => {
  for (const [what, verdict, parts] of TAKEN)
    test(`${what}: ${verdict}`, () => assert.equal(judge(meeting(parts)), verdict));
  for (const [what, message, parts] of REFUSED)
    test(`${what}: refused`, () =>
      assert.throws(() => judge(meeting(parts)), { code: 'E-IDENT', exitCode: 3, message }));
});

test('what contradicts a pin names the file to remove', () => {
  for (const pin of [
    { ...PIN, serial: 'CN0' },
    { ...PIN, fingerprint: 'b'.repeat(64) },
  ])
    assert.throws(() => judge(meeting({ pin })), { todo: /remove \/state\/known-bmcs\/192\.0\.2\.10:443/ });
});

test('a person is shown address, maker, model, serial number, UUID and certificate', () => {
  const line = introduction(meeting({}));
  for (const part of ['192.0.2.10', 'Dell Inc. R650', 'CN1', 'TAG1', UUID, CERTIFICATE])
    assert.ok(line.includes(part), line);
});

test('what a BMC does not show any more stays pinned, and placeholders are not', () => {
  assert.deepEqual(pinOf({ shown: BARE, pin: PIN }), PIN);
  assert.equal(pinOf({ shown: { ...SHOWN, serial: 'To be filled by O.E.M.' }, pin: null }).serial, null);
});

test('placeholders of makers say nothing; odd serial numbers do', () => {
  const nothing = [
    'To be filled by O.E.M.',
    'To Be Filled By O.E.M',
    'Default string',
    'System Serial Number',
    'N/A',
    '0',
    '0000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '00000000-0000-0000-0000-000000000000',
    '03000200-0400-0500-0006-000700080009',
    'Not Specified',
    '....',
    ' ',
    '123456789',
    null,
  ];
  for (const one of nothing) assert.equal(real(one), null, String(one));
  for (const one of ['CN1', 'A', '0001', 'NA12', '6CU1234567']) assert.equal(real(one), one === 'A' ? null : one);
});
