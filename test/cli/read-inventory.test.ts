/** What is still to be filled in: an error before real machines are contacted, a warning for those who contact none. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { readForMachines, readInventory } from '../../src/cli/read-inventory.ts';
import { startText } from '../../src/cli/start-text.ts';
import { InventoryError } from '../../src/inventory/load.ts';
import { cluster } from '../inventory/texts.ts';
import { tempFolder } from '../temp-folder.ts';

const written = (text: string): string => {
  const file = join(tempFolder(), 'my.yaml');
  writeFileSync(file, text);
  return file;
};
const STARTED = startText('my.yaml');

/** What `read` says of values to fill in on stderr. */
async function warned(read: () => Promise<unknown>): Promise<number> {
  const write = mock.method(process.stderr, 'write', () => true);
  try {
    await read();
    const lines = write.mock.calls.map(({ arguments: [text] }) => String(text));
    return lines.filter((line) => /: warning: .* is not filled in yet/.test(line)).length;
  } finally {
    write.mock.restore();
  }
}

test('for real machines each value is an error with its place', async () => {
  await assert.rejects(readForMachines(written(STARTED), {}), (error) => {
    assert.ok(error instanceof InventoryError);
    assert.equal(error.exitCode, 2);
    assert.equal(error.issues.length, 3);
    for (const { where, severity } of error.issues) {
      assert.match(where, /my\.yaml:\d+:\d+$/);
      assert.equal(severity, 'error');
    }
    return true;
  });
});

test('for a look at the file, a rehearsal and the lab it stays a warning', async () => {
  const lab = cluster().replace('lab.example.com', 'fill-in.example.com');
  assert.equal(await warned(() => readInventory(written(STARTED))), 3);
  assert.equal(await warned(() => readForMachines(written(STARTED), { rehearse: true })), 3);
  assert.equal(await warned(() => readForMachines(written(lab), {})), 1);
});

test('what --set fills in is filled in', async () => {
  const set = [
    'defaults.cluster.baseDomain=lab.example.com',
    'defaults.cluster.sshKey=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc me',
    'clusters.0.hosts.0.bmc.address=redfish://bmc.example.com',
  ];
  assert.equal(await warned(() => readForMachines(written(STARTED), { set })), 0);
});
