/** Before real machines are touched by somebody at a terminal: the plan, and how many are to be erased. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createScene, DHCP, endLabs, type Scene } from './scene.ts';
import { effects } from './destructive.ts';
import { realInventory } from './real.ts';
import { hasTerminals, onTerminal } from './terminal.ts';

after(endLabs);

const isUntouched = (scene: Scene): boolean =>
  isDeepStrictEqual(effects(scene.history(), DHCP), { inserts: 0, ejects: 0, writes: 0, powers: [] }) &&
  !existsSync(join(scene.dir, '.snoboot/runs'));

test(
  'deploy shows the plan, wants the number of machines, and goes on with it alone',
  { skip: !hasTerminals },
  async () => {
    const scene = createScene();
    const { up, down } = await scene.labUp();
    const { text, env } = realInventory(up, DHCP);
    writeFileSync(join(scene.dir, 'real.yaml'), text);
    const deploy = ['deploy', 'real.yaml', '--accept-new', '--stop-after-stage', 'check-bmc'];
    try {
      const unattended = await scene.snoboot(deploy, undefined, { env });
      assert.equal(unattended.code, 2);
      assert.match(unattended.stderr, /^E-CONFIRM: deploy erases 1 machine of real\.yaml/m);

      const wrong = await onTerminal(scene, ['deploy', 'real.yaml'], ['yes'], env).ended;
      assert.equal(wrong.code, 2, wrong.screen);
      assert.match(wrong.screen, /sno-dhcp: absent at the service, would be installed/);
      assert.match(wrong.screen, /1 machine will be erased\. Type 1 to go on: /);
      assert.match(wrong.screen, /E-CONFIRM: not confirmed: nothing was touched/);
      assert.ok(isUntouched(scene));

      const right = await onTerminal(scene, deploy, ['1'], env).ended;
      assert.equal(right.code, 0, right.screen);
      assert.match(right.screen, /1 machine will be booted from the ISO, and none erased\. Type 1 to go on:/);
      assert.match(right.screen, /stopped as asked/);
    } finally {
      await down();
    }
  },
);
