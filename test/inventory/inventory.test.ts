/** Inventories that load: the samples, the seed's text as it stands, merge keys and other YAML, the digest. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type InventoryError, loadInventory } from '../../src/inventory/load.ts';
import { machineNetworkCandidates } from '../../src/inventory/network.ts';
import { cluster, inFolder } from './texts.ts';
import { tempFolder } from '../temp-folder.ts';

const ROOT = process.cwd();
const DEFAULT_ROUTE = /\n {14}# Not in the procedure[^]*?next-hop-interface: eno1(?=\n\n)/;

describe('the samples', () => {
  test('inventory/lab.yaml loads without a warning and is the worked example plus a DHCP cluster', async () => {
    const { clusters, lab, warnings } = await loadInventory('inventory/lab.yaml', ROOT);
    assert.deepEqual(warnings, []);
    assert.deepEqual(lab, { timeFactor: 60, faults: [], host: { cpus: 8, memoryGiB: 16, diskGB: 100 } });
    const seen = clusters.map(({ name, baseDomain, hosts: [host] }) => [
      `${name}.${baseDomain}`,
      host?.bmc,
      host?.macs,
    ]);
    const mac = { mac: '3c:ec:ef:1c:f1:b8', nic: 'eno1' };
    assert.deepEqual(seen, [
      ['sno-ai-test.cloud.lab.eng.bos.redhat.com', { kind: 'lab', profile: 'dell-idrac9' }, [mac]],
      ['sno-dhcp.lab.example.com', { kind: 'lab', profile: 'hpe-ilo5' }, []],
    ]);
  });

  test("the sample's manifests go to the folders that their places say, and its MachineConfig decodes", async () => {
    const { clusters } = await loadInventory('inventory/lab.yaml', ROOT);
    const manifests = clusters[0]!.manifests;
    assert.deepEqual(
      manifests.map(({ folder, fileName }) => `${folder}/${fileName}`),
      ['manifests/lab-tools-namespace.yaml', 'openshift/02-master-workload-partitioning.yaml'],
    );
    const sources = [...manifests[1]!.content.matchAll(/base64,(\S+)/g)].map((m) =>
      Buffer.from(m[1]!, 'base64').toString(),
    );
    assert.match(sources[0]!, /^\[crio\.runtime\.workloads\.management\]\n/);
    assert.deepEqual(JSON.parse(sources[1]!), { management: { cpuset: '0-1' } });
  });

  test('inventory/example.yaml loads, and warns of nothing but secrets that are not there, or for all to read', async () => {
    const { service, warnings } = await loadInventory('inventory/example.yaml', ROOT);
    assert.equal(service.type === 'assisted' && service.url, 'https://api.openshift.com');
    assert.deepEqual(
      warnings.filter(({ message }) => !/does not exist$|can be read by others/.test(message)),
      [],
    );
  });

  test("the document's network as it stands warns that the host will stay insufficient", async () => {
    const dir = tempFolder();
    await cp('inventory', dir, { recursive: true });
    const text = await readFile('inventory/lab.yaml', 'utf8');
    await writeFile(join(dir, 'lab.yaml'), text.replace(DEFAULT_ROUTE, ''));
    const { warnings, clusters } = await loadInventory('lab.yaml', dir);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!.message, /has-default-route will keep the host insufficient/);
    assert.deepEqual(machineNetworkCandidates(clusters[0]!), []);
  });
});

describe('YAML', () => {
  test('merge keys are merged, and a fault in a merged value is shown where the alias stands', async () => {
    const merged = (version: string): string =>
      cluster('    <<: *d\n')
        .replace('    openshiftVersion: "4.20"\n', '')
        .replace('clusters:', `x-d: &d {openshiftVersion: ${version}}\nclusters:`);
    assert.equal((await inFolder(merged('"4.20"'))).clusters[0]!.openshiftVersion, '4.20');
    await assert.rejects(inFolder(merged('4.20')), (error: InventoryError) => {
      assert.equal(error.issues[0]?.where, 'lab.yaml:8:9');
      assert.equal(error.issues[0].message, 'clusters[0].openshiftVersion: text without quotes is the number 4.2');
      assert.equal(error.issues[0].todo, 'quote it where it is written, in what << names');
      return true;
    });
  });

  test('a byte order mark and CRLF are taken, a second document and Latin-1 are not', async () => {
    const text = `\ufeff${cluster().replaceAll('\n', '\r\n')}`;
    assert.equal((await inFolder(text)).clusters.length, 1);
    await assert.rejects(inFolder(text.replace('sno1', '"Sno"')), /^InventoryError: lab\.yaml:3:11/);
    await assert.rejects(inFolder(`${cluster()}---\nx: 1\n`), /a second document/);
    await assert.rejects(inFolder(Buffer.from([0x61, 0x3a, 0x20, 0xe9])), /is no UTF-8 text/);
  });

  test('keys named like parts of every object are unknown keys and change nothing', async () => {
    await assert.rejects(inFolder(`${cluster()}__proto__: {polluted: 1}\n`), /unknown key "__proto__"/);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
});

describe('the digest', () => {
  const digest = async (text: string): Promise<string> =>
    JSON.stringify((await inFolder(text)).clusters[0]!.digestSource);

  test('is the same wherever the folder lies, and in whatever order keys are written', async () => {
    const swapped = cluster().replace(/( {4}baseDomain.*\n)( {4}openshiftVersion.*\n)/, '$2$1');
    assert.equal(
      await digest(cluster('', '').replace('env:PULL_SECRET', 'file:p')),
      await digest(swapped.replace('env:PULL_SECRET', 'file:p')),
    );
  });

  test('is another one for another value', async () => {
    assert.notEqual(await digest(cluster()), await digest(cluster().replace('4.20', '4.19')));
  });
});
