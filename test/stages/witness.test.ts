/** The agent as the second witness: held against what BMC, pin and inventory say of the machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pin } from '../../src/stages/identity.ts';
import { contradiction } from '../../src/stages/witness.ts';
import { clusterSpec, hostRecord, hostSpec, identity, scene } from './scene.ts';

/** What the agent contradicts, where the BMC shows this serial number and the inventory and the pin have those. */
function said(agent: string, { bmc, named, pinned }: { bmc: string | null; named?: string; pinned?: string }) {
  const spec = { ...hostSpec, identity: { serial: named ?? null, uuid: null } };
  const { host } = scene({}, { ...clusterSpec, hosts: [spec] }, { ...identity, serial: bmc });
  const pin: Pin = { fingerprint: null, serial: pinned ?? null, uuid: null };
  return contradiction({ ...host, pin: { ...host.pin, recall: () => pin } }, hostRecord({}, agent));
}

test('an agent with another serial number than the BMC shows, or else the pin or the inventory has, is a stranger', () => {
  assert.equal(said('OTHER', { bmc: 'SN1' }), 'serial number other');
  assert.equal(said('OTHER', { bmc: null, pinned: 'SN1' }), 'serial number other');
  assert.equal(said('OTHER', { bmc: 'N/A', named: 'SN1' }), 'serial number other');
  assert.equal(said('sn1', { bmc: null, pinned: 'SN1' }), undefined);
});

test('placeholders accuse nobody', () => {
  assert.equal(said('To be filled by O.E.M.', { bmc: 'SN1' }), undefined);
  assert.equal(said('SN1', { bmc: 'Default string', named: 'N/A' }), undefined);
});
