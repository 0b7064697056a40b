/** Every wire cut: one faulty and one sound cluster in a run, judged by the lab's history. The sixteen faults: sixteen.test.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Code } from '../../src/core/errors.ts';
import { createScene, DHCP, STATIC } from './scene.ts';
import { assertEnded, assertFired, assertInstalled, endState, LEFT } from './verdict.ts';

interface FailingRow {
  faults: string[];
  stage: string;
  code: Code;
  reason: RegExp;
  left: keyof typeof LEFT;
  exit: number;
  /** The host that is hit, when it is not the one with the static network. */
  host?: string;
}

const row = (
  faults: string,
  stage: string,
  code: Code,
  reason: RegExp,
  left: FailingRow['left'] = 'safelyOff',
  exit = 5,
  host = STATIC,
): FailingRow => ({
  faults: faults.split(' '),
  stage,
  code,
  reason,
  left,
  exit,
  host,
});

const FAILING: FailingRow[] = [
  row('embed-byte', 'prove-iso', 'E-ISO-FORMAT', /the ignition in the ISO cannot be read/, 'untouched'),
  row('wrong-infra-env', 'prove-iso', 'E-ISO-PROOF', /asks for infra-env 00000000-dead/, 'untouched', 3),
  row('wrong-mac', 'prove-iso', 'E-ISO-PROOF', /static networks are for/, 'untouched', 3),
  row('no-dns-reply', 'await-ready', 'E-VALIDATION', /dns-wildcard-not-configured/),
  row('wildcard-dns', 'await-ready', 'E-VALIDATION', /dns-wildcard-not-configured/),
  row('clock-behind', 'await-ready', 'E-VALIDATION', /time-synced-between-host-and-service/),
  row('image-pull', 'install', 'E-PREPARE', /container-images-available/),
  row('disk-speed-exit', 'install', 'E-PREPARE', /disk speed|installation-disk-speed/),
  row('install-exit', 'await-installed', 'E-INSTALL', /installation command failed/),
  row('early-eject', 'await-installed', 'E-INSTALL', /discovery media|Failed/),
  row('no-inventory', 'assign-hosts', 'E-VALIDATION', /has-inventory/),
  row('hostname-localhost name-not-kept', 'assign-hosts', 'E-VALIDATION', /hostname-valid/),
  row('no-address', 'await-ready', 'E-VALIDATION', /machine-cidr-defined/, 'safelyOff', 5, DHCP),
  row('other-subnet', 'await-ready', 'E-VALIDATION', /belongs-to-machine-cidr/),
  row('no-default-route', 'await-ready', 'E-VALIDATION', /has-default-route/),
  row('few-cpus', 'await-ready', 'E-VALIDATION', /has-cpu-cores-for-role|has-min-cpu-cores/),
  row('little-memory', 'await-ready', 'E-VALIDATION', /has-min-memory/),
  row('small-disk', 'assign-hosts', 'E-DISK-NONE', /no disk can be installed on/, 'safelyOff', 3),
];

/** Each run has two processes that mostly wait. */
const SIDE_BY_SIDE = { concurrency: 3 };

describe('faults', SIDE_BY_SIDE, () => {
  for (const { faults, stage, code, reason, left, exit, host = STATIC } of FAILING)
    test(`${faults.join(' and ')} ends its cluster at ${stage} with ${code}, and the other cluster installs`, async () => {
      const scene = createScene({ faults: faults.map((fault) => `${fault}@${host}`) });
      const { code: exitCode, stderr } = await scene.snoboot(['deploy', 'lab.yaml']);
      const [cluster = ''] = host.split('/');
      assert.equal(exitCode, 6, stderr);
      assertEnded(scene, cluster, { stage, code, reason, exit });
      const history = scene.history();
      assertFired(history, faults);
      assert.ok(LEFT[left](endState(history, host)), `${left}: ${JSON.stringify(endState(history, host))}`);
      assertInstalled(history, host === STATIC ? DHCP : STATIC);
      assert.doesNotMatch(stderr, /\n\s+at .*:\d+:\d+/);
    });

  const WARNING: [string, RegExp][] = [
    ['ntp-unsynced', /NTP/],
    ['dns-unresolved', /DNS/],
    ['slow-disk', /45 ms/],
  ];

  for (const [fault, words] of WARNING)
    test(`${fault} installs with a warning`, async () => {
      const scene = createScene({ faults: [`${fault}@${STATIC}`] });
      const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml']);
      assert.equal(code, 0, stderr);
      const warnings = scene.journal().filter(({ type, subject }) => type === 'warning' && subject === STATIC);
      assert.ok(
        warnings.some((event) => 'text' in event && words.test(event.text)),
        JSON.stringify(warnings),
      );
      assertFired(scene.history(), [fault]);
      for (const host of [STATIC, DHCP]) assertInstalled(scene.history(), host);
    });
});
