/** `service.agentUrl`: what agents call, where that is another name than the one that snoboot calls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InventoryError } from '../../src/inventory/load.ts';
import { cluster, inFolder } from './texts.ts';

const agentUrlOf = async (service: string): Promise<unknown> => {
  const real = cluster().replace('lab://generic', 'https://bmc.example.com, username: u, password: env:P');
  const inventory = await inFolder(real.replace('{type: lab}', `{url: "https://a.example.com"${service}}`));
  return inventory.service.type === 'assisted' ? inventory.service.agentUrl : 'the lab';
};

test('it is nothing of its own where it is not given, and has no slash at its end', async () => {
  assert.equal(await agentUrlOf(''), null);
  assert.equal(await agentUrlOf(', agentUrl: "http://192.0.2.9:8090//"'), 'http://192.0.2.9:8090');
});

test('what is no text is refused where it stands', async () => {
  for (const wrong of ['8090', 'true', '[https://a.example.com]', '{}'])
    await assert.rejects(agentUrlOf(`, agentUrl: ${wrong}`), (error) => {
      assert.ok(error instanceof InventoryError);
      assert.match(error.issues[0]?.where ?? '', /lab\.yaml:1:51$/);
      assert.match(error.issues[0]?.message ?? '', /^service\.agentUrl: /);
      return true;
    });
});

test('what no agent can call is refused where it stands', async () => {
  for (const wrong of [
    'ftp://a.example.com',
    'a.example.com',
    'https://u@a.example.com',
    'https://a/api/assisted-install',
  ])
    await assert.rejects(agentUrlOf(`, agentUrl: "${wrong}"`), (error) => {
      assert.ok(error instanceof InventoryError);
      assert.match(error.issues[0]?.where ?? '', /lab\.yaml:1:51$/);
      return true;
    });
});
