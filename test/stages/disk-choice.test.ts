/** Which disk is erased, and which are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InventoryDisk } from '../../src/assisted/inventory.ts';
import type { HostSpec } from '../../src/inventory/types.ts';
import { chooseDisk } from '../../src/stages/disk-choice.ts';
import { hostSpec } from './scene.ts';

const disk = (name: string, parts: Partial<InventoryDisk> = {}): InventoryDisk => ({
  id: `/dev/disk/by-id/wwn-${name}`,
  name,
  path: `/dev/${name}`,
  byId: `/dev/disk/by-id/wwn-${name}`,
  byPath: `/dev/disk/by-path/${name}`,
  wwn: `0xAB${name}`,
  serial: `S-${name}`,
  model: '',
  vendor: '',
  hctl: '',
  driveType: 'SSD',
  isRemovable: false,
  sizeBytes: 100e9,
  eligible: true,
  notEligible: [],
  ...parts,
});

const hostWith = (rootDeviceHints: HostSpec['rootDeviceHints']): HostSpec => ({
  ...hostSpec,
  rootDeviceHints,
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

/** A SAS disk, as udev names it with its vendor's extension, and one of another kind. */
const SAS = disk('sdb', {
  hctl: '2:0:1:0',
  model: 'PX05SVB080Y',
  vendor: 'TOSHIBA',
  driveType: 'HDD',
  sizeBytes: 960e9,
  wwn: '0x500003986C8A1F2D0123456789ABCDEF',
});
const HINTS: Required<NonNullable<HostSpec['rootDeviceHints']>> = {
  deviceName: '/dev/disk/by-path/sdb',
  hctl: '2:0:1:0',
  model: 'px05',
  vendor: 'Tosh',
  serialNumber: 'S-sdb',
  minSizeGigabytes: 894,
  wwn: '0x500003986c8a1f2d',
  wwnWithExtension: '0x500003986c8a1f2d0123456789abcdef',
  wwnVendorExtension: '0x0123456789abcdef',
  rotational: true,
};

for (const [hint, value] of Object.entries(HINTS))
  test(`the hint ${hint} names its disk, and no other`, () => {
    const disks = [disk('sda'), SAS];
    assert.equal(chooseDisk(hostWith({ [hint]: value }), disks, []).install.name, 'sdb');
    assert.throws(() => chooseDisk(hostWith({ [hint]: value }), [disk('sda')], []), { code: 'E-DISK-NONE' });
  });

test('sizes are whole GiB, a serial number is the whole one, and a name may be of any kind', () => {
  for (const hints of [{ minSizeGigabytes: 895 }, { serialNumber: 'S-sd' }, { wwn: '0x500003986c8a1f2' }])
    assert.throws(() => chooseDisk(hostWith(hints), [SAS], []), { code: 'E-DISK-NONE' }, JSON.stringify(hints));
  for (const deviceName of ['/dev/sdb', '/dev/disk/by-id/wwn-sdb'])
    assert.equal(chooseDisk(hostWith({ deviceName }), [disk('sda'), SAS], []).install.name, 'sdb');
});

test('hints that two disks match are refused, and so is the one disk that cannot be installed on', () => {
  assert.throws(() => chooseDisk(hostWith({ rotational: false }), [disk('sda'), disk('sdc'), SAS], []), {
    code: 'E-DISK-AMBIGUOUS',
    exitCode: 3,
    message: /^2 disks could be installed on: \/dev\/sda .*; \/dev\/sdc /,
  });
  const cruft = disk('sda', { eligible: false, notEligible: ['has an iso9660 partition'] });
  assert.throws(() => chooseDisk(hostWith({ deviceName: '/dev/sda' }), [cruft], []), {
    code: 'E-DISK-NONE',
    message: /cannot be installed on; .*has an iso9660 partition/,
  });
});

test('all hints together must hold', () => {
  const hints = { deviceName: '/dev/sda', serialNumber: 'S-sdb' };
  assert.throws(() => chooseDisk(hostWith(hints), [disk('sda'), disk('sdb')], []), { code: 'E-DISK-NONE' });
});

test('of the other disks those that would be formatted are told from those that stay', () => {
  const disks = [disk('sda'), disk('sdb'), disk('sdc'), disk('sr0', { isRemovable: true })];
  const formatted = [disks[0]!.id, disks[1]!.id, 'unheard-of'];
  const choice = chooseDisk(hostWith({ deviceName: '/dev/sda' }), disks, formatted);
  assert.deepEqual(
    choice.formatted.map(({ name }) => name),
    ['sdb', 'unheard-of'],
  );
  assert.deepEqual(
    choice.left.map(({ name }) => name),
    ['sdc'],
  );
});
