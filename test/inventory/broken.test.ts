/** Broken inventories, each with the exact list of what is said about it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { InventoryError, loadInventory } from '../../src/inventory/load.ts';
import type { Issue } from '../../src/inventory/types.ts';
import { SAID } from './said.ts';

const FOLDER = join(process.cwd(), 'test/fixtures/inventory');

for (const [file, said] of Object.entries(SAID)) {
  test(`${file} is refused with all its faults at once`, async () => {
    const issues = await issuesOf(file);
    assert.deepEqual(issues.map((issue) => line(issue, file)), said);
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
