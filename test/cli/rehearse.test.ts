/** What an inventory of real machines is in a rehearsal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rehearsalOf } from '../../src/cli/rehearse.ts';
import { labSpecOf } from '../../src/cli/lab-spec.ts';
import type { HostSpec, Inventory } from '../../src/inventory/types.ts';
import { inventoryIn } from '../run/inventories.ts';
import { hostSpec } from '../stages/scene.ts';

const SERVICE = {
  type: 'assisted',
  url: 'https://s',
  offlineToken: null,
  trust: 'verify',
  caFile: '/ca',
  agentUrl: null,
} as const;

type Redfish = Extract<HostSpec['bmc'], { kind: 'redfish' }>;
const bmc = (parts: Partial<Redfish>): Redfish => ({
  kind: 'redfish',
  origin: 'https://192.0.2.1',
  systemPath: null,
  family: null,
  username: 'root',
  password: { from: 'cmd', command: 'exit 1' },
  trust: { kind: 'verify' },
  ...parts,
});

function real(host: Partial<HostSpec>): Inventory {
  const inventory = inventoryIn('/lab', { c1: {} }, { service: SERVICE, media: { address: '192.0.2.5', port: 8088 } });
  return {
    ...inventory,
    clusters: inventory.clusters.map((cluster) => ({ ...cluster, hosts: [{ ...hostSpec, bmc: bmc({}), ...host }] })),
  };
}

const machineOf = (host: Partial<HostSpec>) => labSpecOf(rehearsalOf(real(host)).inventory).hosts[0]!;

test('nothing that is real is left in it: no service, no BMC, no secret, no address for media', () => {
  const { inventory } = rehearsalOf(real({}));
  assert.doesNotMatch(JSON.stringify({ ...inventory, file: '' }), /192\.0\.2|https|exit 1/);
  assert.equal(inventory.home, '/lab/.snoboot/rehearsal');
});

test('the vendor is that of the scheme, else of the name of the system', () => {
  assert.equal(machineOf({ bmc: bmc({ family: 'dell' }) }).profile, 'dell-idrac9');
  assert.equal(machineOf({ bmc: bmc({ family: 'hpe' }) }).profile, 'hpe-ilo5');
  assert.equal(machineOf({ bmc: bmc({ systemPath: '/redfish/v1/Systems/System.Embedded.1' }) }).profile, 'dell-idrac9');
  assert.equal(machineOf({ bmc: bmc({ systemPath: '/redfish/v1/Systems/1' }) }).profile, 'generic');
});

test('the machine has the serial number, the UUID and the disk that the inventory names', () => {
  const hints = {
    serialNumber: 'D1',
    wwn: '0x5000',
    rotational: true,
    minSizeGigabytes: 200,
    deviceName: '/dev/nvme0n1',
  };
  const { serial, uuid, disks } = machineOf({ identity: { serial: 'S1', uuid: 'u-1' }, rootDeviceHints: hints });
  assert.deepEqual({ serial, uuid }, { serial: 'S1', uuid: 'u-1' });
  assert.deepEqual(disks, [
    { name: 'nvme0n1', sizeBytes: 200 * 2 ** 30, serial: 'D1', wwn: '0x5000', driveType: 'HDD' },
  ]);
});

test('what cannot be rehearsed as it is written is said', () => {
  const { inventory, notes } = rehearsalOf(
    real({ rootDeviceHints: { deviceName: '/dev/disk/by-path/pci-1', wwn: '0x5' } }),
  );
  assert.deepEqual(notes, ['c1/host-0: the hint deviceName /dev/disk/by-path/pci-1 is not rehearsed']);
  assert.deepEqual(inventory.clusters[0]?.hosts[0]?.rootDeviceHints, { wwn: '0x5' });
});

test('an inventory for the lab is refused', () => {
  assert.throws(() => rehearsalOf({ ...real({}), service: { type: 'lab' } }), { code: 'E-USAGE' });
});
