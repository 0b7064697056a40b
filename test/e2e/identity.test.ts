/** Whose machine it is, through the command line: first use, pins, a replaced machine, protected hosts. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LabUp } from '../../src/lab/start.ts';
import { createScene, endLabs, type HistoryLine, type Scene, STATIC } from './scene.ts';
import { hasTerminals, onTerminal } from './terminal.ts';
import { onlyStatic } from './traces.ts';

after(endLabs);

const PASSWORD = 'SNOBOOT_TEST_BMC_PASSWORD';

/** The lab's machine as a real one: by its address, with nothing that names it. */
function writeReal({ dir }: Scene, { service, bmcs }: LabUp): { env: Record<string, string> } {
  const bmc = bmcs.find(({ host }) => host === STATIC)!;
  const text = [
    `service: {url: "${service.url}"}`,
    'clusters:',
    '  - name: sno-ai-test',
    '    baseDomain: lab.example.com',
    '    openshiftVersion: "4.20"',
    '    pullSecret: file:secrets/pull-secret.json',
    '    sshKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc lab@example.com',
    '    hosts:',
    '      - name: host-0',
    `        bmc: {address: "${bmc.url}", username: ${bmc.username}, password: "env:${PASSWORD}", insecureTLS: true}`,
  ];
  writeFileSync(join(dir, 'real.yaml'), text.join('\n'));
  return { env: { [PASSWORD]: bmc.password } };
}

const toBmc = ({ to, kind }: HistoryLine): boolean => to === STATIC && kind === 'request';
const asked = (scene: Scene): HistoryLine[] => scene.history().filter(toBmc);
const writes = (scene: Scene): HistoryLine[] => asked(scene).filter(({ method }) => method !== 'GET');
const pins = ({ dir }: Scene): string[] => {
  const folder = join(dir, 'state/snoboot/known-bmcs');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
};

test('a BMC that was never met wants the inventory, a person or --accept-new to vouch for it; then it is known, and held to that', async () => {
  const scene = createScene({ edit: onlyStatic });
  const { up, down } = await scene.labUp();
  const real = writeReal(scene, up);
  const snoboot = (...args: string[]) => scene.snoboot([args[0]!, 'real.yaml', ...args.slice(1)], undefined, real);

  const unattended = await snoboot('deploy', '--yes');
  assert.equal(unattended.code, 3, unattended.stderr);
  assert.match(
    unattended.stdout,
    /E-IDENT-NEW: .*127\.0\.0\.1:\d+ is Dell Inc\. PowerEdge R650, serial number \w+, UUID /,
  );
  assert.deepEqual([writes(scene), pins(scene)], [[], []]);

  if (hasTerminals) {
    const denied = await onTerminal(scene, ['deploy', 'real.yaml', '--yes'], ['no'], real.env).ended;
    assert.equal(denied.code, 3, denied.screen);
    assert.match(denied.screen, /never met before: [^]*certificate SHA-256[^]*Is it the right machine\? \[y\/N\]/);
    const taken = await onTerminal(scene, ['cleanup', 'real.yaml', '--yes'], ['yes'], real.env).ended;
    assert.equal(taken.code, 0, taken.screen);
  } else assert.equal((await snoboot('cleanup', '--yes', '--accept-new')).code, 0);
  const [pin = ''] = pins(scene);
  assert.match(readFileSync(pin, 'utf8'), /^certificate: [0-9a-f]{64}\nserial: \w+\nuuid: /m);
  const again = await snoboot('cleanup', '--yes');
  assert.equal(again.code, 0, again.stderr);
  assert.ok(!scene.journal().some(({ type }) => type === 'pinned'));

  const known = readFileSync(pin, 'utf8');
  const before = asked(scene).length;
  writeFileSync(pin, known.replace(/^certificate: .*/m, `certificate: ${'0'.repeat(64)}`));
  const renewed = await snoboot('deploy', '--yes', '--accept-new');
  assert.equal(renewed.code, 3, renewed.stderr);
  assert.match(renewed.stdout, new RegExp(`E-IDENT: .*another certificate[^]*remove ${pin}[^]*password was not sent`));
  assert.equal(asked(scene).length, before, 'nothing was to be asked of it');

  writeFileSync(pin, known.replace(/^serial: .*/m, 'serial: FORMER1'));
  const replaced = await snoboot('deploy', '--yes', '--accept-new');
  assert.equal(replaced.code, 3, replaced.stderr);
  assert.match(replaced.stdout, new RegExp(`E-IDENT: .*another machine than before .*FORMER1[^]*remove ${pin}`));
  assert.deepEqual(writes(scene), []);
  await down();
});

test('a replaced machine of the lab is refused before the first write, and neither --yes nor --accept-new helps', async () => {
  const scene = createScene({ edit: onlyStatic });
  const first = await scene.snoboot(['cleanup', 'lab.yaml']);
  assert.equal(first.code, 0, first.stderr);
  assert.ok(scene.journal().some(({ type, subject }) => type === 'pinned' && subject === STATIC));
  const world = join(scene.dir, '.snoboot/lab/world.json');
  const { serial } = (JSON.parse(readFileSync(world, 'utf8')) as { hosts: Record<string, { serial: string }> }).hosts[
    STATIC
  ]!;
  writeFileSync(world, readFileSync(world, 'utf8').replaceAll(serial, 'REPLACED1'));
  const { code, stdout } = await scene.snoboot(['deploy', 'lab.yaml', '--yes', '--accept-new']);
  assert.equal(code, 3, stdout);
  assert.match(stdout, new RegExp(`E-IDENT: .*another machine than before .*${serial}.*REPLACED1`));
  assert.deepEqual(writes(scene), []);
});

test('a protected host is refused whatever the flags, and nothing is asked of any machine', async () => {
  const scene = createScene({ edit: onlyStatic });
  const { up, down } = await scene.labUp();
  const real = writeReal(scene, up);
  const flags = ['--yes', '--accept-new', '--state-dir', join(scene.dir, 'another')];
  const list = join(scene.dir, 'state/snoboot/protected-hosts');
  assert.equal((await scene.snoboot(['cleanup', 'lab.yaml'])).code, 0);
  const before = asked(scene).length;
  const refused = async (verb: string, code: number, message: RegExp): Promise<void> => {
    const ended = await scene.snoboot([verb, 'real.yaml', ...flags], undefined, real);
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, message);
  };
  writeFileSync(list, '127.0.0.0/8\n');
  const protectedBy = /^E-PROTECTED: .*sno-ai-test\/host-0 \(.*protected-hosts:1: 127\.0\.0\.0\/8\)/m;
  for (const verb of ['deploy', 'destroy', 'cleanup']) await refused(verb, 3, protectedBy);
  writeFileSync(list, '127.0.0.0/80\n');
  await refused('deploy', 8, /^E-STATE: .*protected-hosts:1: /m);
  assert.equal(asked(scene).length, before);
  await down();
});
