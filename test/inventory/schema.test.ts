/** The schema: the quick way to see that a value fits agrees with zod, and editors get a sentence for each key. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseDocument } from '../../src/inventory/document.ts';
import { fitting } from '../../src/inventory/fits.ts';
import { inventoryJsonSchema } from '../../src/inventory/json-schema.ts';
import { isRecord, type Loose, record } from '../../src/inventory/loose.ts';
import { batchSizes } from '../../src/inventory/rollout.ts';
import { inventorySchema } from '../../src/inventory/schema.ts';

const NETWORK = {
  interfaces: [{ name: 'eno1', ipv4: { address: [{ ip: '192.0.2.1', 'prefix-length': 24 }] }, mtu: 9000 }],
};
const HOST = { name: 'h', bmc: { address: 'lab://generic' }, networkConfig: NETWORK, disks: { others: 'erase' } };
const CLUSTER = {
  name: 'sno1',
  baseDomain: 'lab.example.com',
  openshiftVersion: '4.20',
  pullSecret: 'env:PS',
  sshKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc',
  apiVIPs: ['192.0.2.5'],
  hosts: [HOST],
};
const GOOD = {
  service: { type: 'lab' },
  serial: [1, '10%'],
  groups: { g: { host: { bmc: { username: 'root' } } } },
  clusters: [CLUSTER],
};

/** The value with each part in turn replaced by others, or taken away. */
function* broken(value: unknown): Generator {
  yield* [null, 'x', 7, [], {}, { __proto__: null, unknown: 1 }];
  if (Array.isArray(value))
    for (const [i, part] of value.entries()) for (const other of broken(part)) yield value.with(i, other);
  if (!isRecord(value)) return;
  yield { ...value, unknown: 1 };
  for (const [key, part] of Object.entries(value)) {
    const { [key]: _, ...rest } = value;
    yield rest;
    for (const other of broken(part)) yield { ...value, [key]: other };
  }
}

test('the quick way says of every value what zod says', () => {
  const fits = fitting(inventorySchema);
  assert.equal(fits(GOOD), true);
  const seen = { fit: 0, not: 0 };
  for (const value of broken(GOOD)) {
    const { success } = inventorySchema.safeParse(value);
    assert.equal(fits(value), success, JSON.stringify(value));
    seen[success ? 'fit' : 'not']++;
  }
  assert.ok(seen.fit > 10 && seen.not > 100, JSON.stringify(seen));
});

test('batches are numbers and shares', () => {
  assert.deepEqual(batchSizes([1, '10%', '5']), [{ hosts: 1 }, { percent: 10 }, { hosts: 5 }]);
  for (const wrong of [0, -1, 1.5, '0%', '101%', 'x', [], [null], true, {}])
    assert.equal(batchSizes(wrong), null, JSON.stringify(wrong));
});

/** Every schema of a property, by its path. */
function* properties(schema: Loose, path = ''): Generator<[string, Loose]> {
  for (const [key, part] of Object.entries(record(schema['properties']))) {
    yield [`${path}.${key}`, record(part)];
    yield* properties(record(part), `${path}.${key}`);
  }
  for (const key of ['items', 'additionalProperties'])
    if (isRecord(schema[key])) yield* properties(schema[key], `${path}[]`);
}

test('the editors’ schema says what each key is for, and knows the keys of the samples', () => {
  const schema = record(inventoryJsonSchema());
  const all = new Map(properties(schema));
  const plain = /\.(dhcp|address|port|config|server|cpus|memoryGiB|diskGB)$|cluster\[\]/;
  const mute = [...all].filter(([path, part]) => part['description'] === undefined && !plain.test(path));
  assert.deepEqual(
    mute.map(([path]) => path).filter((path) => !/interfaces|faults/.test(path)),
    [],
  );
  for (const file of readdirSync('inventory').filter((name) => name.endsWith('.yaml'))) {
    const root = record(parseDocument(readFileSync(`inventory/${file}`, 'utf8')).value);
    for (const key of Object.keys(root)) assert.ok(key.startsWith('x-') || all.has(`.${key}`), `${file}: ${key}`);
  }
});
