/** Networks, addresses in every spelling, and secrets. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { load as parseYaml } from 'js-yaml';
import type { SnobootError } from '../../src/core/errors.ts';
import { redact } from '../../src/core/secret.ts';
import { parseCidr, parseMac } from '../../src/inventory/addresses.ts';
import { parseBmcAddress } from '../../src/inventory/bmc-address.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { machineNetworkCandidates, staticNetworkConfig } from '../../src/inventory/network.ts';
import { resolveSecret } from '../../src/inventory/secrets.ts';
import type { SecretRef } from '../../src/inventory/types.ts';
import { cluster, inFolder, network, nic, way } from './texts.ts';
import { tempFolder } from '../temp-folder.ts';

const ROOT = process.cwd();

describe('static networks', () => {
  test('the MAC map is derived from nmstate, and the text that is sent means what was written', async () => {
    const { clusters } = await loadInventory('inventory/lab.yaml', ROOT);
    const host = clusters[0]!.hosts[0]!;
    const sent = staticNetworkConfig(host);
    assert.deepEqual(sent?.mac_interface_map, [{ mac_address: '3c:ec:ef:1c:f1:b8', logical_nic_name: 'eno1' }]);
    assert.deepEqual(parseYaml(sent.network_yaml), host.networkConfig);
    assert.equal(staticNetworkConfig(clusters[1]!.hosts[0]!), null);
  });

  test('a MAC of digits only is sent quoted, so that no reader takes it for a number', async () => {
    const { clusters } = await inFolder(cluster('', network([nic('eno1', '192.0.2.1', '52:54:00:12:34:56')], [])));
    assert.match(staticNetworkConfig(clusters[0]!.hosts[0]!)!.network_yaml, /mac-address: ['"]52:54:00:12:34:56['"]/);
  });

  test('the machine network is the one that is given, else those with a default route', async () => {
    const two = [nic('eno1', '192.0.2.1', '52:54:00:00:00:01'), nic('eno2', '198.51.100.9', '52:54:00:00:00:02')];
    const one = await inFolder(
      cluster('', network(two, [way('0.0.0.0/0', 'eno2', '198.51.100.254'), way('203.0.113.0/24', 'eno1')])),
    );
    assert.deepEqual(machineNetworkCandidates(one.clusters[0]!), ['198.51.100.0/24']);
    const routes = [way('0.0.0.0/0', 'eno1'), way('0.0.0.0/0', 'eno2', '198.51.100.254')];
    const several = await inFolder(cluster('', network(two, routes)));
    assert.deepEqual(machineNetworkCandidates(several.clusters[0]!), ['192.0.2.0/24', '198.51.100.0/24']);
    assert.match(several.warnings[0]!.message, /may be any of 192\.0\.2\.0\/24, 198\.51\.100\.0\/24/);
    const given = await inFolder(cluster('    machineNetwork: 192.0.2.0/24\n', network(two, routes)));
    assert.deepEqual(machineNetworkCandidates(given.clusters[0]!), ['192.0.2.0/24']);
    assert.deepEqual(given.warnings, []);
    assert.deepEqual(machineNetworkCandidates((await inFolder(cluster())).clusters[0]!), []);
  });

  test('addresses have one spelling, and impossible ones none', () => {
    for (const text of ['52:54:00:AB:CD:EF', '52-54-00-ab-cd-ef', '5254.00ab.cdef', '525400abcdef']) {
      assert.equal(parseMac(text), '52:54:00:ab:cd:ef');
    }
    for (const text of ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '52:54-00:ab:cd:ef', '52:54:00:ab:cd']) {
      assert.equal(parseMac(text), null);
    }
    assert.deepEqual(parseCidr('10.19.142.216/21')?.cidr, '10.19.136.0/21');
    assert.deepEqual(parseCidr('2001:DB8:0:0::5/64')?.cidr, '2001:db8::/64');
    for (const text of ['010.0.0.0/8', '10.0.0.0/33', '10.0.0/8', 'fe80::1%eth0/64'])
      assert.equal(parseCidr(text), null);
  });
});

describe('BMC addresses', () => {
  const SAME = { kind: 'redfish', origin: 'https://bmc.example.com', systemPath: '/redfish/v1/Systems/1' };
  const FAMILIES: Record<string, string> = { 'idrac-virtualmedia': 'dell', 'ilo5-virtualmedia+https': 'hpe' };
  for (const scheme of [
    'redfish-virtualmedia+https',
    'redfish-virtualmedia',
    'idrac-virtualmedia',
    'ilo5-virtualmedia+https',
    'redfish+https',
    'https',
  ]) {
    test(`${scheme}:// is read`, () => {
      const address = parseBmcAddress(`${scheme}://BMC.example.com:443/redfish/v1/Systems/1/`);
      assert.deepEqual(address, { ...SAME, family: FAMILIES[scheme] ?? null });
    });
  }

  test('a password inside an address is refused and not shown, whatever the rest looks like', () => {
    for (const text of ['redfish://root:hunter2@bmc', 'root:hunter2@bmc', 'foo://root:hunter2@bmc/x']) {
      const problem = parseBmcAddress(text);
      assert.deepEqual(problem, {
        message: 'a user or password inside the address',
        todo: 'use username: and password:',
      });
    }
  });

  test('IPv6 stands in brackets, and zone ids, octal numbers, queries and foreign paths are refused', () => {
    const address = parseBmcAddress('redfish://[2001:DB8::1]:8443');
    const expected = { kind: 'redfish', origin: 'https://[2001:db8::1]:8443', systemPath: null, family: null };
    assert.deepEqual(address, expected);
    for (const rest of [
      '[fe80::1%25eth0]',
      '2001:db8::1',
      '010.0.0.1',
      '10.1',
      'bmc?x=1',
      'bmc/a b',
      'bmc/other',
      '',
    ]) {
      assert.ok('todo' in parseBmcAddress(`redfish://${rest}`), rest);
    }
  });
});

describe('secrets', () => {
  const resolved = async (ref: SecretRef, cwd = tmpdir()): Promise<string> => {
    const secret = await resolveSecret(ref, { env: { PASSWORD: 'correct horse' }, cwd });
    for (const seen of [String(secret), JSON.stringify({ secret }), inspect(secret)])
      assert.doesNotMatch(seen, /horse/);
    return secret.reveal();
  };

  test('come from the environment, a file or a command, and never print', async () => {
    const dir = tempFolder();
    const path = join(dir, 'password');
    await writeFile(path, 'battery horse\n', { mode: 0o600 });
    assert.equal(await resolved({ from: 'env', name: 'PASSWORD' }), 'correct horse');
    assert.equal(await resolved({ from: 'file', path }), 'battery horse');
    assert.equal(await resolved({ from: 'cmd', command: 'cat password | tr b B' }, dir), 'Battery horse');
    assert.equal(redact('login with battery horse'), 'login with ***');
  });

  test('that cannot be had are E-SECRET, saying which and never what', async () => {
    const failing: [SecretRef, RegExp][] = [
      [{ from: 'env', name: 'ABSENT' }, /^env:ABSENT is not set$/],
      [{ from: 'file', path: '/nowhere/at/all' }, /^file:\/nowhere\/at\/all cannot be read \(ENOENT\)$/],
      [{ from: 'file', path: tmpdir() }, /is no regular file$/],
      [
        { from: 'cmd', command: 'echo my-secret; echo my-secret >&2; exit 3' },
        /^cmd: \(a command of the inventory\) ended with 3$/,
      ],
      [{ from: 'cmd', command: 'true' }, /is empty$/],
    ];
    for (const [ref, message] of failing) {
      await assert.rejects(
        resolved(ref),
        (error: SnobootError) => error.code === 'E-SECRET' && message.test(error.message),
      );
    }
  });
});
