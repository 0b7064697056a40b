/** `--limit`: what Ansible's patterns mean here, and that a pattern which means nothing stops. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wildcard } from '../../src/inventory/glob.ts';
import { limited } from '../../src/inventory/limit.ts';
import type { Inventory } from '../../src/inventory/types.ts';
import { inventoryIn } from '../run/inventories.ts';
import { clusterSpec, hostSpec } from '../stages/scene.ts';

/** Clusters by name, each with its groups and its hosts; a host `h:g` is in the group g. */
function inventory(clusters: Record<string, { groups?: string[]; hosts?: string[] }>): Inventory {
  const hostOf = (text: string) => {
    const [name = '', ...groups] = text.split(':');
    return { ...hostSpec, name, groups };
  };
  const all = Object.entries(clusters).map(([name, { groups = [], hosts = ['host-0'] }]) => ({
    ...clusterSpec,
    name,
    groups,
    hosts: hosts.map(hostOf),
  }));
  return inventoryIn('/', {}, { clusters: all });
}

const FOUR = inventory({
  a1: { groups: ['left', 'old'] },
  a2: { groups: ['left'] },
  b1: { groups: ['old'], hosts: ['m0', 'm1:gpu', 'm2'] },
  b2: {},
});
const meant = (pattern: string): string =>
  limited(FOUR, pattern)
    .clusters.map(({ name }) => name)
    .join(' ');

for (const [pattern, names] of [
  ['b2', 'b2'],
  ['b2,a1', 'a1 b2'],
  ['a1:b2', 'a1 b2'],
  ['all', 'a1 a2 b1 b2'],
  ['*', 'a1 a2 b1 b2'],
  ['left', 'a1 a2'],
  ['gpu', 'b1'],
  ['m1', 'b1'],
  ['b1/m2', 'b1'],
  ['host-0', 'a1 a2 b2'],
  ['all:!old', 'a2 b2'],
  ['!old', 'a2 b2'],
  ['!m0,!a2', 'a1 b2'],
  ['left:&old', 'a1'],
  ['&old:left', 'a1'],
  ['&old', 'a1 b1'],
  ['left:b1:&old:!a1', 'b1'],
  ['!left,b*', 'b1 b2'],
  ['?2', 'a2 b1 b2'],
  ['[ab]1', 'a1 b1'],
  ['[!a]*', 'a1 a2 b1 b2'],
  ['a[1-3],b[,:2]', 'a1 a2 b2'],
  [' a1 , b1 ', 'a1 b1'],
] as const)
  test(`--limit '${pattern}' means ${names}`, () => assert.equal(meant(pattern), names));

for (const [pattern, message] of [
  ['a3', /"a3" is no cluster, host or group of the inventory, did you mean "a\d"\?/],
  ['a1,lefd', /"lefd" .* did you mean "left"\?/],
  ['all:!oldd', /"oldd" is no .* did you mean "old"\?/],
  ['left:&gpux', /"gpux" is no .*, did you mean "gpu"/],
  ['c*', /"c\*" is no cluster/],
  ['~a.*', /~a\.\*: regular expressions are not known/],
  ['a1:!left', /"a1:!left" leaves no cluster/],
  [' , ', /--limit names nothing/],
  ['', /--limit names nothing/],
  ['!', /"" is no cluster/],
] as const)
  test(`--limit '${pattern}' stops, since part of it means nothing`, () => {
    assert.throws(() => limited(FOUR, pattern), { code: 'E-USAGE', exitCode: 2, message });
  });

test('what --limit leaves keeps the whole inventory beside it, also when it is limited again', () => {
  const some = limited(limited(FOUR, 'left'), 'a1');
  assert.deepEqual([some.clusters.length, some.all], [1, FOUR.clusters]);
});

test('a file of thousands of names and a pattern of many stars are no work', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `edge-${i}`);
  const many = inventory(Object.fromEntries(names.map((name) => [name, {}])));
  const began = process.cpuUsage();
  assert.equal(limited(many, names.join(',')).clusters.length, 5000);
  assert.equal(wildcard(`${'a*'.repeat(60)}b`)('a'.repeat(2000)), false);
  const { user, system } = process.cpuUsage(began);
  assert.ok(user + system < 2e6, `${user + system} µs of CPU`);
});
