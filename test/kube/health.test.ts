/** What a cluster is asked, and what its answers mean. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpError } from '../../src/core/http-error.ts';
import type { Send } from '../../src/core/http.ts';
import { Secret } from '../../src/core/secret.ts';
import { askCluster, unhealthy } from '../../src/kube/health.ts';
import { answering, apiOf, documents, kubeconfig, node, operator, SERVER, silent, WELL } from './documents.ts';

const ask = (send: Send, signal?: AbortSignal) =>
  askCluster({
    kubeconfig: new Secret(JSON.stringify(kubeconfig())),
    send,
    timeoutMs: 1000,
    ...(signal ? { signal } : {}),
  });

test('a cluster that is well: the version that was last installed whole, its nodes, no complaint; by GETs alone', async () => {
  const { send, asked } = apiOf(documents());
  assert.deepEqual(await ask(send), WELL);
  assert.deepEqual([...new Set(asked.map(({ method }) => method))], ['GET']);
  assert.ok(asked.every(({ trust, timeoutMs }) => trust?.kind === 'verify' && trust.key && timeoutMs === 1000));
});

test('long lists are read page by page', async () => {
  const all = documents();
  all.operators = Array.from({ length: 35 }, (_, index) => operator(`o${index}`, 'True', index === 34 ? 'True' : ''));
  all.nodes = [node('a'), node('b'), node('c', 'Unknown')];
  const { nodes, degraded } = await ask(apiOf(all, 2).send);
  assert.deepEqual(degraded, ['o34 (o34_Broken)']);
  assert.deepEqual(nodes.at(-1), { name: 'c', ready: false });
  assert.equal(nodes.length, 3);
});

test('a cluster that is still coming up', async () => {
  const all = documents();
  const { status } = all.version;
  status.history = [{ state: 'Partial', version: '4.20.5', image: '' }];
  const message = 'Working towards 4.20.5: 700 of 906 done';
  status.conditions = [{ type: 'Progressing', status: 'True', reason: '', message }];
  all.operators = [operator('dns', 'False'), { metadata: { name: 'console' } }];
  all.nodes = [node('host-0', 'False')];
  const health = await ask(apiOf(all).send);
  assert.deepEqual(health, {
    version: '4.20.5',
    available: false,
    progressing: message,
    nodes: [{ name: 'host-0', ready: false }],
    degraded: [],
    unavailable: ['dns (dns_Starting)', 'console (no reason given)'],
  });
  assert.deepEqual(unhealthy(health, 3), [
    'OpenShift 4.20.5 is not available yet',
    message,
    '1 of 3 nodes have joined',
    'nodes not ready: host-0',
    'operators not available: dns (dns_Starting), console (no reason given)',
  ]);
});

test('what keeps the version from its aim is said before how far it is', async () => {
  const all = documents();
  all.version.status.conditions = ['Progressing', 'Failing'].map((type) => ({
    type,
    status: 'True',
    reason: '',
    message: `${type} it is`,
  }));
  assert.equal((await ask(apiOf(all).send)).progressing, 'Failing it is');
});

test('a cluster that is well leaves nothing to say, one with many troubles a line that ends', () => {
  assert.deepEqual(unhealthy(WELL, 1), []);
  const degraded = ['a', 'b', 'c', 'd', 'e', 'f'];
  assert.deepEqual(unhealthy({ ...WELL, degraded }, 1), ['operators degraded: a, b, c, d and 2 more']);
});

const SILENT: [HttpError['failure'], RegExp][] = [
  ['dns', /its name is not known here$/],
  ['refused', /no connection: as Node says it: refused$/],
  ['timeout', /no answer in time$/],
  ['tls', /its certificate, or ours, is not accepted: as Node says it: tls$/],
  ['reset', /the connection was cut$/],
];

for (const [failure, said] of SILENT)
  test(`nobody answers: ${failure}`, async () => {
    await assert.rejects(ask(silent(failure)), (error: Error) => {
      assert.match(error.message, said);
      assert.equal((error.cause as HttpError).failure, failure);
      return error.message.startsWith(`the cluster's API ${SERVER}: `);
    });
  });

const REFUSING: [Send, RegExp][] = [
  [answering(401), /does not accept the login of the saved kubeconfig \(401\)/],
  [answering(403), /may not read there \(403\)/],
  [answering(404), /does not know \/apis\/config.openshift.io\/v1\/clusterversions\/version \(404\)/],
  [answering(503), /not ready to answer \(503\)/],
  [answering(302), /it answered 302/],
  [answering(200, '<html>'), /no JSON/],
];

for (const [send, said] of REFUSING)
  test(`an answer that is none: ${said.source}`, async () => {
    await assert.rejects(ask(send), { code: 'E-API-UNREACH', message: said });
    await assert.rejects(ask(send), (error: Error) => error.cause === undefined);
  });

test('an aborted question ends with the reason of its signal', async () => {
  const abort = new AbortController();
  const send: Send = (request) => {
    abort.abort(new Error('stop now'));
    return silent('aborted')(request);
  };
  await assert.rejects(ask(send, abort.signal), /stop now/);
});
