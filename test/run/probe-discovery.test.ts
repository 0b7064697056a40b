/** Whose disks a probe shows: those of the agent on that machine, else those that an earlier run wrote down. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DiskRecord } from '../../src/core/events.ts';
import { earlierRuns } from '../../src/run/last-run.ts';
import { discoveredBy } from '../../src/run/probe-discovery.ts';
import { cluster, hostRecord, hostSpec, MAC } from '../stages/scene.ts';
import { ENDED, scratch, started, writeRun } from './journals.ts';

const PROBED = { cluster: 'sno1', host: 'host-0', bmc: '', bootMACAddress: MAC, machine: null, error: null };
const record = (name: string): DiskRecord => ({
  id: name,
  path: `/dev/${name}`,
  sizeBytes: 1e9,
  serial: name,
  wwn: '',
});

test('the agent whose MAC address is that of the host tells, whatever others there are', () => {
  const other = hostRecord({ id: 'h2', inventory: '{"interfaces": [{"mac_address": "52:54:00:00:00:77"}]}' });
  const clusters = [cluster({ name: 'sno1', hosts: [other, hostRecord()] })];
  const found = discoveredBy({ clusters, runs: [] }, PROBED, hostSpec);
  assert.equal(found?.by, 'service');
  assert.deepEqual(
    found.disks.map(({ path, isChosen }) => [path, isChosen]),
    [
      ['/dev/sda', true],
      ['/dev/sdb', false],
    ],
  );
  assert.deepEqual(found.nics, [{ name: 'eno1', mac: MAC, addresses: ['192.168.1.5/24'] }]);
});

test('where the service knows nothing, the newest journal that does tells, and else nobody', () => {
  const dir = scratch();
  const disks = (install: string) => ({
    type: 'disks' as const,
    install: record(install),
    kept: [record('sdb')],
    erased: [],
  });
  writeRun(dir, '20261122T120000Z-aaaa', [started(), disks('old'), ENDED]);
  writeRun(dir, '20261122T130000Z-bbbb', [started(), disks('new'), ENDED]);
  writeRun(dir, '20261122T140000Z-cccc', [started(), ENDED]);
  const runs = earlierRuns(join(dir, '.snoboot'), 'lab.yaml');
  const found = discoveredBy({ clusters: [], runs }, PROBED, hostSpec);
  assert.equal(found?.by, 'journal');
  assert.deepEqual(
    found.disks.map(({ path, isChosen }) => [path, isChosen]),
    [
      ['/dev/new', true],
      ['/dev/sdb', false],
    ],
  );
  assert.equal(discoveredBy({ clusters: [], runs }, { ...PROBED, host: 'host-1' }, hostSpec), null);
});
