/** The end of an installation: written down, credentials saved whole, the cluster asked; and who remembers it later. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Assisted } from '../../src/assisted/client.ts';
import { createVirtualClock } from '../../src/core/clock.ts';
import { SnobootError } from '../../src/core/errors.ts';
import { HttpError } from '../../src/core/http-error.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ClusterSpec } from '../../src/inventory/types.ts';
import type { ClusterHealth } from '../../src/kube/health.ts';
import type { ClusterContext, RunContext } from '../../src/stages/context.ts';
import { Deeds } from '../../src/stages/deeds.ts';
import { forgetInstalled, livingWitness, readInstalled, writeInstalled } from '../../src/stages/installed-record.ts';
import { saveCredentials } from '../../src/stages/save-credentials.ts';
import { verifyCluster } from '../../src/stages/verify-cluster.ts';
import { kubeconfig, WELL } from '../kube/documents.ts';
import { tempFolder } from '../temp-folder.ts';

const never = new AbortController().signal;
const KUBECONFIG = JSON.stringify(kubeconfig());
const noAnswer = new SnobootError('E-API-UNREACH', 'nobody', 'look', new HttpError('refused', 'nobody'));
const refusal = new SnobootError('E-API-UNREACH', 'the API says 401', 'look');

/** A cluster at the end of its installation: what the service hands out, and what its API answers. */
function scene(answer: ClusterHealth | Error = WELL) {
  const clustersDir = join(tempFolder(), 'clusters');
  const handedOut: Record<string, string | Error> = { kubeconfig: KUBECONFIG, 'kubeadmin-password': 'pass-word' };
  const assisted: Partial<Assisted> = {
    consoleUrl: () => Promise.reject(new SnobootError('E-SVC-REFUSED', 'not yet', 'wait')),
    credentialsFile: (_id, file) => {
      const one = handedOut[file];
      return typeof one === 'string' ? Promise.resolve(new Secret(one)) : Promise.reject(one ?? new Error(file));
    },
  };
  const run: Partial<RunContext> = {
    clock: createVirtualClock(Date.UTC(2026, 0, 1)),
    assisted: assisted as Assisted,
    clustersDir,
    runDir: '/x/runs/20260101T000000Z-abc',
    askCluster: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
  };
  const context: Partial<ClusterContext> = {
    run: run as RunContext,
    spec: { name: 'c', baseDomain: 'Example.com', hosts: [{}] } as unknown as ClusterSpec,
    subject: 'c',
    facts: { clusterId: 'c1', openshiftVersion: '4.20.4' },
    deeds: new Deeds(),
  };
  return { context: context as ClusterContext, handedOut, folder: join(clustersDir, 'c') };
}

/** Looks and acts until only waiting helps or it is so, at most three times. */
async function saved(context: ClusterContext) {
  for (let step = 0; ; step++) {
    const look = await saveCredentials.look(context, never);
    if (look.so || look.due === undefined || step === 3) return look;
    await saveCredentials.act?.(context, look.due, never);
  }
}

test('an installed cluster is written down and its credentials are saved, for the owner alone whatever the umask', async () => {
  const { context, folder } = scene();
  const before = process.umask(0);
  try {
    assert.deepEqual(await saved(context), { so: true, facts: { credentials: folder } });
  } finally {
    process.umask(before);
  }
  assert.deepEqual(await readdir(folder), ['installed.json', 'kubeadmin-password', 'kubeconfig']);
  assert.deepEqual(await readInstalled(context), {
    run: '20260101T000000Z-abc',
    at: '2026-01-01T00:00:00.000Z',
    clusterId: 'c1',
    openshiftVersion: '4.20.4',
  });
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  for (const file of await readdir(folder)) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
});

test('what a killed run left half-written is no obstacle, and its mode is not kept', async () => {
  const { context, folder } = scene();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'kubeconfig.new'), 'half');
  await chmod(join(folder, 'kubeconfig.new'), 0o644);
  assert.equal((await saved(context)).so, true);
  assert.equal(await readFile(join(folder, 'kubeconfig'), 'utf8'), KUBECONFIG);
  assert.equal((await stat(join(folder, 'kubeconfig'))).mode & 0o777, 0o600);
});

test('that it is installed is written down even while the service hands out nothing', async () => {
  const { context, handedOut } = scene();
  handedOut['kubeconfig'] = new SnobootError('E-SVC-REFUSED', 'not yet', 'wait');
  assert.deepEqual(await saved(context), { so: false, seen: 'not yet' });
  assert.equal((await readInstalled(context))?.clusterId, 'c1');
});

const BROKEN: [string, string][] = [
  ['cut off', KUBECONFIG.slice(0, 400)],
  ['of another cluster', JSON.stringify(kubeconfig({ server: 'https://api.d.example.com:6443' }))],
];

for (const [name, text] of BROKEN)
  test(`a kubeconfig ${name} is asked for again and never saved`, async () => {
    const { context, handedOut, folder } = scene();
    handedOut['kubeconfig'] = text;
    const look = await saved(context);
    assert.ok(!look.so && look.due === undefined, JSON.stringify(look));
    await saveCredentials.act?.(context, 'save', never);
    assert.deepEqual(await readdir(folder), ['installed.json', 'kubeadmin-password']);
    handedOut['kubeconfig'] = KUBECONFIG;
    assert.equal((await saved(context)).so, true);
  });

test('verify-cluster ends with the version that is installed', async () => {
  const { context } = scene();
  await saved(context);
  assert.deepEqual(await verifyCluster.look(context, never), { so: true, facts: { installedVersion: '4.20.4' } });
});

test('verify-cluster waits for a cluster that is not well or does not answer, and says at the end how to leave it out', async () => {
  const notYet: [ClusterHealth | Error, string][] = [
    [{ ...WELL, degraded: ['dns (Broken)'], nodes: [] }, '0 of 1 nodes have joined; operators degraded: dns (Broken)'],
    [noAnswer, 'nobody'],
  ];
  for (const [answer, seen] of notYet) {
    const { context } = scene(answer);
    await saved(context);
    assert.deepEqual(await verifyCluster.look(context, never), { so: false, seen });
    const error = verifyCluster.expired(context, seen);
    assert.equal(error.exitCode, 5);
    assert.ok(error.message.endsWith(seen) && error.todo.includes('--no-verify'), error.message);
  }
});

test('verify-cluster does not wait for a kubeconfig that is of no use', async () => {
  const { context } = scene(new SnobootError('E-CREDS', 'no whole YAML', 'deploy'));
  await assert.rejects(Promise.resolve(verifyCluster.look(context, never)), { code: 'E-CREDS' });
});

/** What says that a cluster is installed, and what is told of it. */
const WITNESSES: [string, ClusterHealth | Error, 'record' | 'both' | 'kubeconfig' | 'none', RegExp | null][] = [
  ['nothing', WELL, 'none', null],
  ['the record alone', WELL, 'record', /installed from here on 2026-01-01T00:00:00.000Z \(OpenShift 4.20.4\): nothing/],
  ['the API alone', WELL, 'kubeconfig', /its own API answers \(OpenShift 4.20.4\) with the saved kubeconfig: nothing/],
  ['both', WELL, 'both', /its own API answers/],
  ['an API that refuses, as only the living do', refusal, 'kubeconfig', /the API says 401/],
  ['a record, though the API is silent', noAnswer, 'both', /installed from here/],
  ['a kubeconfig whose API is silent', noAnswer, 'kubeconfig', null],
];

for (const [name, answer, kept, says] of WITNESSES)
  test(`witness of an installed cluster: ${name}`, async () => {
    const { context, folder } = scene(answer);
    await mkdir(folder, { recursive: true });
    if (['record', 'both'].includes(kept)) await writeInstalled(context);
    if (['kubeconfig', 'both'].includes(kept)) await writeFile(join(folder, 'kubeconfig'), KUBECONFIG);
    const witness = await livingWitness(context, never);
    assert.equal(witness.installed, says !== null);
    if (says) assert.match(witness.says, says);
    else assert.equal(witness.says, '');
  });

test('a damaged record is a witness too, and one that cannot be read stops everything', async () => {
  for (const damaged of ['', 'null', '{"clusterId": 7', '[]']) {
    const { context, folder } = scene(noAnswer);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'installed.json'), damaged);
    const { installed, says } = await livingWitness(context, never);
    assert.ok(installed && says.includes('installed from here: nothing is changed'), says);
  }
  const { context, folder } = scene();
  await mkdir(join(folder, 'installed.json'), { recursive: true });
  await assert.rejects(livingWitness(context, never), { code: 'E-CREDS', exitCode: 8 });
});

test('a cluster that is deleted leaves no witness and no credentials', async () => {
  const { context, folder } = scene();
  await saved(context);
  await forgetInstalled(context);
  assert.deepEqual(await readdir(folder), []);
  assert.equal((await livingWitness(context, never)).installed, false);
  await forgetInstalled(context);
});
