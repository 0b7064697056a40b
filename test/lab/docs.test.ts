import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FAULTS } from '../../src/lab/fault-table.ts';

const page = readFileSync('docs/lab.md', 'utf8');

/** The rows of the table below a heading, as cells. */
function table(heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const rows = section
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
}

test('docs/lab.md lists the faults of the table, each with the line that it has there', () => {
  const listed = table('Faults').map(([, name, about]) => [name, about]);
  const known = Object.entries(FAULTS).map(([name, { about }]) => [name, about.replaceAll('`', '')]);
  assert.deepEqual(listed, known);
});

test('docs/lab.md says when a fault has something to say unless it is told otherwise, and which are everywhere', () => {
  const listed = table('Faults').filter((cells) => cells.length > 4);
  const said = listed.map(([, name, , when]) => [name, when]);
  const known = Object.entries(FAULTS).map(([name, { when = 'always', everywhere }]) => [
    name,
    `${when}${everywhere ? ' *' : ''}`,
  ]);
  assert.deepEqual(said, known.slice(-listed.length));
  assert.ok(known.slice(0, -listed.length).every(([, when]) => when === 'always'));
});

test('docs/lab.md lists the kinds of history that there are', () => {
  const [, union = ''] = /^ {2}kind:((?:\s*\| '\w+')+);/m.exec(readFileSync('src/lab/context.ts', 'utf8')) ?? [];
  const known = [...union.matchAll(/'(\w+)'/g)].map(([, kind]) => kind);
  const listed = new Set(table('History').map(([, kind]) => kind));
  assert.ok(known.length > 0);
  assert.deepEqual([...listed].sort(), known.sort());
});
