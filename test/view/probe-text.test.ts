/** What probe prints of machines; what it suggests is pasted as it stands, and means what was seen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestion } from '../../src/view/probe-suggestion.ts';
import { type ProbedDisk, type ProbedHost, probeText } from '../../src/view/probe-text.ts';
import { cluster, inFolder } from '../inventory/texts.ts';

const DISCOVER = 'snoboot deploy lab.yaml --stop-after-stage assign-hosts';
const UUID = '4c4c4544-0044-4710-8052-b4c04f4d3133';

const disk = (path: string, parts: Partial<ProbedDisk> = {}): ProbedDisk => ({
  id: `/dev/disk/by-path/${path}`,
  path: `/dev/${path}`,
  sizeBytes: 960e9,
  model: 'MZ7L3 # "960"',
  serial: `S-${path}`,
  wwn: '0x5002538f00000001',
  notEligible: [],
  isChosen: path === 'sda',
  ...parts,
});

const HOST: ProbedHost = {
  cluster: 'sno1',
  host: 'host-0',
  bmc: 'https://192.0.2.7',
  bootMACAddress: null,
  machine: {
    vendor: 'Dell Inc.',
    model: 'PowerEdge R650',
    serial: 'D: "1"\u001b[31m',
    uuid: UUID,
    macs: ['52:54:00:00:00:09'],
    firmware: '7.10',
    power: 'Off',
    slot: '/redfish/v1/Managers/1/VirtualMedia/CD',
    image: null,
    boot: 'Disabled',
  },
  discovered: {
    by: 'service',
    disks: [disk('sda'), disk('sdb', { wwn: '', notEligible: ['too small'] })],
    nics: [
      { name: 'eno1', mac: '52:54:00:00:00:08', addresses: [] },
      { name: 'eno2', mac: '52:54:00:00:00:09', addresses: ['192.0.2.5/24'] },
    ],
  },
  error: null,
};

/** The host that an inventory has once the suggested lines stand below its name. */
async function pasted(host: ProbedHost) {
  const [, lines = ''] = suggestion([host], DISCOVER).split('      - name: "host-0"\n');
  const { clusters } = await inFolder(cluster('', lines));
  return clusters[0]!.hosts[0]!;
}

test('what is suggested can be pasted: identity, NIC with an address, disk by WWN', async () => {
  const { bootMACAddress, identity, rootDeviceHints } = await pasted(HOST);
  assert.equal(bootMACAddress, '52:54:00:00:00:09');
  assert.deepEqual(identity, { serial: 'D: "1"\ufffd[31m', uuid: UUID });
  assert.deepEqual(rootDeviceHints, { wwn: '0x5002538f00000001' });
});

test('a disk without WWN is named by its serial number, one with an extension by the whole, one without either by its path', async () => {
  const table: [Partial<ProbedDisk>, object][] = [
    [{ wwn: '' }, { serialNumber: 'S-sda' }],
    [{ wwn: '0x5002538f000000010000000000000002' }, { wwnWithExtension: '0x5002538f000000010000000000000002' }],
    [{ wwn: '', serial: '' }, { deviceName: '/dev/disk/by-path/sda' }],
  ];
  for (const [parts, hints] of table) {
    const discovered = { ...HOST.discovered!, disks: [disk('sda', parts)] };
    assert.deepEqual((await pasted({ ...HOST, discovered })).rootDeviceHints, hints);
  }
});

test('where several disks or none would be taken, no hint is suggested, and all of them stand there as comments', async () => {
  for (const isChosen of [true, false]) {
    const disks = [disk('sda', { isChosen }), disk('sdb', { isChosen })];
    const host = { ...HOST, discovered: { ...HOST.discovered!, disks } };
    assert.equal((await pasted(host)).rootDeviceHints, null);
    const text = suggestion([host], DISCOVER);
    for (const path of ['/dev/sda', '/dev/sdb']) assert.match(text, new RegExp(`#   wwn: .*${path} 960 GB`));
  }
});

test('a machine that could not be read, or whose disks nobody knows, is suggested as far as it is known', async () => {
  const error = { code: 'E-BMC-AUTH' as const, message: 'refused', todo: 'correct it' };
  const unread = { ...HOST, machine: null, discovered: null, error };
  assert.equal((await pasted(unread)).bootMACAddress, null);
  assert.match(suggestion([unread], DISCOVER), /# E-BMC-AUTH: refused\n.*# disks are known after: snoboot deploy /);
  assert.match(probeText([unread], DISCOVER), /E-BMC-AUTH: refused\n {4}what to do: correct it\ndisks are known after/);
});
