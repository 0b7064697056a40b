/** An extra bootable disk in a host: kept, or asked for, or exit 3. Judged by the bytes in the lab's world, and by its history. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { World } from '../../src/lab/world.ts';
import { createScene, DHCP, endLabs, type Scene } from './scene.ts';
import { hasTerminals, onTerminal } from './terminal.ts';
import { onlyDhcp } from './traces.ts';
import { assertEnded, assertInstalled, endState, installed, LEFT } from './verdict.ts';

const DEPLOY = ['deploy', 'lab.yaml'];
const erasing = (text: string): string =>
  onlyDhcp(text).replace('      - name: host-0\n', '      - name: host-0\n        disks: { others: erase }\n');

const withDisk = (edit = onlyDhcp, more: string[] = []): Scene =>
  createScene({ faults: [`extra-disk@${DHCP}`, ...more], edit, factor: 100 });

/** What lies on the extra disk, as the lab's world has it. */
function bytesOn({ dir }: Scene): string {
  const world = JSON.parse(readFileSync(join(dir, '.snoboot/lab/world.json'), 'utf8')) as World;
  const content = world.hosts[DHCP]?.disks.find(({ name }) => name === 'sdb')?.content;
  return content?.kind === 'data' ? content.bytes : '';
}

/** The bytes that the disk has in every scene, from a lab that does nothing. */
let untouched: Promise<string> | undefined;
const bytesBefore = (): Promise<string> => (untouched ??= inUntouchedLab());
async function inUntouchedLab(): Promise<string> {
  const scene = withDisk();
  const { down } = await scene.labUp();
  await down();
  return bytesOn(scene);
}

const formatted = (scene: Scene): unknown[] =>
  scene.history().flatMap(({ kind, action, disk }) => (kind === 'disk' && action === 'formatted' ? [disk] : []));

/** The last word of the journal on the host's disks. */
function told(scene: Scene) {
  const events = scene.journal().flatMap((event) => (event.type === 'disks' ? [event] : []));
  const paths = (list: readonly { path: string }[]): string[] => list.map(({ path }) => path);
  return events.map(({ install, kept, erased }) => ({
    install: install.path,
    kept: paths(kept),
    erased: paths(erased),
  }));
}

function assertRefused(scene: Scene, reason: RegExp): void {
  assertEnded(scene, 'sno-dhcp', { stage: 'assign-hosts', code: 'E-DISK-OTHERS', reason, exit: 3 });
  assert.equal(installed(scene.history(), 'sno-dhcp').triggers, 0);
  assert.ok(LEFT.safelyOff(endState(scene.history(), DHCP)));
  assert.deepEqual(told(scene), [{ install: '/dev/sda', kept: [], erased: ['/dev/sdb'] }]);
}

after(endLabs);

describe('an extra bootable disk', { concurrency: 3 }, () => {
  test('is kept, nobody is asked, and its bytes are what they were', async () => {
    const scene = withDisk();
    const before = await bytesBefore();
    const { code, stderr } = await scene.snoboot(DEPLOY);
    assert.equal(code, 0, stderr);
    assertInstalled(scene.history(), DHCP);
    assert.deepEqual(told(scene), [{ install: '/dev/sda', kept: ['/dev/sdb'], erased: [] }]);
    assert.deepEqual(formatted(scene), []);
    assert.ok(before.length > 0);
    assert.equal(bytesOn(scene), before);
  });

  test('is erased where the inventory says so and --yes is given', async () => {
    const scene = withDisk(erasing);
    const { code, stderr } = await scene.snoboot([...DEPLOY, '--yes']);
    assert.equal(code, 0, stderr);
    assertInstalled(scene.history(), DHCP);
    assert.deepEqual(told(scene), [{ install: '/dev/sda', kept: [], erased: ['/dev/sdb'] }]);
    assert.deepEqual(formatted(scene), ['sdb']);
    assert.equal(bytesOn(scene), '');
  });

  test('is refused with exit 3 where the inventory says erase and nobody says yes', async () => {
    const scene = withDisk(erasing);
    const { code, stderr } = await scene.snoboot(DEPLOY);
    assert.equal(code, 3, stderr);
    assertRefused(scene, /^host-0: .*\/dev\/sdb 32 GB wwn 0x5\w+ serial DATA/);
    assert.equal(bytesOn(scene), await bytesBefore());
  });

  test('is refused with exit 3 where it is to be kept and the service does not keep it', async () => {
    const scene = withDisk(onlyDhcp, ['skip-not-kept@sno-dhcp']);
    const { code, stderr } = await scene.snoboot(DEPLOY);
    assert.equal(code, 3, stderr);
    assertRefused(scene, /the service does not keep them/);
    assert.equal(bytesOn(scene), await bytesBefore());
  });

  for (const [answer, exit] of [
    ['yes', 0],
    ['no', 3],
  ] as const)
    test(`is asked for on a terminal: ${answer} ends with ${exit}`, { skip: !hasTerminals }, async () => {
      const scene = withDisk(erasing);
      const { code, screen } = await onTerminal(scene, DEPLOY, [answer]).ended;
      assert.equal(code, exit, screen);
      assert.match(screen, /would also format\r?\n {2}\/dev\/sdb 32 GB .*\r?\nErase what is on it\? \[y\/N\]/);
      assert.deepEqual(formatted(scene), answer === 'yes' ? ['sdb'] : []);
      if (answer === 'no') assertRefused(scene, /nobody said yes/);
    });
});
