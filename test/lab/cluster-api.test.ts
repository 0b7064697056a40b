import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { createClock, createVirtualClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { type ClusterKeys, issueClusterKeys } from '../../src/lab/certificate.ts';
import { type ClusterNode, NODE_FILES } from '../../src/lab/cluster/node.ts';
import { createClusterApi } from '../../src/lab/cluster/server.ts';
import type { HistoryEntry, Lab } from '../../src/lab/context.ts';
import { listen } from '../../src/lab/listen.ts';
import { populate } from '../../src/lab/populate.ts';
import type { World } from '../../src/lab/world.ts';
import { bootFromIso, createCluster, hostSpec, type Scene, startScene } from './lab-client.ts';
import { tempFolder } from '../temp-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 30);
const VERSION = '/apis/config.openshift.io/v1/clusterversions/version';

interface Condition {
  type: string;
  status: string;
  reason?: string;
  lastTransitionTime: string;
}

interface KubeObject {
  apiVersion?: string;
  kind: string;
  code: number;
  reason: string;
  message: string;
  major: string;
  minor: string;
  metadata: { name: string; labels: Record<string, string> };
  spec: { clusterID: string };
  status: {
    conditions: Condition[];
    desired: { version: string };
    history: { state: string; version: string; completionTime: string | null }[];
    nodeInfo: { systemUUID: string; kubeletVersion: string };
  };
  items: KubeObject[];
}

interface Access {
  port: number;
  name: string;
  ca: string;
  cert?: string | undefined;
  key?: string | undefined;
}

/** One request on a connection of its own; rejects when none comes about or the server's certificate does not hold. */
function ask({ port, name, ...tls }: Access, path: string, method = 'GET') {
  return new Promise<{ status: number; text: string; json: KubeObject }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, servername: name, path, method, agent: false, ...tls };
    const req = request({ ...options, rejectUnauthorized: true }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: res.statusCode ?? 0, text, json: (text[0] === '{' ? JSON.parse(text) : {}) as KubeObject });
      });
    });
    req.on('error', reject).end();
  });
}

const conditionOf = ({ status }: KubeObject, type: string): string | undefined =>
  status.conditions.find((one) => one.type === type)?.status;

interface Bench {
  lab: Lab;
  history: HistoryEntry[];
  /** As the administrator of that cluster. */
  admin(name: string): Access;
  keys: Record<string, ClusterKeys>;
}

/** The API of two clusters whose nodes are up; no service is near. */
async function serve(t: { after(end: () => Promise<void>): void }): Promise<Bench> {
  const names = [ONE, TWO];
  const spec = { timeFactor: 1, faults: [], apiNames: names, hosts: names.map((name) => hostSpec(`${name}/host`)) };
  const world = populate(null, spec, NOW, seededRandom('api'));
  const history: HistoryEntry[] = [];
  const lab: Lab = {
    clock: createVirtualClock(NOW),
    random: seededRandom('api'),
    send: () => Promise.reject(new Error('nothing is sent')),
    world,
    faults: {} as Lab['faults'],
    releases: [],
    nodes: new Map(),
    record: (entry) => void history.push(entry),
    changed: () => undefined,
    signal: new AbortController().signal,
  };
  const keys = Object.fromEntries(names.map((name) => [name, issueClusterKeys(name, NOW, lab.random)]));
  for (const name of names) lab.nodes.set(`${name}/host`, nodeOf(world, name, keys[name]!));
  const { port, close } = await listen(createClusterApi(lab));
  t.after(close);
  const admin = (name: string): Access => {
    const { ca, admin } = keys[name]!;
    return { port, name, ca, cert: admin.certificate, key: admin.privateKey };
  };
  return { lab, history, admin, keys };
}

function nodeOf(world: World, name: string, keys: ClusterKeys): ClusterNode {
  const files = {
    [NODE_FILES.hostname]: 'node-0\n',
    [NODE_FILES.certificate]: keys.server.certificate,
    [NODE_FILES.privateKey]: keys.server.privateKey,
    [NODE_FILES.clientCa]: keys.ca,
    [NODE_FILES.clusterVersion]: JSON.stringify({ spec: { clusterID: name } }),
  };
  const ids = { clusterId: name, hostId: '', infraEnvId: '', serviceUrl: '', token: '' };
  const system = { kind: 'installed' as const, complete: true, openshiftVersion: '4.20.33', installerArgs: [], ...ids };
  return { host: world.hosts[`${name}/host`]!, system: { ...system, files, startedAt: NOW }, joinedAt: 0 };
}

const ONE = 'api.one.lab.example.com';
const TWO = 'api.two.lab.example.com';

test('the name in the handshake decides which cluster answers', async (t) => {
  const { admin } = await serve(t);
  for (const name of [ONE, TWO]) {
    const { status, json } = await ask(admin(name), VERSION);
    assert.deepEqual([status, json.kind, json.spec.clusterID], [200, 'ClusterVersion', name]);
  }
  await assert.rejects(ask({ ...admin(ONE), name: 'api.three.lab.example.com' }, VERSION), /ECONNRESET|disconnected/);
});

test('while the installation is finalized late operators, the version and at first the node are not ready', async (t) => {
  const { lab, admin } = await serve(t);
  const look = async () => {
    const version = (await ask(admin(ONE), VERSION)).json;
    const operators = (await ask(admin(ONE), '/apis/config.openshift.io/v1/clusteroperators')).json.items;
    const nodes = (await ask(admin(ONE), '/api/v1/nodes')).json.items;
    return {
      version: ['Available', 'Progressing', 'Failing'].map((type) => conditionOf(version, type)),
      history: version.status.history.map(({ state, completionTime }) => [state, completionTime]),
      waiting: operators
        .filter((one) => conditionOf(one, 'Available') === 'False')
        .map(({ metadata }) => metadata.name),
      progressing: operators.filter((one) => conditionOf(one, 'Progressing') === 'True').length,
      degraded: operators.filter((one) => conditionOf(one, 'Degraded') !== 'False').length,
      nodes: nodes.map((node) => conditionOf(node, 'Ready')),
    };
  };
  const busy = {
    version: ['False', 'True', 'False'],
    history: [['Partial', null]],
    waiting: ['authentication', 'console', 'ingress', 'monitoring'],
    progressing: 4,
    degraded: 0,
    nodes: ['False'],
  };
  assert.deepEqual(await look(), busy);
  const node = lab.nodes.get(`${ONE}/host`)!;
  node.joinedAt = NOW + 1000;
  assert.deepEqual(await look(), { ...busy, nodes: ['True'] });
  node.system.finishedAt = NOW + 2000;
  assert.deepEqual(await look(), {
    version: ['True', 'False', 'False'],
    history: [['Completed', '2026-11-22T12:00:32Z']],
    waiting: [],
    progressing: 0,
    degraded: 0,
    nodes: ['True'],
  });
});

test('without a certificate only version and health are told, with one that another cluster issued nothing is', async (t) => {
  const { admin, history } = await serve(t);
  const anonymous = { ...admin(ONE), cert: undefined, key: undefined };
  assert.equal((await ask(anonymous, '/version')).json.minor, '33');
  assert.equal((await ask(anonymous, '/readyz')).text, 'ok');
  const refused = await ask(anonymous, '/api/v1/nodes');
  assert.deepEqual([refused.status, refused.json.kind, refused.json.reason], [403, 'Status', 'Forbidden']);
  assert.equal(
    refused.json.message,
    'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
  );
  const { cert, key } = admin(TWO);
  const stranger = await ask({ ...admin(ONE), cert, key }, '/version');
  assert.deepEqual([stranger.status, stranger.json.kind, stranger.json.reason], [401, 'Status', 'Unauthorized']);
  assert.deepEqual(
    history.map(({ kind, to, path, status }) => [kind, to, path, status]),
    [
      ['api', `${ONE}/host`, '/version', 200],
      ['api', `${ONE}/host`, '/readyz', 200],
      ['api', `${ONE}/host`, '/api/v1/nodes', 403],
      ['api', `${ONE}/host`, '/version', 401],
    ],
  );
});

test('the certificate of a server does not do for a client', async (t) => {
  const { admin, keys } = await serve(t);
  const { certificate: cert, privateKey: key } = keys[ONE]!.server;
  assert.equal((await ask({ ...admin(ONE), cert, key }, VERSION)).status, 401);
});

test("another cluster's authority, though of the same name, does not verify the server", async (t) => {
  const { admin } = await serve(t);
  await assert.rejects(ask({ ...admin(ONE), ca: admin(TWO).ca }, VERSION), /certificate|signature/);
});

test('what is not there, and what may not be done, is answered with a Status', async (t) => {
  const { admin } = await serve(t);
  const wanted: [path: string, method: string, status: number, reason: string][] = [
    ['/api/v1/pods', 'GET', 404, 'NotFound'],
    ['/apis/config.openshift.io/v1/clusteroperators/nope', 'GET', 404, 'NotFound'],
    [VERSION, 'DELETE', 405, 'MethodNotAllowed'],
  ];
  for (const [path, method, status, reason] of wanted) {
    const answer = await ask(admin(ONE), path, method);
    const { kind, code } = answer.json;
    assert.deepEqual([answer.status, code, kind, answer.json.reason], [status, status, 'Status', reason]);
  }
});

test('lists show a type for each item where the API server does, and one item can be asked for', async (t) => {
  const { admin } = await serve(t);
  const versions = (await ask(admin(ONE), '/apis/config.openshift.io/v1/clusterversions?limit=500')).json;
  assert.deepEqual([versions.kind, versions.items[0]?.kind], ['ClusterVersionList', 'ClusterVersion']);
  const nodes = (await ask(admin(ONE), '/api/v1/nodes')).json;
  assert.deepEqual([nodes.kind, nodes.items[0]?.kind], ['NodeList', undefined]);
  const dns = (await ask(admin(ONE), '/apis/config.openshift.io/v1/clusteroperators/dns')).json;
  assert.deepEqual([dns.apiVersion, dns.kind, dns.metadata.name], ['config.openshift.io/v1', 'ClusterOperator', 'dns']);
  assert.equal((await ask(admin(ONE), '/api/v1/nodes/node-0')).json.kind, 'Node');
});

const openssl = spawnSync('openssl', ['version']).status === 0;

test('the certificates hold before openssl by its strict rules', { skip: !openssl && 'no openssl' }, () => {
  const dir = tempFolder();
  const { ca, server, admin } = issueClusterKeys(ONE, NOW, seededRandom('x'));
  const texts = { ca, server: server.certificate, admin: admin.certificate };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(dir, name), text);
  const verify = (...args: string[]) =>
    spawnSync('openssl', ['verify', '-x509_strict', '-CAfile', 'ca', ...args], { cwd: dir, encoding: 'utf8' });
  for (const args of [
    ['-purpose', 'sslserver', '-verify_hostname', ONE, 'server'],
    ['-purpose', 'sslclient', 'admin'],
  ])
    assert.equal(verify(...args).status, 0, verify(...args).stderr);
  assert.notEqual(verify('-purpose', 'sslserver', '-verify_hostname', TWO, 'server').status, 0);
});

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

/** The kubeconfig that the service hands out, by the lab's addresses of now. */
function accessOf(text: string, scene: Scene): Access {
  const { clusters, users } = load(text) as Kubeconfig;
  const decoded = (data: string): string => Buffer.from(data, 'base64').toString();
  const { host, hostname: name } = new URL(clusters[0]!.cluster.server);
  return {
    port: Number(scene.up.connectTo[host]?.split(':')[1]),
    name,
    ca: decoded(clusters[0]!.cluster['certificate-authority-data']),
    cert: decoded(users[0]!.user['client-certificate-data']),
    key: decoded(users[0]!.user['client-key-data']),
  };
}

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
const reset = (scene: Scene, type: string) =>
  scene.bmc('POST', `${SYSTEM}/Actions/ComputerSystem.Reset`, { ResetType: type });

test('an installed cluster answers from its host: forgotten by the service, not without power, again after a restart', async () => {
  const clock = createClock();
  const until = async (scene: Scene, path: string, wanted: string): Promise<void> => {
    for (let left = 1500; (await scene.api('GET', path)).json['status'] !== wanted; left--) {
      assert.ok(left > 0, `${path} is never ${wanted}`);
      await clock.sleep(20);
    }
  };
  const spec = { hosts: [hostSpec('one/host-0')], apiNames: [ONE], timeFactor: 300 };
  const scene = await startScene(spec);
  const { cluster, infraEnv, iso } = await createCluster(scene, 'one');
  await bootFromIso(scene, iso);
  await scene.seen({ kind: 'agent', action: 'registered' });
  const { uuid } = (JSON.parse(readFileSync(join(scene.dir, 'world.json'), 'utf8')) as World).hosts['one/host-0']!;
  await until(scene, `/infra-envs/${infraEnv}/hosts/${uuid}`, 'known');
  await scene.api('PATCH', `/infra-envs/${infraEnv}/hosts/${uuid}`, { host_name: 'one-0' });
  await until(scene, `/clusters/${cluster}`, 'ready');
  await scene.api('POST', `/clusters/${cluster}/actions/install`);
  await until(scene, `/clusters/${cluster}`, 'installing');
  const credentials = `${scene.up.service.url}/api/assisted-install/v2/clusters/${cluster}/downloads/credentials`;
  const kubeconfig = await (await fetch(`${credentials}?file_name=kubeconfig`)).text();
  const access = accessOf(kubeconfig, scene);
  await scene.seen({ kind: 'stage', stage: 'Writing image to disk', info: '100%' });
  await assert.rejects(ask(access, '/readyz'), /ECONNRESET|disconnected/);

  await scene.seen({ kind: 'status', status: 'finalizing' });
  assert.equal(conditionOf((await ask(access, VERSION)).json, 'Available'), 'False');

  await until(scene, `/clusters/${cluster}`, 'installed');
  const clusterId = String((await scene.api('GET', `/clusters/${cluster}`)).json['openshift_cluster_id']);
  const available = async () => conditionOf((await ask(access, VERSION)).json, 'Available');
  for (let left = 100; (await available()) !== 'True' && left > 0; left--) await clock.sleep(20);
  assert.equal((await scene.api('DELETE', `/clusters/${cluster}`)).status, 204);
  const { json: version } = await ask(access, VERSION);
  assert.deepEqual([version.spec.clusterID, conditionOf(version, 'Available')], [clusterId, 'True']);
  assert.equal(version.status.desired.version, '4.20.33');
  const { items: nodes } = (await ask(access, '/api/v1/nodes')).json;
  assert.deepEqual(
    nodes.map((node) => [node.metadata.name, conditionOf(node, 'Ready'), node.status.nodeInfo.systemUUID]),
    [['one-0', 'True', uuid]],
  );

  await reset(scene, 'ForceOff');
  await scene.seen({ kind: 'power', state: 'Off', action: 'ForceOff' });
  await assert.rejects(ask(access, '/readyz'), /ECONNRESET|disconnected/);
  await scene.end();
  await assert.rejects(ask(access, '/readyz'), /ECONNREFUSED/);

  const again = await startScene(spec, scene.dir);
  await reset(again, 'On');
  const later = accessOf(kubeconfig, again);
  const answers = () =>
    ask(later, VERSION)
      .then(({ json }) => conditionOf(json, 'Available'))
      .catch(() => undefined);
  for (let left = 200; (await answers()) !== 'True'; left--) {
    assert.ok(left > 0, 'the cluster never comes back');
    await clock.sleep(20);
  }
  await again.end();
});
