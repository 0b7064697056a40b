/** A service behind a proxy and an authority of its own: everything of it passes the proxy, nothing of BMCs and media does. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { realInventory } from './real.ts';
import { NAME, startSite } from './proxy.ts';
import { createScene, STATIC, endLabs } from './scene.ts';

after(endLabs);

test('service and image pass the proxy; BMC and medium do not', async () => {
  const scene = createScene();
  const lab = await scene.labUp();
  const site = await startSite(lab.up.service.url);
  try {
    writeFileSync(join(scene.dir, 'site.pem'), site.authority);
    const agentUrl = lab.up.service.url;
    const service = { url: `https://${NAME}`, agentUrl, caFile: 'site.pem' };
    const real = realInventory(lab.up, STATIC, service);
    writeFileSync(join(scene.dir, 'site.yaml'), real.text);
    const env = {
      HTTPS_PROXY: site.proxy,
      HTTP_PROXY: site.proxy,
      ...real.env,
    };
    const args = ['deploy', 'site.yaml', '--yes', '--accept-new', '--stop-after-stage', 'insert-media'];
    const { code, stderr, stdout } = await scene.snoboot(args, undefined, { env });
    assert.equal(code, 0, stderr + stdout);
    assert.deepEqual([...site.asked].sort(), [new URL(lab.up.service.url).host, `${NAME}:443`].sort());
    const history = scene.history();
    assert.ok(history.some(({ kind, to, action }) => kind === 'media' && to === STATIC && action === 'inserted'));
    writeFileSync(join(scene.dir, 'plain.yaml'), realInventory(lab.up, STATIC, { ...service, caFile: undefined }).text);
    const stranger = await scene.snoboot(['deploy', 'plain.yaml', '--yes', '--accept-new'], undefined, { env });
    assert.equal(stranger.code, 4, stranger.stderr);
    assert.match(stranger.stdout, /certificate/);
  } finally {
    site.close();
    await lab.down();
  }
});
