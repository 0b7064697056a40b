import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parseArmedFault } from '../../src/core/armed-fault.ts';
import { createClock } from '../../src/core/clock.ts';
import type { HttpRequest } from '../../src/core/http.ts';
import { type ArmedFaults, createFaults } from '../../src/lab/faults.ts';
import { listen } from '../../src/lab/listen.ts';
import { STAGES } from '../../src/lab/service/stages.ts';
import { slugOf } from '../../src/lab/moments.ts';
import type { World } from '../../src/lab/world.ts';
import {
  bootFromIso,
  createCluster,
  hostSpec,
  type Json,
  newFolder,
  PATHS,
  type Scene,
  startScene,
} from './lab-client.ts';

const clock = createClock();
const MINUTE = 60_000;
const { system, slot } = PATHS['dell-idrac9'];

const TIMES: [written: string, read: object | string][] = [
  ['', {}],
  [':once', { times: 1 }],
  [':times=3,for=2m', { times: 3, forMs: 2 * MINUTE }],
  [':stage=writing-image-to-disk,after=90s', { stage: 'writing-image-to-disk', afterMs: 90_000 }],
  [':after=0s,for=1h', { afterMs: 0, forMs: 60 * MINUTE }],
  [':', '"" is no time for a fault'],
  [':for=2', '"for=2" is no time for a fault'],
  [':for=0s', '"for=0s" is no time for a fault'],
  [':times=0', '"times=0" is no time for a fault'],
  [':for=2m,once,for=3m', '"for=3m" is no time for a fault'],
  [':once,times=2', '"times=2" is no time for a fault'],
  [':after=10m,', '"" is no time for a fault'],
  [':stage=Rebooting', '"stage=Rebooting" is no time for a fault'],
  [':stage=lunch', '"lunch" is no stage that a fault can wait for'],
];

test('the time of an armed fault is read, or what is wrong with it is named', () => {
  for (const [written, expected] of TIMES) {
    const parsed = parseArmedFault(`bmc-reset@a/host-0${written}`);
    assert.deepEqual('message' in parsed ? parsed.message : parsed.when, expected, written);
  }
  for (const stage of STAGES.filter((one) => !one.startsWith('Copying')))
    assert.ok(!('message' in parseArmedFault(`bmc-reset@a:stage=${slugOf(stage)}`)), stage);
  assert.ok(!('message' in parseArmedFault('journal-full@service:stage=boot-once')));
});

/** A clock by hand, and what was told. */
function bench(texts: string[], stages: { stage: string; subject: string }[] = []) {
  const told: string[] = [];
  const around = { at: 0, told, timers: [] as number[], faults: undefined as unknown as ArmedFaults };
  const tell = (name: string, to: string, ended = 'began'): void =>
    void told.push(`${around.at} ${name} ${to} ${ended}`);
  const later = (ms: number): void => void around.timers.push(around.at + ms);
  around.faults = createFaults({
    hostIds: ['a/one', 'b/two'],
    now: () => around.at,
    later,
    stages: () => stages,
    tell,
  });
  around.faults.arm(texts);
  return around;
}

const isUp = ({ faults }: { faults: ArmedFaults }, host: string): boolean => faults.at('bmc.alive', host, true);

test('a fault waits for its stage, lasts from its first change on, and tells both ends', () => {
  const own = bench(['bmc-reset@a/one']);
  own.faults.entered({ stage: 'discovering', subject: 'b/two' });
  assert.equal(isUp(own, 'a/one'), true);
  own.faults.entered({ stage: 'discovering', subject: 'a/one' });
  own.at = 7;
  assert.deepEqual([isUp(own, 'a/one'), isUp(own, 'b/two')], [false, true]);
  own.at = 4 * MINUTE + 6;
  assert.equal(isUp(own, 'a/one'), false);
  own.at++;
  assert.deepEqual([isUp(own, 'a/one'), isUp(own, 'a/one')], [true, true]);
  assert.deepEqual(own.timers, [4 * MINUTE + 1007]);
  assert.deepEqual(own.told, ['7 bmc-reset a/one began', `${4 * MINUTE + 7} bmc-reset a/one the BMC answers again`]);
});

test('what is written stands for the own beginning or end of a fault, each by itself', () => {
  const begun = bench(
    ['bmc-reset@a/one:after=1m', 'bmc-reset@b/two:once'],
    [{ stage: 'discovering', subject: 'b/two' }],
  );
  assert.deepEqual([isUp(begun, 'a/one'), isUp(begun, 'b/two'), isUp(begun, 'b/two')], [true, false, true]);
  begun.at = MINUTE;
  assert.equal(isUp(begun, 'a/one'), false);
  begun.at = 5 * MINUTE;
  assert.equal(isUp(begun, 'a/one'), true);
});

const scenes: Scene[] = [];
const media: (() => Promise<unknown>)[] = [];
after(() => Promise.all([...scenes.map((scene) => scene.end()), ...media.map((close) => close())]));

/** Higher, and a busy machine makes agents too silent. */
const FACTOR = 300;

async function lab(names: string[], faults: string[], timeFactor = FACTOR, dir = newFolder()): Promise<Scene> {
  const hosts = names.map((name, i) => hostSpec(`${name}/host-0`, { macs: [`52:54:00:dd:00:1${i}`] }));
  const scene = await startScene({ hosts, faults, timeFactor }, dir);
  scenes.push(scene);
  return scene;
}

/** The answer, or null where the connection ended without one. */
const ask = (scene: Scene, method: HttpRequest['method'], path: string, body?: unknown) =>
  scene.api(method, path, body).catch(() => null);

async function until(scene: Scene, path: string, wanted: RegExp, realMs = 40_000): Promise<Json> {
  for (const end = clock.now() + realMs; ; await clock.sleep(20)) {
    const answer = await ask(scene, 'GET', path);
    if (answer && answer.status === 200 && wanted.test(String(answer.json['status']))) return answer.json;
    if (clock.now() > end) throw new Error(`${path}: ${JSON.stringify(answer?.json['status_info'])}`);
  }
}

const lines = (scene: Scene, what: Json): Json[] =>
  scene.history().filter((line) => Object.entries(what).every(([key, value]) => line[key] === value));
const at = (line: Json | undefined): number => Date.parse(String(line?.['at']));
/** Lab minutes from the fault's first change to its end. */
const lasted = (scene: Scene, name: string): number => {
  const [began, ended] = lines(scene, { kind: 'fault', name });
  return (at(ended) - at(began)) / MINUTE;
};
const eject = (scene: Scene, host = 0) => scene.bmc('POST', `${slot}/Actions/VirtualMedia.EjectMedia`, {}, {}, host);
const reset = (scene: Scene, type: string, host = 0) =>
  scene.bmc('POST', `${system}/Actions/ComputerSystem.Reset`, { ResetType: type }, {}, host);

/** The ISO on a server of the client's own; its `pause` is how long nobody is answered there. */
async function mirror(iso: string) {
  const image = Buffer.from(await (await fetch(iso)).arrayBuffer());
  let isAway = false;
  const server = createServer((req, res) => {
    const [, from = '0', to = '0'] = /bytes=(\d+)-(\d+)/.exec(req.headers.range ?? '') ?? [];
    const part = image.subarray(Number(from), Number(to) + 1);
    if (isAway) return void req.socket.destroy();
    if (req.method === 'HEAD') return void res.writeHead(200, { 'content-length': image.length }).end();
    res.writeHead(206, { 'content-length': part.length }).end(part);
  });
  const { port, close } = await listen(server);
  media.push(close);
  const pause = async (realMs: number): Promise<void> => {
    isAway = true;
    await clock.sleep(realMs);
    isAway = false;
  };
  return { url: `http://127.0.0.1:${port}/boot.iso`, pause };
}

/** Everything that a client does until the install is accepted. */
async function install(scene: Scene, name: string, host = 0) {
  const made = await createCluster(scene, name);
  const { url, pause } = await mirror(made.iso);
  await bootFromIso(scene, url, host);
  await until(scene, `/clusters/${made.cluster}`, /^ready$/);
  assert.equal((await scene.api('POST', `/clusters/${made.cluster}/actions/install`)).status, 202);
  const { json } = await scene.api('GET', `/infra-envs/${made.infraEnv}/hosts`);
  const id = String((json as unknown as Json[])[0]!['id']);
  return { ...made, pause, host: `/infra-envs/${made.infraEnv}/hosts/${id}`, id };
}

test('a service in trouble answers 5xx, or 429 with Retry-After, to calls that it then has not done; later it answers again', async () => {
  const scene = await lab([], ['service-5xx@service', 'service-429@service:after=10m']);
  const seen = new Set<number>();
  for (const end = clock.now() + 5000; !seen.has(200) && clock.now() < end; await clock.sleep(10))
    seen.add((await scene.api('GET', '/clusters')).status);
  assert.deepEqual([...seen].sort(), [200, 500, 502, 503, 504]);
  await clock.sleep(2000);
  const refused = await fetch(`${scene.up.service.url}/api/assisted-install/v2/clusters`, {
    method: 'POST',
    body: '{}',
  });
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '20']);
  await refused.arrayBuffer();
  await clock.sleep(300);
  assert.deepEqual((await scene.api('GET', '/clusters')).json, []);
  for (const name of ['service-5xx', 'service-429'])
    assert.equal(lines(scene, { name })[1]?.['ended'], 'the service answers again');
});

test('a create that is not answered has been done, once', async () => {
  const scene = await lab(['a', 'b'], ['create-unanswered@b']);
  const body = {
    name: 'b',
    openshift_version: '4.20',
    base_dns_domain: 'lab.example.com',
    control_plane_count: 1,
    high_availability_mode: 'None',
    pull_secret: '{"auths": {}}',
  };
  assert.equal((await ask(scene, 'POST', '/clusters', { ...body, name: 'a' }))?.status, 201);
  assert.equal((await ask(scene, 'POST', '/clusters', { ...body, name: 'B' }))?.status, 400);
  assert.equal(await ask(scene, 'POST', '/clusters', body), null);
  const { json } = await scene.api('GET', '/clusters');
  assert.deepEqual((json as unknown as Json[]).map(({ name }) => name).sort(), ['a', 'b']);
  assert.equal(lines(scene, { effect: 'create-cluster', cluster: 'b' }).length, 1);
  assert.equal(lines(scene, { kind: 'request', method: 'POST', status: 0 }).length, 1);
});

describe('to the end of an install or of what stops it', { concurrency: 4 }, () => {
  test('while the service is down nobody is answered, and both clusters install after it', async () => {
    const scene = await lab(['a', 'b'], ['service-down@b']);
    const both = await Promise.all(['a', 'b'].map((name, i) => install(scene, name, i)));
    await scene.seen({ kind: 'fault', name: 'service-down' });
    assert.equal(await ask(scene, 'GET', '/clusters'), null);
    await assert.rejects(fetch(both[0]!.iso, { method: 'HEAD' }));
    assert.equal((await fetch(`${scene.up.service.url}/lab`)).status, 200);
    await scene.seen({ kind: 'fault', ended: 'the service is up again' });
    for (const { cluster } of both) await until(scene, `/clusters/${cluster}`, /^installed$/);
    const minutes = lasted(scene, 'service-down');
    assert.ok(minutes >= 45 && minutes < 50, `${minutes} minutes`);
    assert.equal(lines(scene, { status: 'error' }).length, 0);
  });

  test('a service that goes away while the image is written hears of the end when it is back', async () => {
    const scene = await lab(['a'], ['service-down@service:stage=writing-image-to-disk,for=10m']);
    const { cluster } = await install(scene, 'a');
    await until(scene, `/clusters/${cluster}`, /^installed$/);
    assert.ok(lasted(scene, 'service-down') >= 10);
    assert.equal(lines(scene, { kind: 'disk', action: 'written' }).length, 1);
  });

  test('a server of the medium that is away for two seconds is waited for', async () => {
    const scene = await lab(['a'], []);
    const { pause, cluster } = await install(scene, 'a');
    await pause(2000);
    await scene.seen({ kind: 'stage', stage: 'Rebooting' });
    assert.equal((await scene.api('GET', `/clusters/${cluster}`)).json['status'], 'installing');
  });

  test('a write that fails, and one that stands still for 30 minutes, end in the words of the service', async () => {
    const scene = await lab(['a', 'b'], ['write-error@a', 'write-stuck@b']);
    const [a, b] = await Promise.all(['a', 'b'].map((name, i) => install(scene, name, i)));
    const failed = await until(scene, a!.host, /^error$/);
    assert.equal(failed['status_info'], 'Failed - failed executing coreos-installer: exit status 1');
    assert.equal((failed['progress'] as Json)['progress_info'], '80%');
    const stuck = await until(scene, b!.host, /^error$/);
    const stage = 'installation stage Writing image to disk took longer than expected 30m0s';
    assert.equal(stuck['status_info'], `Host failed to install because its ${stage}`);
    const stood =
      at(lines(scene, { host: b!.id, status: 'error' })[0]) - at(lines(scene, { host: b!.id, info: '50%' })[0]);
    assert.ok(stood > 30 * MINUTE && stood < 36 * MINUTE, `${stood / MINUTE} minutes`);
    assert.equal(lines(scene, { kind: 'disk', action: 'begun' }).length, 2);
    assert.equal(lines(scene, { kind: 'disk', action: 'written' }).length, 0);
    await until(scene, `/clusters/${a!.cluster}`, /^error$/);
  });

  test('an insert that is lost is accepted, and the slot stays empty', async () => {
    const scene = await lab(['a', 'b'], ['insert-lost@a', 'insert-lost@b:once']);
    const { iso } = await createCluster(scene, 'a');
    const insert = (host: number) =>
      scene.bmc('POST', `${slot}/Actions/VirtualMedia.InsertMedia`, { Image: iso }, {}, host);
    const isIn = async (host: number) => (await scene.bmc('GET', slot, undefined, {}, host)).json['Inserted'];
    for (const [host, inserted] of [
      [0, false],
      [0, false],
      [1, false],
      [1, true],
    ] as const) {
      assert.equal((await insert(host)).status, 204);
      assert.equal(await isIn(host), inserted);
    }
    assert.equal(lines(scene, { kind: 'media', action: 'inserted' }).length, 1);
  });

  test('a BMC that resets is away for four minutes and has an empty slot; its live host goes on after another insert and cycle', async () => {
    const scene = await lab(['a'], ['bmc-reset@a']);
    const { iso, cluster, infraEnv } = await createCluster(scene, 'a');
    await bootFromIso(scene, iso);
    await scene.seen({ kind: 'media', action: 'ejected', by: 'lab' });
    await assert.rejects(scene.bmc('GET', '/redfish/v1'));
    const hosts = async () => (await scene.api('GET', `/infra-envs/${infraEnv}/hosts`)).json as unknown as Json[];
    for (let i = 0; i < 200 && (await hosts())[0]?.['status'] !== 'disconnected'; i++) await clock.sleep(20);
    assert.match(String((await hosts())[0]?.['status_info']), /^Unable to read from the discovery media/);
    const back = async (): Promise<Json | null> => (await scene.bmc('GET', slot).catch(() => null))?.json ?? null;
    for (let i = 0; i < 300 && !(await back()); i++) await clock.sleep(20);
    assert.equal((await back())?.['Inserted'], false);
    const minutes = lasted(scene, 'bmc-reset');
    assert.ok(minutes >= 4 && minutes < 6, `${minutes} minutes`);
    await scene.bmc('POST', `${slot}/Actions/VirtualMedia.InsertMedia`, { Image: iso });
    const once = { Boot: { BootSourceOverrideEnabled: 'Once', BootSourceOverrideTarget: 'Cd' } };
    await scene.bmc('PATCH', system, once);
    await reset(scene, 'ForceRestart');
    await until(scene, `/clusters/${cluster}`, /^ready$/);
  });

  test('a live system that has all in memory outlives the reset of its BMC', async () => {
    const scene = await lab(['a'], ['bmc-reset@a']);
    const { iso, cluster } = await createCluster(scene, 'a', { image_type: 'minimal-iso' });
    await bootFromIso(scene, iso);
    await until(scene, `/clusters/${cluster}`, /^ready$/);
    await scene.bmc('GET', slot).catch(() => null);
    await scene.seen({ kind: 'fault', name: 'bmc-reset' });
    assert.equal(lines(scene, { status: 'disconnected' }).length, 0);
  });

  test('a cancelled install stops before the disk is complete, its records go, and nothing of a host that is off calls any more', async () => {
    const scene = await lab(['a'], ['write-stuck@a:for=10m']);
    const { cluster, infraEnv, host, id } = await install(scene, 'a');
    await scene.seen({ kind: 'stage', info: '50%' });
    assert.equal((await scene.api('DELETE', `/clusters/${cluster}`)).status, 409);
    assert.equal((await scene.api('DELETE', `/infra-envs/${infraEnv}`)).status, 400);
    assert.equal((await scene.api('POST', `/clusters/${cluster}/actions/cancel`)).json['status'], 'cancelled');
    assert.equal((await scene.api('POST', `/clusters/${cluster}/actions/cancel`)).status, 409);
    await until(scene, host, /^cancelled$/);
    await scene.seen({ kind: 'request', method: 'POST', path: `/api/assisted-install/v2/clusters/${cluster}/logs` });
    await reset(scene, 'ForceOff');
    await scene.seen({ kind: 'power', state: 'Off' });
    await eject(scene);
    for (const path of [host, `/infra-envs/${infraEnv}`, `/clusters/${cluster}`])
      assert.equal((await scene.api('DELETE', path)).status, 204);
    for (const path of [host, `/infra-envs/${infraEnv}`, `/clusters/${cluster}`])
      assert.equal((await scene.api('GET', path)).status, 404);
    const { length } = scene.history();
    await clock.sleep(1500);
    assert.equal(scene.history().length, length);
    assert.equal(lines(scene, { kind: 'disk', action: 'written' }).length, 0);
    for (const effect of ['cancel', 'delete-host', 'delete-infra-env', 'delete-cluster'])
      assert.equal(lines(scene, { kind: 'lab', effect }).length, 1, effect);
    assert.equal(lines(scene, { effect: 'delete-host', host: id, cluster: 'a' }).length, 1);
  });
});

/** What a lab knows of cluster `a` is that it is installed, when the next one comes up in its folder. */
async function installedIn(dir: string, faults: string[]) {
  const first = await lab(['a'], [], FACTOR, dir);
  const made = await createCluster(first, 'a');
  await first.end();
  scenes.pop();
  const file = join(dir, 'world.json');
  const world = JSON.parse(readFileSync(file, 'utf8')) as World;
  world.service.clusters[made.cluster]!.status = 'installed';
  writeFileSync(file, JSON.stringify(world));
  const scene = await lab(['a'], faults, FACTOR, dir);
  const status = async () => (await scene.api('GET', `/clusters/${made.cluster}`)).status;
  return { ...made, scene, status };
}

test('the service forgets what is installed when the fault is armed, and later clusters an hour after they are', async () => {
  const own = bench(['service-forgets@service']);
  const knows = (): boolean => own.faults.at('service.remembers', 'a', true);
  own.faults.entered({ stage: 'installed', subject: 'a' });
  own.at = 60 * MINUTE - 1;
  assert.equal(knows(), true);
  own.at++;
  assert.equal(knows(), false);

  const { scene, infraEnv, status } = await installedIn(newFolder(), ['service-forgets@a']);
  assert.equal(await status(), 404);
  assert.equal((await scene.api('GET', `/infra-envs/${infraEnv}`)).status, 404);
  assert.equal(lines(scene, { kind: 'lab', effect: 'forget', cluster: 'a' }).length, 1);

  const other = await installedIn(newFolder(), []);
  assert.equal(await other.status(), 200);
  await arm(other.scene, ['service-forgets@a']);
  for (let i = 0; i < 200 && (await other.status()) === 200; i++) await clock.sleep(20);
  assert.equal(await other.status(), 404);
});

async function arm(scene: Scene, faults: unknown): Promise<[number, Json]> {
  const answer = await fetch(`${scene.up.service.url}/lab/faults`, {
    method: 'POST',
    body: JSON.stringify({ faults }),
  });
  return [answer.status, (await answer.json()) as Json];
}

test('a lab that is up tells its time and takes more faults, all or none', async () => {
  const scene = await lab(['a'], ['journal-full@a:stage=insert-media']);
  assert.equal(scene.up.journalFull, 'stage=insert-media');
  assert.equal((await lab([], [])).up.journalFull, null);
  assert.equal((await lab(['a'], ['journal-full@service'])).up.journalFull, 'stage=boot-once');
  const time = async () => (await (await fetch(`${scene.up.service.url}/lab`)).json()) as Record<string, number>;
  const [before] = [await time(), await clock.sleep(50)];
  const passed = (await time())['now']! - before['now']!;
  assert.equal(before['timeFactor'], FACTOR);
  assert.ok(passed >= 0.9 * 50 * FACTOR && passed < 10 * MINUTE, `${passed} ms of lab time in 50 ms`);
  const [status, said] = await arm(scene, ['bmc-401@a', 'gremlin@a']);
  assert.deepEqual([status, said['code'], said['message']], [409, 'E-INVENTORY', 'fault gremlin is unknown']);
  assert.equal((await scene.bmc('GET', system)).status, 200);
  assert.equal((await arm(scene, 'bmc-401@a'))[0], 400);
  assert.deepEqual(await arm(scene, ['bmc-401@a:once']), [200, { faults: ['bmc-401@a:once'] }]);
  assert.deepEqual([(await scene.bmc('GET', system)).status, (await scene.bmc('GET', system)).status], [401, 200]);
});
