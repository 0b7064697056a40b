/** What stages are given of a run: under which name the agents are to call the service. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assisted } from '../../src/assisted/client.ts';
import { createVirtualClock } from '../../src/core/clock.ts';
import type { HttpClient } from '../../src/core/http.ts';
import type { AssistedService } from '../../src/inventory/types.ts';
import { runContextOf } from '../../src/run/run-context.ts';
import { scene } from '../stages/scene.ts';
import { inventoryIn } from './inventories.ts';

const PLAIN = { type: 'assisted', offlineToken: null, trust: 'verify', caFile: null } as const;

function agentUrlOf(agentUrl: string | null): string {
  const service: AssistedService = { ...PLAIN, url: 'https://a.example.com', agentUrl };
  const { run } = scene().context;
  const protection = { refuse: () => Promise.resolve(), by: () => null };
  const asked = { inventory: { ...inventoryIn('/'), service }, clock: createVirtualClock(), protection };
  const ports = { ...run, http: {} as HttpClient, assisted: {} as Assisted };
  return runContextOf({ ...asked, trust: { kind: 'verify' }, vouch: run.machines.vouch }, ports).agentUrl;
}

test('agents call service.agentUrl where the inventory has one, else service.url', () => {
  assert.equal(agentUrlOf('http://192.0.2.9:8090'), 'http://192.0.2.9:8090');
  assert.equal(agentUrlOf(null), 'https://a.example.com');
});
