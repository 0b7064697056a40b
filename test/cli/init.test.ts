/** `init` and `validate` through the real command line: a start that loads, and results as data. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseDocument } from '../../src/inventory/document.ts';
import { cluster } from '../inventory/texts.ts';
import { tempFolder } from '../temp-folder.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.js');

function snoboot(dir: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: dir, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('init writes a start that loads as it is, whose validation names each value to fill in, and names the rehearsal first', () => {
  const dir = tempFolder();
  const { status, stdout } = snoboot(dir, 'init', 'my.yaml');
  assert.equal(status, 0);
  assert.match(stdout.split('\n')[1]!, /snoboot deploy my\.yaml --rehearse/);
  assert.equal(statSync(join(dir, 'my.yaml')).mode & 0o777, 0o644);
  const text = readFileSync(join(dir, 'my.yaml'), 'utf8');
  assert.ok(text.split('\n').length < 60);
  const [, schema = ''] = /\$schema=(\S+)/.exec(text) ?? [];
  assert.match(readFileSync(schema, 'utf8'), /snoboot inventory/);
  const checked = snoboot(dir, 'validate', 'my.yaml');
  assert.equal(checked.status, 0, checked.stderr);
  const toFill = checked.stderr.split('\n').filter((line) => line.endsWith('fill in your own value'));
  assert.deepEqual(
    toFill.map((line) => line.split(': ')[2]),
    ['defaults.cluster.baseDomain', 'defaults.cluster.sshKey', 'clusters[0].hosts[0].bmc.address'],
  );
});

test('what is not filled in is an error for every verb that contacts machines, and nothing is begun', () => {
  const dir = tempFolder();
  snoboot(dir, 'init', 'my.yaml');
  for (const verb of [['deploy', '--yes'], ['plan'], ['probe'], ['destroy', '--yes'], ['cleanup']]) {
    const { status, stderr } = snoboot(dir, ...verb, 'my.yaml');
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^my\.yaml:\d+:\d+: error: defaults\.cluster\.baseDomain: is not filled in yet/m);
    assert.ok(!existsSync(join(dir, '.snoboot')), verb[0]);
  }
});

test('init never overwrites', () => {
  const dir = tempFolder();
  writeFileSync(join(dir, 'snoboot.yaml'), 'mine\n');
  const { status, stderr } = snoboot(dir, 'init');
  assert.equal(status, 2);
  assert.match(stderr, /^E-USAGE: snoboot\.yaml is there already, and stays as it is/);
  assert.equal(readFileSync(join(dir, 'snoboot.yaml'), 'utf8'), 'mine\n');
});

test('validate tells issues, counts and what --limit leaves as JSON and YAML, with errors too', () => {
  const dir = tempFolder();
  const text = cluster().replace('name: sno1', 'name: sno-{1..3}');
  writeFileSync(join(dir, 'lab.yaml'), text);
  const good = snoboot(dir, 'validate', 'lab.yaml', '--limit', 'sno-2', '-o', 'yaml');
  assert.equal(good.status, 0, good.stderr);
  const { valid, counts, clusters } = parseDocument(good.stdout).value as Record<string, unknown>;
  assert.deepEqual({ valid, counts }, { valid: true, counts: { clusters: 1, hosts: 1, errors: 0, warnings: 0 } });
  assert.deepEqual(clusters, [{ name: 'sno-2', groups: [], hosts: ['host-0'] }]);
  writeFileSync(join(dir, 'lab.yaml'), text.replace('lab.example.com', 'lab'));
  const bad = snoboot(dir, 'validate', 'lab.yaml', '-o', 'json');
  assert.equal(bad.status, 2);
  const where = 'lab.yaml:4:17';
  const message = 'clusters[0].baseDomain: "lab" is no domain';
  const todo = 'write it like lab.example.com, in lower case';
  assert.deepEqual(JSON.parse(bad.stdout), {
    file: 'lab.yaml',
    valid: false,
    counts: { errors: 1, warnings: 0 },
    issues: [{ where, message, todo, severity: 'error' }],
  });
});
