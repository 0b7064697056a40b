/** What a cluster's stages are given to write with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assisted } from '../../src/assisted/client.ts';
import { Secret } from '../../src/core/secret.ts';
import type { HostSpec } from '../../src/inventory/types.ts';
import { clusterContext } from '../../src/run/contexts.ts';
import { pinsByAddress } from '../../src/run/known-bmcs.ts';
import { createMemory } from '../../src/run/memory.ts';
import { clusterSpec, hostSpec, scene } from '../stages/scene.ts';
import { tempFolder } from '../temp-folder.ts';

const hostAt = (name: string, origin: string): HostSpec => {
  const password = { from: 'env' as const, name: 'X' };
  const bmc = { kind: 'redfish' as const, origin, systemPath: null, family: null, username: 'root', password };
  return { ...hostSpec, name, bmc: { ...bmc, trust: { kind: 'verify' } } };
};

test('its service lets no write out that the lease of any of its hosts does not allow', () => {
  const { run } = scene().context;
  const checked: string[] = [];
  const own = {} as Assisted;
  let mayWrite: () => void = () => assert.fail('nobody was asked for a service');
  const hosts = [hostAt('a', 'https://192.0.2.1'), hostAt('b', 'https://192.0.2.2')];
  const context = clusterContext(
    run,
    { ...clusterSpec, hosts },
    {
      secretOf: () => new Secret('x'),
      memory: createMemory(),
      leases: { check: (origin) => void checked.push(origin), release: () => undefined },
      goal: 'deploy',
      replace: false,
      pins: pinsByAddress(tempFolder()),
      mayBegin: () => undefined,
      assistedFor: (check) => ((mayWrite = check), own),
      over: new AbortController().signal,
    },
  );
  assert.equal(context.run.assisted, own);
  assert.deepEqual(
    context.hosts.map((host) => host.run.assisted),
    [own, own],
  );
  mayWrite();
  assert.deepEqual(checked, ['https://192.0.2.1', 'https://192.0.2.2']);
});
