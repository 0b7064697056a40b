/** A service behind a proxy and an authority of its own: everything of it passes the proxy, nothing of BMCs and media does. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LabUp } from '../../src/lab/start.ts';
import { NAME, startSite } from './proxy.ts';
import { createScene, endLabs } from './scene.ts';

after(endLabs);

/** The lab's machines by their real addresses, as an inventory of real machines names them. */
function inventoryOf({ bmcs }: LabUp): string {
  const bmc = bmcs.find(({ host }) => host === 'sno-dhcp/host-0')!;
  return `service:
  url: https://${NAME}
  caFile: site.pem
clusters:
  - name: sno-dhcp
    baseDomain: lab.example.com
    openshiftVersion: "4.20"
    pullSecret: file:secrets/pull-secret.json
    sshKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc lab@example.com
    hosts:
      - name: host-0
        bmc:
          address: ${bmc.url}
          username: ${bmc.username}
          password: env:BMC_PASSWORD
          fingerprint: "${bmc.fingerprint}"
        bootMACAddress: 52:54:00:6e:a1:02
`;
}

test('service and image pass the proxy; BMC and medium do not', async () => {
  const scene = createScene();
  const lab = await scene.labUp();
  const site = await startSite(lab.up.service.url);
  try {
    writeFileSync(join(scene.dir, 'site.pem'), site.authority);
    writeFileSync(join(scene.dir, 'site.yaml'), inventoryOf(lab.up));
    const env = {
      HTTPS_PROXY: site.proxy,
      HTTP_PROXY: site.proxy,
      BMC_PASSWORD: lab.up.bmcs.find(({ host }) => host === 'sno-dhcp/host-0')!.password,
    };
    const args = ['deploy', 'site.yaml', '--yes', '--accept-new', '--stop-after-stage', 'boot-once'];
    const { code, stderr, stdout } = await scene.snoboot(args, undefined, { env });
    assert.equal(code, 0, stderr + stdout);
    assert.deepEqual([...site.asked].sort(), [new URL(lab.up.service.url).host, `${NAME}:443`].sort());
    const history = scene.history();
    assert.ok(
      history.some(({ kind, to, action }) => kind === 'media' && to === 'sno-dhcp/host-0' && action === 'inserted'),
    );
    writeFileSync(join(scene.dir, 'plain.yaml'), inventoryOf(lab.up).replace('  caFile: site.pem\n', ''));
    const stranger = await scene.snoboot(['deploy', 'plain.yaml', '--yes', '--accept-new'], undefined, { env });
    assert.equal(stranger.code, 4, stranger.stderr);
    assert.match(stranger.stdout, /certificate/);
  } finally {
    site.close();
    await lab.down();
  }
});
