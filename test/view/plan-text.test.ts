/** What a plan looks like to people. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlannedCluster, PlannedHost, Step } from '../../src/view/plan.ts';
import { planText } from '../../src/view/plan-text.ts';

const HOST: PlannedHost = {
  name: 'host-0',
  bmc: 'https://192.0.2.1',
  identity: { vendor: 'Dell', model: 'R650', serial: 'S1', uuid: null, macs: [], firmware: null },
  known: 'named',
  power: 'Off',
  medium: null,
  livesThere: null,
  disk: 'the only eligible disk is erased; others are kept',
  iso: 'full-iso of OpenShift 4.20',
  mediaAddress: 'http://192.0.2.9',
  problem: null,
};

const steps = (name: string): Step[] => [
  {
    subject: name,
    stage: 'create-cluster',
    effect: 'create-cluster',
    says: 'create the cluster',
    when: 'will',
    onlyIf: null,
  },
  {
    subject: `${name}/host-0`,
    stage: 'insert-media',
    effect: 'insert',
    says: 'insert the ISO',
    when: 'will',
    onlyIf: null,
  },
  {
    subject: `${name}/host-0`,
    stage: 'cleanup',
    effect: 'power-off',
    says: 'switch it off',
    when: 'may',
    onlyIf: null,
  },
];

const cluster = (name: string, parts: Partial<PlannedCluster> = {}): PlannedCluster => ({
  name,
  state: 'absent',
  outcome: 'installed',
  openshiftVersion: '4.20',
  livesThere: null,
  lastRun: null,
  steps: steps(name),
  hosts: [HOST],
  notes: [],
  problem: null,
  ...parts,
});

const plan = (clusters: PlannedCluster[], parts: Partial<Plan> = {}): Plan => ({
  inventory: 'lab.yaml',
  target: 'https://s',
  verb: 'deploy',
  clusters,
  erases: clusters.length,
  changes: clusters.length * 2,
  notes: [],
  ...parts,
});

const linesOf = (one: Plan): string[] => planText(one, 'snoboot deploy lab.yaml').split('\n');

test('a cluster is told of with what would be done, on which machine, from where, and what to type', () => {
  assert.deepEqual(linesOf(plan([cluster('c1')])), [
    'plan of deploy on https://s',
    '',
    'c1: absent at the service, would be installed, OpenShift 4.20',
    '  at the service and here:',
    '    - create the cluster',
    '  on the machine:',
    '    - insert the ISO',
    '    - if need be: switch it off',
    '  disk: the only eligible disk is erased; others are kept',
    '  ISO: full-iso of OpenShift 4.20 from http://192.0.2.9',
    '    c1/host-0 https://192.0.2.1',
    '      Dell, R650, serial S1, power Off, named by the inventory',
    '',
    '1 cluster: 1 machine to be erased, 2 changes',
    'next: snoboot deploy lab.yaml',
    '',
  ]);
});

test('two hundred clusters of one kind are one block, with two lines for each machine', () => {
  const names = Array.from({ length: 200 }, (_, i) => `edge-${i + 1}`);
  const lines = linesOf(plan(names.map((name) => cluster(name))));
  assert.deepEqual(lines.slice(2, 4), [
    '200 clusters, edge-1 to edge-200: absent at the service, would be installed,',
    '  OpenShift 4.20',
  ]);
  assert.equal(lines.length, 15 - 2 + 400 + 2);
});

test('one with a problem stands alone, with what was seen and what to do', () => {
  const problem = { code: 'E-BMC-AUTH', message: 'refused', todo: 'correct it' } as const;
  const failed = cluster('c2', {
    outcome: 'failed',
    steps: [],
    problem,
    hosts: [{ ...HOST, identity: null, problem }],
  });
  const lines = linesOf(plan([cluster('c1'), failed], { erases: 1, changes: 2 }));
  const from = lines.indexOf('c2: absent at the service, cannot be begun');
  assert.deepEqual(lines.slice(from + 1, from + 3), ['  E-BMC-AUTH: refused', '  to do: correct it']);
  assert.ok(lines.includes('2 clusters: 1 machine to be erased, 2 changes, 1 cluster cannot be begun'));
});

test('where nothing would change, that is all that is said', () => {
  const lines = linesOf(plan([cluster('c1', { outcome: 'unchanged', steps: [] })], { erases: 0, changes: 0 }));
  assert.equal(lines.at(-2), '1 cluster: no changes');
});

test('what is already so, and what is done only if something goes wrong, is told apart from what is certain', () => {
  const about = { subject: 'c1/host-0', stage: 'boot-once', onlyIf: null };
  const lines = linesOf(
    plan([
      cluster('c1', {
        steps: [
          { ...about, effect: null, says: 'the ISO is in', when: 'so' },
          { ...about, effect: null, says: 'wait for the agent', when: 'will' },
          { ...about, effect: 'power-on', says: 'switch it on', when: 'will' },
          { ...about, effect: 'power-off', says: 'switch it off', when: 'may' },
          { ...about, effect: 'power-on', says: 'switch it on', when: 'may', onlyIf: 'the BMC loses the ISO' },
        ],
      }),
    ]),
  );
  assert.deepEqual(lines.slice(3, 8), [
    '  on the machine:',
    '    already so: the ISO is in',
    '    - switch it on',
    '    - if need be: switch it off',
    '    - if the BMC loses the ISO: switch it on',
  ]);
});

test('the plan keeps within 80 columns, but breaks no address and no command', () => {
  const address = `http://192.0.2.9/${'x'.repeat(90)}`;
  const long = cluster('c1', { notes: ['a note '.repeat(30)], hosts: [{ ...HOST, mediaAddress: address }] });
  const lines = linesOf(plan([long]));
  assert.deepEqual(
    lines.filter((line) => line.length > 80).map((line) => line.trim()),
    [address],
  );
});

test('what strangers say cannot move the cursor', () => {
  const host = { ...HOST, medium: 'http://x/\u001b[2J', identity: { ...HOST.identity!, model: 'R\u0007\u202e650' } };
  const text = linesOf(plan([cluster('c1', { hosts: [host] })])).join('\n');
  for (const control of ['\u001b', '\u0007', '\u202e']) assert.ok(!text.includes(control));
});
