/** Runs that were killed: what status says of them, what cleanup puts right, and when deploy does not go on with them. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createHttpClient } from '../../src/core/http.ts';
import { assertOnce, ONCE } from './destructive.ts';
import { createScene, DHCP, type Ended, endLabs, type LabProcess, type Scene, STATIC } from './scene.ts';
import {
  imagesOf,
  isosOf,
  isServed,
  leasesOf,
  lives,
  mediaPid,
  onlyDhcp,
  onlyStatic,
  runFolders,
  until,
} from './traces.ts';
import { endState, installed, LEFT } from './verdict.ts';

const DEPLOY = ['deploy', 'lab.yaml'];
const CLEANUP = ['cleanup', 'lab.yaml'];
const STATUS = ['status', 'lab.yaml'];

/** Deploys until the first event of this stage and kills it then. */
async function killedAt(scene: Scene, stage: string, during?: () => Promise<void>): Promise<void> {
  const { code } = await scene.snoboot(DEPLOY, async (running) => {
    await running.event((event) => event.type === 'stage.started' && event.stage === stage);
    await running.event((event) => event.type === 'media.read' && event.total > event.size / 10);
    await during?.();
    running.kill('SIGKILL');
  });
  assert.equal(code, null);
}

/** Nothing of snoboot on this machine, whatever runs there were. */
async function assertNothingLeft(scene: Scene, server: number): Promise<void> {
  await until(() => !lives(server));
  for (const url of imagesOf(scene.history(), STATIC)) assert.equal(await isServed(url), false);
  assert.deepEqual([...isosOf(scene), ...leasesOf(scene)], []);
}

const ok = ({ code, stdout, stderr }: Ended): void => assert.equal(code, 0, `${stdout}\n${stderr}`);

/** Requests that somebody made besides the lab's own hosts. */
const requestsIn = (scene: Scene): number =>
  scene.history().filter(({ kind, path }) => kind === 'request' && path !== '/lab').length;

const edit = ({ dir }: Scene, change: (text: string) => string): void => {
  const file = join(dir, 'lab.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

const bmcOf = ({ up }: LabProcess, host: string) => {
  const { url, username, password, fingerprint } = up.bmcs.find((bmc) => bmc.host === host)!;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return async (path: string, body: unknown): Promise<void> => {
    const http = createHttpClient();
    const headers = { authorization, 'content-type': 'application/json' };
    const trust = { kind: 'pin', fingerprint } as const;
    const { status } = await http.send({
      method: 'POST',
      url: `${url}${path}`,
      headers,
      body: JSON.stringify(body),
      trust,
    });
    await http.close();
    assert.ok(status < 300, `${path}: ${status}`);
  };
};

after(endLabs);

describe('an unfinished run', { concurrency: 3 }, () => {
  test('killed while its host is live: status says so, cleanup leaves nothing of it, and the next deploy is a new run', async () => {
    // It has to be live for as long as a status takes.
    const scene = createScene({ edit: onlyStatic, factor: 80 });
    const { down } = await scene.labUp();
    assert.match((await scene.snoboot(STATUS)).stderr, /^E-USAGE: no run of lab.yaml has begun/);
    await killedAt(scene, 'await-agent', async () => {
      const { stdout } = await scene.snoboot(STATUS);
      assert.match(stdout, /^deploy of lab.yaml: run \S+, by snoboot \S+\nruns now, as process \d+; /);
    });
    const server = mediaPid(scene);
    const before = requestsIn(scene);
    const killed = await scene.snoboot(STATUS);
    ok(killed);
    assert.match(killed.stdout, /\nwas killed; .*; snoboot deploy lab.yaml goes on with it\n/);
    assert.match(killed.stdout, /\nleft: sno-ai-test\/host-0: the ISO may be inserted, /);
    ok(await scene.snoboot(CLEANUP));
    assert.ok(LEFT.safelyOff(endState(scene.history(), STATIC)), JSON.stringify(endState(scene.history(), STATIC)));
    assert.ok(requestsIn(scene) > before);
    await assertNothingLeft(scene, server);
    assert.match((await scene.snoboot(STATUS)).stdout, /\nended at .* with exit code 0\n/);
    assert.equal(runFolders(scene).length, 1);
    ok(await scene.snoboot(DEPLOY));
    assert.equal(runFolders(scene).length, 2);
    assert.ok(LEFT.done(endState(scene.history(), STATIC)));
    assert.match((await scene.snoboot(STATUS)).stdout, /\nended at .* with exit code 0\n/);
    await down();
  });

  test('killed while the service installs: cleanup is refused and changes nothing, and deploy goes on to the end', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp({ holds: true });
    await killedAt(scene, 'await-reboot');
    const server = mediaPid(scene);
    const { changes } = endState(scene.history(), STATIC);
    const refused = await scene.snoboot(CLEANUP);
    assert.equal(refused.code, 3, refused.stdout);
    assert.match(refused.stdout, /E-INSTALLING: /);
    assert.equal(endState(scene.history(), STATIC).changes, changes);
    assert.ok(lives(server), 'the host still reads');
    assert.match((await scene.snoboot(STATUS)).stdout, /; snoboot deploy lab.yaml goes on with it\n/);
    ok(await scene.snoboot(DEPLOY));
    assert.equal(runFolders(scene).length, 1);
    assert.ok(LEFT.done(endState(scene.history(), STATIC)));
    assert.deepEqual(installed(scene.history(), 'sno-ai-test'), { triggers: 1, status: 'installed' });
    await assertNothingLeft(scene, server);
    await down();
  });

  test('killed with its medium inserted and the boot override set: cleanup puts the machine back as it was found', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp({ holds: true });
    await scene.killed(DEPLOY, '/"type":"result","stage":"boot-once","effect":"override"/');
    const before = endState(scene.history(), STATIC);
    assert.deepEqual([before.inserted, before.armed], [true, true]);
    const server = mediaPid(scene);
    ok(await scene.snoboot(CLEANUP));
    assert.ok(LEFT.putBack(endState(scene.history(), STATIC)), JSON.stringify(endState(scene.history(), STATIC)));
    await assertNothingLeft(scene, server);
    await down();
  });

  test('without its journal: cleanup still switches the host off that lives on the ISO', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp({ holds: true });
    await killedAt(scene, 'await-ready');
    const server = mediaPid(scene);
    writeFileSync(join(runFolders(scene)[0]!, 'events.jsonl'), '');
    ok(await scene.snoboot(CLEANUP));
    assert.ok(LEFT.safelyOff(endState(scene.history(), STATIC)), JSON.stringify(endState(scene.history(), STATIC)));
    process.kill(server, 'SIGKILL');
    await down();
  });

  test('whose machine somebody has put to another use since: cleanup leaves its medium and its power alone', async () => {
    const scene = createScene({ edit: onlyDhcp });
    const lab = await scene.labUp({ holds: true });
    const bmc = bmcOf(lab, DHCP);
    const slot = '/redfish/v1/Managers/1/VirtualMedia/2/Actions';
    await killedAt(scene, 'await-agent');
    const server = mediaPid(scene);
    await bmc(`${slot}/VirtualMedia.EjectMedia`, {});
    await bmc(`${slot}/VirtualMedia.InsertMedia`, { Image: 'http://127.0.0.1:9/other/boot.iso' });
    await bmc('/redfish/v1/Systems/1/Actions/ComputerSystem.Reset', { ResetType: 'ForceRestart' });
    const before = endState(scene.history(), DHCP);
    assert.deepEqual([before.inserted, before.power], [true, 'On']);
    ok(await scene.snoboot(CLEANUP));
    assert.deepEqual(endState(scene.history(), DHCP), before);
    await assertNothingLeft(scene, server);
    await lab.down();
  });

  test('with a damaged journal or another inventory is refused before anything is contacted; a torn last line is cut', async () => {
    const scene = createScene();
    const { down } = await scene.labUp();
    await scene.killed(DEPLOY, '/"type":"intent"/');
    const journal = join(runFolders(scene)[0]!, 'events.jsonl');
    const text = readFileSync(journal, 'utf8');
    const sample = readFileSync(join(scene.dir, 'lab.yaml'), 'utf8');
    const before = requestsIn(scene);
    const refused = async (exitCode: number, words: RegExp): Promise<void> => {
      const { code, stderr } = await scene.snoboot(DEPLOY);
      assert.equal(code, exitCode, stderr);
      assert.match(stderr, words);
      assert.equal(requestsIn(scene), before);
      assert.deepEqual(leasesOf(scene), []);
    };

    writeFileSync(journal, text.replace('"stage":"check-service"', '"stage":"check-servise"'));
    await refused(8, /^E-JOURNAL: .*events\.jsonl:\d+: is damaged/);
    writeFileSync(journal, text);

    const begun = scene.journal().at(-1)!.subject;
    const other = begun === 'sno-dhcp' ? 'sno-ai-test' : 'sno-dhcp';
    const withKey =
      (cluster: string) =>
      (all: string): string =>
        all.replace(`    name: ${cluster}\n`, `$&    sshKey: ssh-ed25519 AAAA other@example.com\n`);
    edit(scene, withKey(begun));
    await refused(3, new RegExp(`^E-INVENTORY-CHANGED: .*${begun}: .*sshKey: was .*, is .*other@example.com`));
    writeFileSync(join(scene.dir, 'lab.yaml'), sample);

    edit(scene, withKey(other));
    appendFileSync(journal, '{"seq":99,"at":"2026-');
    ok(await scene.snoboot(DEPLOY));
    assert.equal(runFolders(scene).length, 1);
    assertOnce(scene.history(), ONCE);
    readFileSync(journal, 'utf8')
      .split('\n')
      .slice(0, -1)
      .forEach((line) => void JSON.parse(line));
    await down();
  });
});
