import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { type ArmedFaults, createFaults, FAULT_NAMES } from '../../src/lab/faults.ts';
import { readIgnition } from '../../src/lab/host/ignition.ts';
import { configOf } from '../../src/lab/host/initrd.ts';
import { configureNetwork } from '../../src/lab/host/network.ts';
import { buildBaseIso, composeIso, packIgnition } from '../../src/lab/iso.ts';
import { populate } from '../../src/lab/populate.ts';
import { seededRandom } from '../../src/core/random.ts';
import { SnobootError } from '../../src/core/errors.ts';
import { hostSpec } from './lab-client.ts';

const base = buildBaseIso('9.6.20260112-0', false);
const TEXT = JSON.stringify({ ignition: { version: '3.1.0' }, systemd: {}, storage: { files: [] } });
const embedded = (area: Buffer): Buffer => composeIso(base, area, []);

test('a host finds the ignition on the ISO, compressed or not', () => {
  assert.equal(configOf(embedded(packIgnition(TEXT))), TEXT);
  const name = Buffer.from('config.ign\0');
  const field = (n: number): string => n.toString(16).padStart(8, '0');
  const entry = (label: Buffer, data: string): Buffer => {
    const fields = [1, 0o100644, 0, 0, 1, 0, data.length, 0, 0, 0, 0, label.length, 0].map(field).join('');
    const pad = (b: Buffer): Buffer => Buffer.concat([b, Buffer.alloc((4 - (b.length % 4)) % 4)]);
    return Buffer.concat([pad(Buffer.concat([Buffer.from(`070701${fields}`), label])), pad(Buffer.from(data))]);
  };
  const raw = Buffer.concat([entry(name, TEXT), entry(Buffer.from('TRAILER!!!\0'), '')]);
  assert.equal(configOf(embedded(Buffer.concat([raw, Buffer.alloc(512)]))), TEXT);
  assert.throws(() => configOf(embedded(gzipSync(entry(name, TEXT)))), /cpio/);
});

test('one flipped byte of the compressed area leaves a host without configuration', () => {
  const bulky = JSON.stringify({
    ...JSON.parse(TEXT),
    passwd: { users: [{ name: 'x'.repeat(20) + Math.PI.toString(36).repeat(40) }] },
  });
  const area = packIgnition(bulky);
  for (const at of [60, 80, 100]) {
    const broken = Buffer.from(area);
    broken[at] = broken[at]! ^ 0xff;
    assert.throws(() => readIgnition(configOf(embedded(broken))));
  }
});

test('an image that is no bootable ISO is none, and an empty embed area is no configuration', () => {
  assert.throws(() => configOf(Buffer.alloc(40 * 2048)), /no ISO 9660 volume/);
  const noBoot = Buffer.from(base.image);
  noBoot.fill(0, 17 * 2048, 18 * 2048);
  assert.throws(() => configOf(noBoot), /no El Torito/);
  assert.throws(() => configOf(base.image), /the embed area is empty/);
});

test('an ignition with an unknown key or a file without a data URL is refused', () => {
  const withKey = { ...JSON.parse(TEXT), colour: 'red' } as object;
  assert.throws(() => readIgnition(JSON.stringify(withKey)), /colour/);
  const file = { path: '/a', contents: { source: 'nonsense' } };
  assert.throws(() => readIgnition(JSON.stringify({ ...JSON.parse(TEXT), storage: { files: [file] } })), /no data URL/);
});

const MAC = '3c:ec:ef:1c:f1:b8';
const POLICY = `capture:
  iface0: interfaces.mac-address == "${MAC.toUpperCase()}"
desiredState:
  interfaces:
  - name: "{{ capture.iface0.interfaces.0.name }}"
    type: ethernet
    state: up
    ipv4: {enabled: true, address: [{ip: 10.19.142.216, prefix-length: 21}]}
  dns-resolver: {config: {server: [10.19.143.247]}}
  routes:
    config:
    - {destination: 0.0.0.0/0, next-hop-address: 10.19.143.254, next-hop-interface: "{{ capture.iface0.interfaces.0.name }}"}
`;
const staticFiles = (policy = POLICY, map = `${MAC}=uplink\n`) => ({
  units: new Map([['pre-network-manager-config.service', '']]),
  files: new Map([
    ['/etc/assisted/network/host0/mac_interface.ini', map],
    ['/etc/assisted/network/host0/ymlFile0.yml', policy],
  ]),
});

function machine(macs: string[], dhcp = hostSpec('a/b').dhcp) {
  const spec = { timeFactor: 1, faults: [], hosts: [hostSpec('a/b', { macs, dhcp })], apiNames: [] };
  return populate(null, spec, 0, seededRandom('x')).hosts['a/b']!;
}

test('the static network goes to the NIC with the MAC that the map names', () => {
  const network = configureNetwork(machine(['52:54:00:00:00:09', MAC], null), staticFiles());
  assert.equal(network.how, 'static');
  assert.deepEqual(network.interfaces[0], {
    name: 'eno2',
    mac: MAC,
    type: 'physical',
    addresses: ['10.19.142.216/21'],
  });
  assert.deepEqual(network.routes, [{ interface: 'eno2', gateway: '10.19.143.254', destination: '0.0.0.0/0' }]);
  assert.deepEqual(network.dns, ['10.19.143.247']);
});

test('without its MAC in the map, or without the unit, a host asks DHCP; where there is none it has no address', () => {
  const stranger = machine(['52:54:00:00:00:09']);
  assert.equal(configureNetwork(stranger, staticFiles()).how, 'dhcp');
  const dormant = { ...staticFiles(), units: new Map<string, string>() };
  assert.equal(configureNetwork(machine([MAC]), dormant).how, 'dhcp');
  assert.throws(
    () => configureNetwork(machine(['52:54:00:00:00:09'], null), staticFiles()),
    /no interface has an address/,
  );
});

test('a policy that captures by another MAC than the map leaves the host without address', () => {
  const other = POLICY.replace(MAC.toUpperCase(), '3C:EC:EF:1C:F1:B9');
  assert.throws(() => configureNetwork(machine([MAC]), staticFiles(other)), /captures no interface/);
});

function armedAt(texts: string[], hostIds: string[], fired: string[] = []): ArmedFaults {
  const tell = (name: string, to: string): void => void fired.push(`${name} ${to}`);
  const faults = createFaults({ hostIds, now: () => 0, later: () => undefined, stages: () => [], tell });
  faults.arm(texts);
  return faults;
}

test('a fault of unknown name or at an unknown subject is refused with the list of known ones', () => {
  const hosts = ['a/one', 'b/two', 'b/one'];
  const refusal = (armed: string): SnobootError => {
    try {
      armedAt([armed], hosts);
    } catch (error) {
      if (error instanceof SnobootError) return error;
    }
    throw new Error(`${armed} was taken`);
  };
  assert.equal(refusal('gremlin@a/one').code, 'E-INVENTORY');
  assert.match(refusal('gremlin@a/one').todo, /embed-byte, wrong-infra-env/);
  for (const armed of ['no-agent@nobody', 'no-agent@one', 'no-agent@service'])
    assert.match(refusal(armed).todo, /a, b, a\/one, b\/two, b\/one, service/);
});

test('a fault changes its seam at its subject alone, and says once that it did', () => {
  const fired: string[] = [];
  const faults = armedAt(['no-agent@two', 'name-not-kept@a/one'], ['a/one', 'b/two'], fired);
  assert.equal(faults.at('host.agent-starts', 'a/one', true), true);
  assert.equal(faults.at('host.agent-starts', 'b/two', true), false);
  assert.equal(faults.at('host.agent-starts', 'b/two', true), false);
  assert.equal(faults.at('host.clock-offset', 'b/two', 7), 7);
  assert.equal(faults.at('service.host-name', 'a', 'node'), null);
  assert.deepEqual(fired, ['no-agent b/two', 'name-not-kept a/one']);
});

test('each fault has a line that says what it does', () => {
  assert.equal(Object.keys(FAULT_NAMES).length, 40);
  for (const about of Object.values(FAULT_NAMES)) assert.match(about, /^\S.{10,100}$/);
});
