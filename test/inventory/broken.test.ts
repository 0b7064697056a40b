/** Broken inventories, each with the exact list of what is said about it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { InventoryError, loadInventory } from '../../src/inventory/load.ts';
import type { Issue } from '../../src/inventory/types.ts';
import { SAID } from './said.ts';
import { SAID_OF_ADDRESSES } from './said-addresses.ts';
import { SAID_OF_NETWORKS } from './said-networks.ts';
import { cluster, inFolder } from './texts.ts';
import { tempFolder } from '../temp-folder.ts';

const FOLDER = join(process.cwd(), 'test/fixtures/inventory');

const ALL = { ...SAID, ...SAID_OF_ADDRESSES, ...SAID_OF_NETWORKS };

test('there are thirty broken inventories and more, and each is read here', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  assert.deepEqual(files.sort(), Object.keys(ALL).sort());
  assert.ok(files.length >= 30);
});

for (const [file, said] of Object.entries(ALL)) {
  test(`${file} is refused with all its faults at once`, async () => {
    const issues = await issuesOf(file);
    assert.deepEqual(
      issues.map((issue) => line(issue, file)),
      said,
    );
  });
}

test('a secret in clear is never part of a message', async () => {
  const issues = await issuesOf('03-secrets-in-clear.yaml');
  assert.doesNotMatch(JSON.stringify(issues), /hunter2|aHVudGVyMg/);
});

test('a file that is not there and a folder are refused as such', async () => {
  assert.match((await issuesOf('absent.yaml'))[0]!.message, /does not exist/);
  assert.match((await issuesOf('bad-manifests'))[0]!.message, /is no regular file/);
});

const OWN_SERVICE = cluster().replace('{type: lab}', '{url: https://assisted.example.com/api/assisted-install/v2}');

for (const [what, text, message] of [
  ['a time factor that is no number at all', cluster() + 'lab: {timeFactor: .nan}', /NaN where a number is wanted/],
  ['the address of the API in place of the service', OWN_SERVICE, /v2" goes into the API$/],
] as const)
  test(`${what} is refused`, async () => {
    await assert.rejects(inFolder(text), (error: InventoryError) => message.test(error.issues[0]!.message));
  });

test('faults are armed at a cluster, at a host that one name can only mean, and by names that the lab knows', async () => {
  const dir = await copyOfSamples();
  const sample = await readFile('inventory/lab.yaml', 'utf8');
  const armed = (fault: string): Promise<string[]> =>
    writeFile(join(dir, 'lab.yaml'), sample.replace(/^lab:\n/m, `lab:\n  faults: [${fault}]\n`)).then(() =>
      loadInventory('lab.yaml', dir, ['bmc-401']).then(
        () => [],
        (error: unknown) =>
          (error as InventoryError).issues.map((issue) => line(issue, 'lab.yaml').replace(/ =>.*/, '')),
      ),
    );
  assert.deepEqual(await armed('bmc-401@sno-dhcp, bmc-401@sno-dhcp/host-0, bmc-401@service'), []);
  assert.deepEqual(await armed('bmc-403@host-0, bmc-401@sno-dhpc'), [
    '7:12 lab.faults[0]: no fault "bmc-403", did you mean "bmc-401"?',
    '7:12 lab.faults[0]: several hosts are called "host-0"',
    '7:28 lab.faults[1]: no host "sno-dhpc", did you mean "sno-dhcp"?',
  ]);
  assert.deepEqual(
    await armed('"bmc-401@sno-dhcp:once,for=2m", "bmc-401@service:after=2", bmc-401@service:stage=lunch'),
    [
      '7:44 lab.faults[1]: "after=2" is no time for a fault',
      '7:71 lab.faults[2]: "lunch" is no stage that a fault can wait for',
    ],
  );
});

const isRoot = process.getuid?.() === 0;
test('a manifest that may not be read is refused as such', { skip: isRoot && 'root may read everything' }, async () => {
  const dir = await copyOfSamples();
  await chmod(join(dir, 'manifests/sno-ai-test/lab-tools-namespace.yaml'), 0);
  await assert.rejects(loadInventory('lab.yaml', dir), /lab-tools-namespace\.yaml:1:1: cannot be read \(EACCES\)/);
});

async function copyOfSamples(): Promise<string> {
  const dir = tempFolder();
  await cp('inventory', dir, { recursive: true, filter: (path) => !path.includes('.snoboot') });
  return dir;
}

async function issuesOf(file: string): Promise<Issue[]> {
  try {
    await loadInventory(file, FOLDER);
  } catch (error) {
    if (error instanceof InventoryError) return error.issues;
    throw error;
  }
  return [];
}

function line(issue: Issue, file: string): string {
  const severity = issue.severity === 'warning' ? 'warning ' : '';
  return `${severity}${issue.where.replace(`${file}:`, '')} ${issue.message} => ${issue.todo}`;
}
