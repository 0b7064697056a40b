/** `snoboot probe` through the real command line: BMCs before anything ran, disks after a discovery, and not one write. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ProbedHost } from '../../src/view/probe-text.ts';
import { createScene, DHCP, endLabs, type HistoryLine, type Scene, STATIC } from './scene.ts';
import { onlyDhcp } from './traces.ts';

after(endLabs);

const writes = (history: HistoryLine[]): HistoryLine[] =>
  history.filter(({ kind, method }) => kind === 'request' && !['GET', 'HEAD'].includes(String(method)));

async function probed(scene: Scene, ...args: string[]): Promise<{ hosts: ProbedHost[] }> {
  const { stdout } = await scene.snoboot(['probe', 'lab.yaml', '-o', 'json', ...args]);
  return JSON.parse(stdout) as { hosts: ProbedHost[] };
}

test('each machine is shown by its BMC; one that cannot be read has its error, and the exit code tells', async () => {
  const scene = createScene({ faults: [`bmc-401@${STATIC}`] });
  const { code, stdout, stderr } = await scene.snoboot(['probe', 'lab.yaml']);
  assert.equal(code, 6, stderr);
  assert.match(stdout, /^sno-ai-test\/host-0: https:.*\n {2}E-BMC-AUTH: /);
  assert.match(
    stdout,
    /^sno-dhcp\/host-0: https:.*\n {2}HPE .*serial .*UUID .*\n {2}power Off, boot override Disabled/m,
  );
  assert.match(stdout, /^disks are known after .* snoboot deploy lab\.yaml --stop-after-stage assign-hosts$/m);
  const { hosts } = await probed(scene, '--limit', 'sno-dhcp');
  assert.deepEqual(
    hosts.map(({ host, machine, discovered, error }) => [host, machine?.power, discovered, error]),
    [['host-0', 'Off', null, null]],
  );
  assert.deepEqual(writes(scene.history()), []);
});

test('after a discovery disks and NICs are shown, and what is suggested makes a valid inventory once it is pasted', async () => {
  const scene = createScene({ faults: [`extra-disk@${DHCP}`], edit: onlyDhcp });
  const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml', '--stop-after-stage', 'assign-hosts']);
  assert.equal(code, 0, stderr);
  const before = writes(scene.history());
  const [{ discovered }] = (await probed(scene)).hosts as [ProbedHost];
  assert.equal(discovered?.by, 'service');
  assert.deepEqual(
    discovered.disks.map(({ path, isChosen }) => [path, isChosen]),
    [
      ['/dev/sda', true],
      ['/dev/sdb', false],
    ],
  );
  const { stdout } = await scene.snoboot(['probe', 'lab.yaml', '--suggest']);
  assert.deepEqual(writes(scene.history()), before);
  const file = join(scene.dir, 'lab.yaml');
  const [, lines = ''] = stdout.split('      - name: "host-0"\n');
  assert.match(lines, /rootDeviceHints:\n {10}wwn: "0x5/);
  const text = readFileSync(file, 'utf8').replace(/^ {8}bootMACAddress: .*\n/m, '');
  writeFileSync(file, text.replace('      - name: host-0\n', `      - name: host-0\n${lines}`));
  const validated = await scene.snoboot(['validate', 'lab.yaml']);
  assert.equal(validated.code, 0, validated.stderr);
});
