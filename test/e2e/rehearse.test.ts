/** `--rehearse`: the sample for real machines, installed on a lab that was made from it; nothing of it is reached. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Facts, RunEvent } from '../../src/core/events.ts';
import { createScene, FACTOR } from './scene.ts';

const REHEARSE = ['--rehearse', '--set', `lab={timeFactor: ${FACTOR}}`];
const factsOf = (events: RunEvent[], subject: string, stage: string): Facts | undefined =>
  events.flatMap((e) =>
    e.type === 'stage.succeeded' && e.subject === subject && e.stage === stage ? [e.facts] : [],
  )[0];

test('inventory/example.yaml is rehearsed with its own serial numbers, disks, vendors and manifests, faults allowed', async () => {
  const scene = createScene({ home: '.snoboot/rehearsal' });
  const first = await scene.snoboot(['deploy', 'example.yaml', ...REHEARSE, '--fault', 'little-memory@sno-dhcp']);
  assert.equal(first.code, 6, first.stderr);
  assert.match(first.stdout, /sno-static: installed/);
  assert.match(first.stdout, /E-VALIDATION: sno-dhcp.*has-min-memory/);
  const events = scene.journal();
  const { serial, vendor } = factsOf(events, 'sno-static/host-0', 'check-bmc') ?? {};
  assert.deepEqual({ serial, vendor }, { serial: 'EXAMPLE1', vendor: 'Dell Inc.' });
  assert.equal(factsOf(events, 'sno-dhcp/host-0', 'check-bmc')?.['vendor'], 'HPE');
  const second = await scene.snoboot(['deploy', 'example.yaml', ...REHEARSE]);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /sno-static: installed already.*changed=0/);
  const status = await scene.snoboot(['status', 'example.yaml', '--rehearse']);
  assert.match(status.stdout, /ended at .* with exit code 0/);
  assert.ok(existsSync(join(scene.dir, '.snoboot/rehearsal/clusters/sno-static/kubeconfig')));
  for (const real of ['runs', 'clusters', 'lab']) assert.ok(!existsSync(join(scene.dir, '.snoboot', real)), real);
});
