/**
 * The sixteen faults in one table: how the run ends and how the machine is left, judged by the lab's history; the other cluster installs.
 * After each, the first line of `snoboot why` names the cause.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Code } from '../../src/core/errors.ts';
import { createScene, DHCP, type HistoryLine, type Scene, STATIC } from './scene.ts';
import { assertEnded, assertFired, assertInstalled, endState, installed, LEFT } from './verdict.ts';

interface Fails {
  stage: string;
  code: Code;
  reason: RegExp;
  exit: number;
}

interface Row {
  fault: string;
  /** The host or the service; STATIC where nothing is said. */
  at?: string;
  /** How the cluster ends; left out where it installs. */
  fails?: Fails;
  /** What the run says of the recovery; where it installs. */
  recovered?: RegExp;
  left: (history: HistoryLine[], host: string) => boolean;
}

const left = (name: keyof typeof LEFT) => (history: HistoryLine[], host: string) => LEFT[name](endState(history, host));

/** Media out and override clear, on as it was: it may still be writing. */
const mediaOutLeftOn = (history: HistoryLine[], host: string): boolean => {
  const { inserted, armed, power } = endState(history, host);
  return !inserted && !armed && power === 'On';
};

/** As `done`, after one more insert and one more cycle. */
const doneAfterOneMoreBoot = (history: HistoryLine[], host: string): boolean => {
  const state = endState(history, host);
  return LEFT.done(state) && state.inserts === 2 && powerOns(history, host) === 2;
};

const fails = (stage: string, code: Code, reason: RegExp, exit = 5): Fails => ({ stage, code, reason, exit });

const TABLE: Row[] = [
  { fault: 'bmc-401', fails: fails('check-bmc', 'E-BMC-AUTH', /401|refuse/i, 4), left: left('untouched') },
  { fault: 'bmc-503', recovered: /503|busy/i, left: left('done') },
  {
    fault: 'override-ignored',
    fails: fails('await-agent', 'E-BOOT-IGNORED', /booted something else/),
    left: left('safelyOff'),
  },
  {
    fault: 'iso-unreachable',
    fails: fails('insert-media', 'E-MEDIA-FETCH', /never asked for it/),
    left: left('putBack'),
  },
  {
    fault: 'no-agent',
    fails: fails('await-agent', 'E-HOST-NOAGENT', /no agent registered/),
    left: left('safelyOff'),
  },
  { fault: 'boots-iso-again', recovered: /had not booted from its disk/, left: left('done') },
  { fault: 'service-5xx', at: 'service', recovered: /the service answers again/, left: left('done') },
  { fault: 'service-429', at: 'service', recovered: /the service answers again.*429/, left: left('done') },
  { fault: 'create-unanswered', recovered: /create-cluster happened after all/, left: left('done') },
  { fault: 'service-down', at: 'service', recovered: /the service answers again/, left: left('done') },
  {
    fault: 'write-error',
    fails: fails('await-installed', 'E-INSTALL', /failed executing coreos-installer/),
    left: left('safelyOff'),
  },
  {
    fault: 'write-stuck',
    fails: fails('await-installed', 'E-INSTALL', /took longer than expected 30m0s/),
    left: mediaOutLeftOn,
  },
  {
    fault: 'insert-lost',
    fails: fails('insert-media', 'E-MEDIA-INSERT', /does not read back/),
    left: left('putBack'),
  },
  {
    fault: 'bmc-reset',
    at: DHCP,
    // Which of them notices first, slot or agent, is a matter of a second.
    recovered: /has lost the ISO while the host lives on it|the host lost its ISO/,
    left: doneAfterOneMoreBoot,
  },
];

/** What the first line of `snoboot why` says afterwards. */
const WHY: Record<string, RegExp> = {
  'bmc-401': /^E-BMC-AUTH: sno-ai-test\/host-0 at check-bmc: the BMC at .* refuses user name or password/,
  'bmc-503': /^nothing failed: .* installed; in the way: sno-ai-test\/host-0: BMC answered .* tries: .*(503|busy)/i,
  'override-ignored': /^E-BOOT-IGNORED: sno-ai-test\/host-0 at await-agent: the firmware ignored the one-time boot/,
  'iso-unreachable':
    /^E-MEDIA-FETCH: sno-ai-test\/host-0 at insert-media: the BMC cannot reach the ISO on this machine/,
  'no-agent':
    /^E-HOST-NOAGENT: sno-ai-test\/host-0 at await-agent: the host booted the ISO .* but its agent never reached/,
  'boots-iso-again': /^nothing failed: .* in the way: sno-ai-test\/host-0: the host had not booted from its disk/,
  'service-5xx': /^nothing failed: .* in the way: the service answers again after .*: it answered 50\d/,
  'service-429': /^nothing failed: .* in the way: the service answers again after .*: it answered 429/,
  'create-unanswered': /^nothing failed: .* in the way: sno-ai-test: create-cluster happened after all/,
  'service-down': /^nothing failed: .* in the way: the service answers again after .*: connection/,
  'write-error': /^E-INSTALL: sno-ai-test at await-installed: the image could not be written .* coreos-installer/,
  'write-stuck': /^E-INSTALL: sno-ai-test at await-installed: the write of the image to the disk stood still/,
  'insert-lost':
    /^E-MEDIA-INSERT: sno-ai-test\/host-0 at insert-media: the BMC accepted the ISO, but its slot stays empty/,
  'bmc-reset': /^nothing failed: .* in the way: sno-dhcp\/host-0: the (BMC has lost the ISO|host lost its ISO)/,
  'service-forgets':
    /^nothing failed: .* installed already, nothing was changed; .* the service does not know sno-dhcp/,
  'journal-full': /^E-STATE: the journal could not be written any more: .*ENOSPC/,
};

async function assertWhy(scene: Scene, fault: string): Promise<void> {
  const { code, stdout } = await scene.snoboot(['why', 'lab.yaml']);
  assert.equal(code, 0);
  assert.match(stdout.split('\n')[0] ?? '', WHY[fault]!);
}

describe('the sixteen faults', { concurrency: 3 }, () => {
  for (const { fault, at = STATIC, fails: failure, recovered, left: isLeft } of TABLE) {
    const host = at === 'service' ? STATIC : at;
    const [cluster = ''] = host.split('/');
    const end = failure ? `ends its cluster with ${failure.code}` : 'is recovered from, and said';
    test(`${fault} ${end}`, async () => {
      const scene = createScene();
      const { code, stderr } = await scene.snoboot(['deploy', 'lab.yaml', '--fault', `${fault}@${at}`]);
      const history = scene.history();
      assert.equal(code, failure ? 6 : 0, stderr);
      assertFired(history, [fault]);
      if (failure) assertEnded(scene, cluster, failure);
      if (recovered) assert.match(recoveries(scene), recovered);
      assert.ok(isLeft(history, host), JSON.stringify(endState(history, host)));
      assert.equal(installed(history, cluster).triggers <= 1, true);
      assertInstalled(history, host === STATIC ? DHCP : STATIC);
      assert.equal(created(history), fault === 'bmc-401' ? 1 : 2, 'clusters created');
      if (fault === 'bmc-401') assert.equal(refusedLogins(history), 1, 'a wrong password is tried once');
      await assertWhy(scene, fault);
    });
  }

  test('service-forgets: the next deploy changes nothing, says why, and ends with 0', async () => {
    const scene = createScene();
    assert.equal((await scene.snoboot(['deploy', 'lab.yaml'])).code, 0);
    const before = scene.history().length;
    const { code, stdout } = await scene.snoboot(['deploy', 'lab.yaml', '--fault', `service-forgets@${DHCP}`]);
    const since = scene.history().slice(before);
    assert.equal(code, 0, stdout);
    assertFired(since, ['service-forgets']);
    assert.match(stdout, /sno-dhcp: installed already[^]*the service does not know sno-dhcp[^]*nothing is changed/);
    assert.match(stdout, /changed=0\n$/);
    for (const host of [STATIC, DHCP]) assert.ok(LEFT.untouched(endState(since, host)), host);
    assert.deepEqual(writesTo('service', since), []);
    await assertWhy(scene, 'service-forgets');
  });

  for (const [when, isLeft, triggers] of [
    ['stage=boot-once', LEFT.putBack, 0],
    ['stage=await-installed', mediaOut, 1],
  ] as const)
    test(`journal-full at ${when}: exit 8, and the machines are left in good order`, async () => {
      const scene = createScene();
      const { code, stdout } = await scene.snoboot(['deploy', 'lab.yaml', '--fault', `journal-full@${STATIC}:${when}`]);
      assert.equal(code, 8, stdout);
      assert.match(stdout, /E-STATE: [^]*ENOSPC/);
      const history = scene.history();
      assert.ok(isLeft(endState(history, STATIC)), JSON.stringify(endState(history, STATIC)));
      assert.equal(endState(history, DHCP).inserted, false);
      assert.equal(installed(history, 'sno-ai-test').triggers, triggers);
      assert.ok(!history.some(({ effect }) => effect === 'cancel'), 'nothing is cancelled');
      await assertWhy(scene, 'journal-full');
    });
});

function mediaOut({ inserted, armed }: ReturnType<typeof endState>): boolean {
  return !inserted && !armed;
}

function recoveries(scene: Scene): string {
  return scene
    .journal()
    .flatMap((event) => (event.type === 'recovered' ? [event.text] : []))
    .join('\n');
}

function powerOns(history: HistoryLine[], host: string): number {
  const powers = history.filter(({ kind, to }) => kind === 'power' && to === host);
  return powers.filter(({ by, from, state }) => by === 'bmc' && from === 'Off' && state === 'On').length;
}

function created(history: HistoryLine[]): number {
  return history.filter(({ kind, effect }) => kind === 'lab' && effect === 'create-cluster').length;
}

function refusedLogins(history: HistoryLine[]): number {
  return history.filter(({ kind, to, status }) => kind === 'request' && to === STATIC && status === 401).length;
}

function writesTo(peer: string, history: HistoryLine[]): HistoryLine[] {
  return history.filter(
    ({ kind, to, method }) => kind === 'request' && to === peer && !['GET', 'HEAD'].includes(String(method)),
  );
}
