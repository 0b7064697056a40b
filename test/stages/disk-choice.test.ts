/** Which disk is erased, and which are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InventoryDisk } from '../../src/assisted/inventory.ts';
import type { HostSpec } from '../../src/inventory/types.ts';
import { chooseDisk } from '../../src/stages/disk-choice.ts';

const disk = (name: string, parts: Partial<InventoryDisk> = {}): InventoryDisk => ({
  id: `/dev/disk/by-id/wwn-${name}`,
  name,
  path: `/dev/${name}`,
  byId: `/dev/disk/by-id/wwn-${name}`,
  byPath: `/dev/disk/by-path/${name}`,
  wwn: `0xAB${name}`,
  serial: `S-${name}`,
  model: '',
  sizeBytes: 100e9,
  eligible: true,
  notEligible: [],
  ...parts,
});

const hostWith = (rootDeviceHints: HostSpec['rootDeviceHints']): HostSpec => ({
  name: 'h',
  bmc: { kind: 'lab', profile: 'generic' },
  bootMACAddress: null,
  rootDeviceHints,
  networkConfig: null,
  macs: [],
  identity: { serial: null, uuid: null },
});

test('without hints the only eligible disk is taken', () => {
  const disks = [disk('sda', { eligible: false, notEligible: ['too small'] }), disk('sdb')];
  assert.equal(chooseDisk(hostWith(null), disks, []).install.name, 'sdb');
});

test('without hints two eligible disks are refused, with the list', () => {
  assert.throws(() => chooseDisk(hostWith(null), [disk('sda'), disk('sdb')], []), {
    code: 'E-DISK-AMBIGUOUS',
    exitCode: 3,
    message:
      '2 disks could be installed on: /dev/sda 100 GB wwn 0xABsda serial S-sda; /dev/sdb 100 GB wwn 0xABsdb serial S-sdb',
  });
});

test('no eligible disk is refused, with the reason of each', () => {
  const small = disk('sda', { eligible: false, notEligible: ['Disk is too small'] });
  assert.throws(() => chooseDisk(hostWith(null), [small], []), {
    code: 'E-DISK-NONE',
    message: 'no disk can be installed on; the host has: /dev/sda 100 GB wwn 0xABsda serial S-sda (Disk is too small)',
  });
});

test('each hint names its disk, in any spelling of a WWN', () => {
  const disks = [disk('sda'), disk('sdb')];
  for (const hints of [
    { deviceName: '/dev/sdb' },
    { deviceName: '/dev/disk/by-path/sdb' },
    { wwn: '0xabSDB' },
    { serialNumber: 'S-sdb' },
  ])
    assert.equal(chooseDisk(hostWith(hints), disks, []).install.name, 'sdb', JSON.stringify(hints));
});

test('all hints together must hold', () => {
  const hints = { deviceName: '/dev/sda', serialNumber: 'S-sdb' };
  assert.throws(() => chooseDisk(hostWith(hints), [disk('sda'), disk('sdb')], []), { code: 'E-DISK-NONE' });
});

test('every other disk that would be formatted is skipped', () => {
  const disks = [disk('sda'), disk('sdb')];
  const formatted = disks.map(({ id }) => id);
  const { skipFormatting } = chooseDisk(hostWith({ deviceName: '/dev/sda' }), disks, formatted);
  assert.deepEqual(skipFormatting, ['/dev/disk/by-id/wwn-sdb']);
});
