/** `--set`: values in place of the inventory's, checked as it is, and what the journal's source shows of them. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { differences } from '../../src/inventory/difference.ts';
import { InventoryError, loadInventory } from '../../src/inventory/load.ts';
import type { Inventory } from '../../src/inventory/types.ts';
import { cluster, network, nic, way } from './texts.ts';
import { tempFolder } from '../temp-folder.ts';

const NETWORK = network([nic('eno1', '192.0.2.1', '52:54:00:00:00:01')], [way('0.0.0.0/0', 'eno1')]);
const SECOND = cluster()
  .replace(/^[^]*clusters:\n/, '')
  .replace('name: sno1', 'name: sno2');
const TWO = `${cluster('', NETWORK)}${SECOND}`;
const HOST = 'clusters.sno1.hosts.host-0';

async function load(sets: string[], text = TWO): Promise<Inventory> {
  const dir = tempFolder();
  await writeFile(join(dir, 'lab.yaml'), text);
  return loadInventory('lab.yaml', dir, ['bmc-401'], sets);
}

/** What is wrong, as `where: message => what to do`. */
const said = (sets: string[], text = TWO): Promise<string[]> =>
  load(sets, text).then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof InventoryError)) throw error;
      return error.issues.map(({ where, message, todo }) => `${where}: ${message} => ${todo}`);
    },
  );

test('a field of clusters is set in each of them, and one that names a cluster there', async () => {
  const { clusters } = await load(['openshiftVersion=4.10', 'clusters.sno2.openshiftVersion=4.20.3']);
  const versions = clusters.map((one) => one.openshiftVersion);
  assert.deepEqual(versions, ['4.10', '4.20.3']);
});

test('values become what the field wants: text, numbers, truth, lists, mappings, parts that are not there yet', async () => {
  const { clusters, lab, media } = await load([
    'lab.timeFactor=10',
    'lab.faults=[bmc-401@sno1]',
    'lab.host={cpus: 16}',
    'media.port=8088',
    `${HOST}.serialNumber=0123`,
    `${HOST}.rootDeviceHints.wwn=0x500`,
    `${HOST}.networkConfig.interfaces.eno1.mtu=9000`,
    `${HOST}.networkConfig.interfaces.0.lldp={enabled: false}`,
  ]);
  assert.deepEqual(lab, { timeFactor: 10, faults: ['bmc-401@sno1'], host: { cpus: 16, memoryGiB: 16, diskGB: 100 } });
  assert.equal(media.port, 8088);
  const host = clusters[0]!.hosts[0]!;
  assert.equal(host.identity.serial, '0123');
  assert.deepEqual(host.rootDeviceHints, { wwn: '0x500' });
  const [eno1] = (host.networkConfig as { interfaces: { mtu: number; lldp: { enabled: boolean } }[] }).interfaces;
  assert.deepEqual([eno1?.mtu, eno1?.lldp.enabled], [9000, false]);
});

test('a value set for one cluster leaves alone what the others share with it', async () => {
  const shared = `x-bmc: &bmc {address: lab://generic}\n${TWO.replaceAll('bmc: {address: lab://generic}', 'bmc: *bmc')}`;
  const { clusters } = await load([`${HOST}.bmc.address=lab://hpe-ilo5`], shared);
  const profiles = clusters.map(({ hosts: [host] }) => host?.bmc.kind === 'lab' && host.bmc.profile);
  assert.deepEqual(profiles, ['hpe-ilo5', 'generic']);
});

test('all that is wrong with set values is said at once with what is wrong in the file, each once and at its argument', async () => {
  const sets = [
    'openshiftVersion=4.2x',
    'media.port=70000',
    'lab.timeFactor=fast',
    `${HOST}.bootMACAddress=52:54:00:00:00:99`,
    'clusters.sno2.imageTyp=full-iso',
  ];
  assert.deepEqual(await said(sets, TWO.replace('baseDomain: lab.example.com', 'baseDomain: lab')), [
    'lab.yaml:4:17: clusters[0].baseDomain: "lab" is no domain => write it like lab.example.com, in lower case',
    `--set ${HOST}.bootMACAddress=52:54:00:00:00:99: 52:54:00:00:00:99 is no mac-address of networkConfig => give the NIC that boots its mac-address there, or mend one of the two`,
    '--set clusters.sno2.imageTyp=full-iso: unknown key "imageTyp", did you mean "imageType"? => write imageType:',
    '--set lab.timeFactor=fast: "fast" where a number is wanted => write a number',
    '--set media.port=70000: 70000 is too big => use 65535 or less',
    '--set openshiftVersion=4.2x: "4.2x" is no OpenShift version => write it like "4.20" or "4.20.3"',
  ]);
});

const NOWHERE: [argument: string, said: string][] = [
  [
    'openshiftVersio=4.21',
    'unknown key "openshiftVersio", did you mean "openshiftVersion"? => write openshiftVersion=',
  ],
  ['name=x', '=x: unknown key "name" => begin with one of baseDomain, openshiftVersion, cpuArchitecture, '],
  ['clusters.sno3.imageType=x', 'nothing in clusters is called "sno3", did you mean "sno1"? => use one of sno1, sno2'],
  ['clusters.sno1.hosts.host-1.uuid=x', 'nothing in clusters[0].hosts is called "host-1", did you mean "host-0"?'],
  ['openshiftVersion.major=4', '=4: clusters[0].openshiftVersion is one value and has no "major" => shorten the key'],
  ['openshiftVersion', '--set openshiftVersion: is no KEY=VALUE => write e.g. --set openshiftVersion=4.21'],
  ['=4.21', '--set =4.21: is no KEY=VALUE'],
  ['media..port=1', '--set media..port=1: is no KEY=VALUE'],
  ['__proto__.polluted=1', 'unknown key "__proto__"'],
  ['media.__proto__={a: 1}', 'unknown key "__proto__"'],
  ['media={port: 1', 'no YAML: '],
  ['media=', '--set media=: has no value => write one after ='],
  ['media={address: 4.20}', '4.20 without quotes is the number 4.2 => quote it: "4.20"'],
  ['service.url=https://x.example', ': "url" with type: lab => remove it: the lab knows its own service'],
];

for (const [argument, expected] of NOWHERE)
  test(`--set ${argument} is refused with what is there`, async () => {
    const [first = ''] = (await said([argument])).filter((line) => line.startsWith('--set '));
    assert.ok(first.includes(expected), first);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

test('a key is set once', async () => {
  const twice = await said(['media.port=1', 'media.port=2']);
  assert.deepEqual(twice, ['--set media.port=2: media.port is set twice => keep one of the two']);
});

test('a part that only an argument brought is refused at that argument', async () => {
  const lines = await said(['service.caFile=ca.pem']);
  assert.ok(
    lines.includes('--set service.caFile=ca.pem: "caFile" with type: lab => remove it: the lab knows its own service'),
  );
});

test('defaults and groups can be set, and clusters of a range go by the name that is written', async () => {
  const ranged = TWO.replace('name: sno2', 'name: sno-{1..2}').replace('clusters:', 'groups: {g: {}}\nclusters:');
  const { clusters } = await load(
    [
      'defaults.cluster.imageType=minimal-iso',
      'groups.g.host.uuid=4c4c4544-0000-2010-8020-80c04f202020',
      'clusters.sno-{1..2}.openshiftVersion=4.10',
      'clusters.sno1.groups=[g]',
      'serial=[1, 10%]',
    ],
    ranged,
  );
  assert.deepEqual(
    clusters.map(({ imageType, openshiftVersion, hosts: [host] }) => [
      imageType,
      openshiftVersion,
      host?.identity.uuid ?? null,
    ]),
    [
      ['minimal-iso', '4.20', '4c4c4544-0000-2010-8020-80c04f202020'],
      ['minimal-iso', '4.10', null],
      ['minimal-iso', '4.10', null],
    ],
  );
  const lines = await said(['defaults.cluster.imageType=x'], ranged.replace('imageType: full-iso', ''));
  assert.equal(
    lines.at(-1),
    '--set defaults.cluster.imageType=x: "x" is not possible here => use one of full-iso, minimal-iso',
  );
});

test('a secret in clear is refused and not shown, wherever it was put', async () => {
  for (const argument of [
    'pullSecret=hunter2',
    `${HOST}.bmc.password=hunter2`,
    `${HOST}.bmc.address=redfish://root:hunter2@bmc`,
    `${HOST}.bmc={address: "https://bmc", username: root, password: hunter2}`,
    'service={url: "https://x.example", offlineToken: hunter2}',
  ]) {
    const lines = await said([argument]);
    assert.ok(lines.length > 0);
    assert.doesNotMatch(lines.join('\n'), /hunter2/);
  }
});

test('what is set reaches the source of the cluster, and the difference says what it was', async () => {
  const source = async (sets: string[]): Promise<unknown> => (await load(sets)).clusters[0]!.digestSource;
  const before = await source([]);
  assert.deepEqual(differences(before, await source([])), []);
  const after = await source(['openshiftVersion=4.21', `${HOST}.bmc.address=lab://hpe-ilo5`]);
  assert.deepEqual(differences(before, after), [
    { path: 'hosts.host-0.bmc.address', before: 'lab://generic', after: 'lab://hpe-ilo5' },
    { path: 'openshiftVersion', before: '4.20', after: '4.21' },
  ]);
});
