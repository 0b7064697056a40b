/** Networks and addresses that look odd and are right: nothing is said about them. And those that nearly are. */
import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { InventoryError, loadInventory } from '../../src/inventory/load.ts';
import { tempFolder } from '../temp-folder.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc lab@example.com';
const DNS = 'dns-resolver: {config: {server: [192.0.2.53]}}';

/** Everything that is said of an inventory of real machines whose first host has this networkConfig (flow style). */
async function said(networkConfig: string, rest = '', secret = 'env:BMC'): Promise<string[]> {
  const dir = tempFolder();
  await mkdir(join(dir, 'secrets'));
  const text = `service: {url: https://assisted.example.com}
clusters:
  - name: sno1
    baseDomain: lab.example.com
    openshiftVersion: "4.20"
    pullSecret: env:PULL_SECRET
    sshKey: ${KEY}
${rest}    hosts:
      - name: host-0
        bmc: {address: "redfish://bmc1.example.com", username: root, password: "${secret}"}
        networkConfig: {${networkConfig}}
`;
  await writeFile(join(dir, 'lab.yaml'), text);
  return loadInventory('lab.yaml', dir).then(
    ({ warnings }) => warnings.map(({ message }) => message),
    (error: unknown) => {
      if (error instanceof InventoryError) return error.issues.map(({ message }) => message);
      throw error;
    },
  );
}

const eth = (n: number, rest: string): string =>
  `{name: eno${n}, type: ethernet, mac-address: "52:54:00:00:00:0${n}", ${rest}}`;
const v4 = (ip: string, prefix: number): string =>
  `ipv4: {enabled: true, address: [{ip: ${ip}, prefix-length: ${prefix}}]}`;
const v6 = (ip: string, prefix: number): string =>
  `ipv6: {enabled: true, address: [{ip: "${ip}", prefix-length: ${prefix}}]}`;
const way = (to: string, gateway: string, nic: string, rest = ''): string =>
  `{destination: "${to}", next-hop-address: "${gateway}", next-hop-interface: ${nic}${rest}}`;
const net = (nics: string[], routes: string[]): string =>
  `interfaces: [${nics.join(', ')}], routes: {config: [${routes.join(', ')}]}, ${DNS}`;

const RIGHT: Record<string, string> = {
  'a bond of two NICs with a VLAN and a bridge on it, none with a MAC': net(
    [
      eth(1, 'state: up'),
      eth(2, 'mtu: "9000"'),
      '{name: bond0, type: bond, link-aggregation: {mode: 802.3ad, port: [eno1, eno2]}}',
      '{name: bond0.100, type: vlan, vlan: {id: 100, base-iface: bond0}}',
      `{name: br-ex, type: linux-bridge, bridge: {port: [{name: bond0.100}]}, ${v4('192.0.2.11', 24)}}`,
    ],
    [way('0.0.0.0/0', '192.0.2.254', 'br-ex')],
  ),
  'a VLAN whose name is longer than Linux takes, on a NIC that the kernel names': net(
    [
      eth(1, 'state: up'),
      `{name: enp129s0f0np0.1234, type: vlan, vlan: {id: 1234, base-iface: enp129s0f0np0}, ${v4('192.0.2.11', 24)}}`,
    ],
    [way('0.0.0.0/0', '192.0.2.254', 'enp129s0f0np0.1234')],
  ),
  'a bridge with the MAC of its port': net(
    [
      eth(1, 'state: up'),
      `{name: br0, type: linux-bridge, mac-address: "52:54:00:00:00:01", bridge: {port: [{name: eno1}]}, ${v4('192.0.2.11', 24)}}`,
    ],
    [way('0.0.0.0/0', '192.0.2.254', 'br0')],
  ),
  'a second NIC without a MAC that the kernel names, taken down': net(
    [eth(1, v4('192.0.2.11', 24)), '{name: eno2, type: ethernet, state: down}'],
    [way('0.0.0.0/0', '192.0.2.254', 'eno1')],
  ),
  'an interface that is found by its MAC': net(
    [eth(1, `identifier: mac-address, ${v4('192.0.2.11', 24)}`)],
    [way('0.0.0.0/0', '192.0.2.254', 'eno1')],
  ),
  'DHCP on one NIC and an address on another, with a gateway of the DHCP network': net(
    [eth(1, 'ipv4: {enabled: true, dhcp: true}'), eth(2, v4('10.0.0.1', 24))],
    [way('10.9.0.0/16', '172.16.0.1', 'eno1')],
  ),
  'IPv6 alone, with a link-local gateway': net([eth(1, v6('2001:db8:1::11', 64))], [way('::/0', 'fe80::1', 'eno1')]),
  'IPv6 alone, with the routers’ anycast address as gateway': net(
    [eth(1, v6('2001:db8:1::11', 64))],
    [way('::/0', '2001:db8:1::', 'eno1')],
  ),
  'both families': net(
    [eth(1, `${v4('192.0.2.11', 24)}, ${v6('2001:db8:1::11', 64)}`)],
    [way('0.0.0.0/0', '192.0.2.254', 'eno1'), way('::/0', '2001:db8:1::1', 'eno1')],
  ),
  'a network of two addresses (RFC 3021)': net(
    [eth(1, v4('192.0.2.10', 31))],
    [way('0.0.0.0/0', '192.0.2.11', 'eno1')],
  ),
  'a network of two addresses of IPv6 (RFC 6164)': net(
    [eth(1, v6('2001:db8:1::', 127))],
    [way('::/0', '2001:db8:1::1', 'eno1')],
  ),
  'a /32 with a gateway elsewhere, as hosters have it': net(
    [eth(1, v4('192.0.2.10', 32))],
    [way('0.0.0.0/0', '172.31.1.1', 'eno1')],
  ),
  'a gateway behind a route that says that it is on the cable': net(
    [eth(1, v4('192.0.2.10', 28))],
    ['{destination: 198.51.100.1/32, next-hop-interface: eno1}', way('0.0.0.0/0', '198.51.100.1', 'eno1')],
  ),
  'another table with a default route of its own': net(
    [eth(1, v4('192.0.2.11', 24)), eth(2, v4('198.51.100.11', 24))],
    [way('0.0.0.0/0', '192.0.2.254', 'eno1'), way('0.0.0.0/0', '198.51.100.254', 'eno2', ', table-id: 200')],
  ),
  'routes to nowhere and routes that are to go': net(
    [eth(1, v4('192.0.2.11', 24))],
    [
      way('0.0.0.0/0', '192.0.2.254', 'eno1'),
      '{destination: 10.0.0.0/8, route-type: blackhole}',
      '{state: absent, next-hop-interface: eno7}',
    ],
  ),
};

for (const [what, networkConfig] of Object.entries(RIGHT))
  test(`nothing is said of ${what}`, async () => {
    assert.deepEqual(await said(networkConfig), []);
  });

const PLAIN = net([eth(1, v4('192.0.2.11', 24))], [way('0.0.0.0/0', '192.0.2.254', 'eno1')]);

test('a default route of another table is none', async () => {
  const own = PLAIN.replace('next-hop-interface: eno1', 'next-hop-interface: eno1, table-id: 200');
  assert.match((await said(own)).join(), /no default route/);
});

test('a machine network that DHCP may give is left alone, and one that no address is in is not', async () => {
  const elsewhere = '    machineNetwork: 198.51.100.0/24\n';
  const mixed = net([eth(1, 'ipv4: {enabled: true, dhcp: true}'), eth(2, v4('10.0.0.1', 24))], []);
  assert.deepEqual(await said(mixed, elsewhere), []);
  assert.match((await said(PLAIN, elsewhere)).join(), /192\.0\.2\.11: not in the machine network 198\.51\.100\.0\/24$/);
});

test('the shell of a command may have its variables', async () => {
  assert.deepEqual(await said(PLAIN, '', 'cmd:pass show ${RACK}/<BMC> # TODO'), []);
});

test('a secret that others can read is a warning with the line that mends it, where the service is a real one', async () => {
  const dir = tempFolder();
  for (const [name, mode] of [
    ['own', 0o600],
    ['group', 0o640],
    ["it's all", 0o644],
  ] as const) {
    await writeFile(join(dir, name), 'secret');
    await chmod(join(dir, name), mode);
  }
  const warnings = async (service: string, name: string) => {
    const bmc =
      service === '{type: lab}' ? 'address: lab://generic' : 'address: https://bmc, username: root, password: env:P';
    const text = `service: ${service}
clusters:
  - {name: a, baseDomain: lab.example.com, openshiftVersion: "4.20", pullSecret: "file:${name}", sshKey: ${KEY}, hosts: [{name: host-0, bmc: {${bmc}}}]}
`;
    await writeFile(join(dir, 'lab.yaml'), text);
    return (await loadInventory('lab.yaml', dir)).warnings.map(({ message, todo }) => `${message} => ${todo}`);
  };
  const real = '{url: https://assisted.example.com}';
  assert.deepEqual(await warnings(real, 'own'), []);
  assert.deepEqual(await warnings(real, 'group'), [
    'clusters[0].pullSecret: group can be read by others (mode 0640) => chmod 600 group',
  ]);
  assert.deepEqual(await warnings(real, "it's all"), [
    String.raw`clusters[0].pullSecret: it's all can be read by others (mode 0644) => chmod 600 -- 'it'\''s all'`,
  ]);
  assert.deepEqual(await warnings('{type: lab}', 'group'), []);
});
