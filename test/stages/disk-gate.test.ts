/** The second gate: other disks that the service would format are kept, or asked for, or nothing is installed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields, Host } from '../../src/assisted/types.ts';
import { SnobootError } from '../../src/core/errors.ts';
import type { HostSpec } from '../../src/inventory/types.ts';
import { createStageRunner } from '../../src/run/stage-runner.ts';
import { assignHosts } from '../../src/stages/assign-hosts.ts';
import type { RunContext } from '../../src/stages/context.ts';
import { cluster, clusterSpec, hostRecord, hostSpec, scene, within } from './scene.ts';

const SDA = '/dev/disk/by-id/wwn-sda';
const SDB = '/dev/disk/by-id/wwn-sdb';
const MINUTE = 60_000;
const run = createStageRunner();

type Patch = (fields: Fields) => Partial<Host>;
const keeps: Patch = () => ({ skip_formatting_disks: SDB });
const refuses: Patch = () => {
  throw new SnobootError('E-SVC-REFUSED', 'the service refused: no such disk', '');
};

/** A host at the barrier, all assigned, whose second disk would be formatted. */
function barrier(others: HostSpec['disks']['others'], patch: Patch, answer?: boolean) {
  const assigned = { requested_hostname: 'host-0', role: 'master', installation_disk_id: SDA };
  const record = hostRecord({ ...assigned, disks_to_be_formatted: `${SDA},${SDB}` });
  const spec = { ...clusterSpec, hosts: [{ ...hostSpec, disks: { others } }] };
  const all = scene({ clusters: [cluster({ hosts: [record] })] }, spec);
  const patches: Fields[] = [];
  const asked: string[][] = [];
  all.context.run.assisted.patchHost = async (_infraEnv, _host, fields) => {
    patches.push(fields);
    Object.assign(record, patch(fields));
    return Promise.resolve(record);
  };
  if (answer !== undefined)
    all.context.run.mayErase = async (_host, disks): ReturnType<RunContext['mayErase']> => {
      asked.push(disks);
      return Promise.resolve(answer);
    };
  const disks = () => all.said.map(({ event }) => event).filter((event) => event.type === 'disks');
  const pass = () => within(all.clock, 10 * MINUTE, run(assignHosts, all.context, new AbortController().signal));
  return { ...all, record, patches, asked, disks, pass };
}

const idsOf = (list: readonly { id: string }[] = []): string[] => list.map(({ id }) => id);

test('another disk that would be formatted goes on the skip list, nobody is asked, and it is written down as kept', async () => {
  const { pass, patches, asked, disks } = barrier('keep', keeps, false);
  const facts = await pass();
  assert.deepEqual(patches, [{ disks_skip_formatting: [{ disk_id: SDB, skip_formatting: true }] }]);
  assert.deepEqual(asked, []);
  assert.deepEqual(facts, { disks: [SDA], erasable: [] });
  assert.equal(disks().length, 1);
  const [event] = disks();
  assert.deepEqual([event?.install.id, idsOf(event?.kept), idsOf(event?.erased)], [SDA, [SDB], []]);
});

for (const [what, patch] of [
  ['does not take', () => ({})],
  ['refuses', refuses],
] as [string, Patch][])
  test(`a disk that the service ${what} on its skip list ends with exit 3, after one PATCH, and stands in the journal as erased`, async () => {
    const { pass, patches, disks } = barrier('keep', patch);
    await assert.rejects(pass(), { code: 'E-DISK-OTHERS', exitCode: 3, message: /\/dev\/sdb 100 GB .*serial sdb/ });
    assert.equal(patches.length, 1);
    assert.deepEqual(idsOf(disks()[0]?.erased), [SDB]);
  });

test('disks.others: erase puts nothing on the skip list, and asks with the list', async () => {
  const { pass, patches, asked } = barrier('erase', keeps, true);
  assert.deepEqual((await pass())['erasable'], [`host-0 ${SDB}`]);
  assert.deepEqual(patches, []);
  assert.deepEqual(asked, [['/dev/sdb 100 GB wwn 0xsdb serial sdb']]);
});

test('a no, or nobody to answer, ends with exit 3', async () => {
  await assert.rejects(barrier('erase', keeps, false).pass(), { code: 'E-DISK-OTHERS', exitCode: 3 });
  await assert.rejects(barrier('erase', keeps).pass(), { code: 'E-DISK-OTHERS', message: /nobody said yes/ });
});

test('an answer holds for later lives, for these disks and no others', async () => {
  const { context, pass, asked, record } = barrier('erase', keeps, true);
  (context.facts as Record<string, unknown>)['erasable'] = [`host-0 ${SDB}`];
  await pass();
  assert.deepEqual(asked, []);
  record.disks_to_be_formatted = `${SDA},${SDB},/dev/sdz`;
  await pass();
  await pass();
  assert.equal(asked.length, 1);
});
