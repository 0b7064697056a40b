/**
 * A run that is killed at each record of its journal, its last request landed or not, and gone on with: what changes a
 * machine or the service is sent as often as by a run that nobody killed.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { createStageRunner } from '../../src/run/stage-runner.ts';
import { bootOnce } from '../../src/stages/boot-once.ts';
import { cleanup } from '../../src/stages/cleanup.ts';
import { notNeeded } from '../../src/stages/clean-host.ts';
import { awaitDiskBoot } from '../../src/stages/host-progress.ts';
import { insertMedia } from '../../src/stages/insert-media.ts';
import { install } from '../../src/stages/install.ts';
import { bootDisk, ejectMedia } from '../../src/stages/release-media.ts';
import { MINUTE, SECOND } from '../../src/stages/stage.ts';
import { cluster, hostRecord, ISO, type Kill, type Life, live, scene, tried, type Work, type World } from './scene.ts';

const never = new AbortController().signal;
const CLEAR = { enabled: 'Disabled', target: null };
const BOOTED = { power: 'On' as const, image: ISO, enabled: 'Once', target: 'Cd' };
const BOOT = ['insert-media/insert', 'boot-once/power-off', 'boot-once/override', 'boot-once/power-on'];

/** Lives of `deploy` that do the same, as far as it is not done. */
const deploys = (live: Work['live']): Work => ({ verb: 'deploy', live });

/** A machine in this state after these effects; its BMC shows late what it accepted. */
function sceneOf(bmc: Omit<World['bmc'], 'did'>, effects: string[] = [], lagMs = 0, world: Partial<World> = {}): Life {
  const life = scene({ read: 10, lagMs, clusters: [cluster()], bmc: { ...bmc, did: [] }, ...world });
  for (const effect of effects) tried(life, effect);
  const facts = { bytesAtInsert: 10 };
  const over = { type: 'stage.succeeded' as const, stage: 'insert-media', changed: true, elapsedMs: 0, facts };
  if (effects.length > 0) life.context.run.say('c/host-0', over);
  return life;
}

const records = ({ lasting }: Life): RunEvent[] => lasting.lines.map((line) => JSON.parse(line) as RunEvent);

/** A kill at each record after the first `begun`; and after those at an intent, another one at each record that follows. */
function killsOf(begun: number, whole: RunEvent[]): Kill[][] {
  const each = (from: number, to: number): Kill[] =>
    Array.from({ length: to - from }, (_, i) => [true, false].map((lands) => ({ at: from + i + 1, lands }))).flat();
  const once = each(begun, whole.length);
  const unsettled = once.filter(({ at }) => whole[at - 1]?.type === 'intent');
  // A life that goes on says some records again before it comes further.
  const twice = unsettled.flatMap((one) => each(one.at, whole.length + 6).map((two) => [one, two]));
  return [...once.map((one) => [one]), ...twice];
}

/** What the outside has seen, every request that arrived, and how things stand. */
const outcomeOf = ({ world }: Life) => ({ ...world, clusters: world.clusters.map(({ status }) => status) });
const same = (end: Life, whole: Life): void => assert.deepEqual(outcomeOf(end), outcomeOf(whole));

/** Kills in every way, with a short pause and a long one; returns how often. `judge` has what came of it without a kill. */
async function killed(begin: () => Life, work: Work, judge: (end: Life, whole: Life) => void = same): Promise<string> {
  let count = 0;
  const whole = await live(begin(), [], 0, work);
  const all = killsOf(begin().lasting.lines.length, records(whole));
  for (const pauseMs of [SECOND, 10 * MINUTE])
    for (const kills of all) {
      const end = await live(begin(), kills, pauseMs, work);
      count += end.lasting.deaths;
      try {
        judge(end, whole);
      } catch (error) {
        throw new Error(`${JSON.stringify({ pauseMs, kills })}\n${toldBy(end)}`, { cause: error });
      }
    }
  return `${all.length * 2} runs, ${count} kills`;
}

function toldBy(life: Life): string {
  const lines = records(life).map(
    ({ seq, at, type, ...rest }) =>
      `${seq} ${at.slice(11, 19)} ${type} ${'stage' in rest ? rest.stage : ''} ${'effect' in rest ? rest.effect : ''}`,
  );
  return lines.join('\n');
}

describe('killed at any record, and again after one at an intent, and gone on with', { concurrency: true }, () => {
  const boot = deploys(async ({ host }) => {
    const run = createStageRunner();
    await run(insertMedia, host, never);
    await run(bootOnce, host, never);
  });
  for (const [what, begin] of [
    ['a machine that is off', () => sceneOf({ power: 'Off', image: null, ...CLEAR })],
    ['one with another medium, on', () => sceneOf({ power: 'On', image: 'http://elsewhere/rescue.iso', ...CLEAR })],
    ['one whose BMC shows late what it did', () => sceneOf({ power: 'On', image: null, ...CLEAR }, [], 25 * SECOND)],
  ] as const)
    test(`${what} gets the ISO once and is booted once`, async (t) => {
      t.diagnostic(await killed(begin, boot));
    });

  for (const lagMs of [0, 25 * SECOND])
    test(`a host back on its ISO is restarted into its disk once, its BMC ${lagMs / SECOND} s late`, async (t) => {
      const begin = (): Life => {
        const life = sceneOf(BOOTED, BOOT, lagMs);
        const onDisk = { status: 'installing-in-progress', progress: { current_stage: 'Configuring' } };
        const hosts = (): ReturnType<typeof hostRecord>[] => [
          hostRecord(life.world.bmc.did.includes('restart') ? onDisk : { status: 'installing-pending-user-action' }),
        ];
        Object.defineProperty(life.world, 'clusters', {
          get: () => [cluster({ status: 'installing', hosts: hosts() })],
        });
        return life;
      };
      const work = deploys(async ({ host }) => {
        const run = createStageRunner();
        await run(ejectMedia, host, never);
        while ((await run(awaitDiskBoot, host, never))['bootedIso']) await run(bootDisk, host, never);
      });
      t.diagnostic(await killed(begin, work));
    });

  test('the installation is triggered once', async (t) => {
    const assigned = { requested_hostname: 'host-0', role: 'master', installation_disk_id: '/dev/disk/by-id/wwn-sda' };
    const clusters = [cluster({ status: 'ready', hosts: [hostRecord(assigned)] })];
    const begin = (): Life => sceneOf({ power: 'On', image: ISO, ...CLEAR }, [], 0, { prepares: true, clusters });
    const work = deploys(({ context }) => createStageRunner()(install, context, never));
    t.diagnostic(await killed(begin, work));
  });

  const clean: Work = {
    verb: 'cleanup',
    live: async ({ host }, number) => {
      if (number > 1) await notNeeded(host);
      host.notes['powerOff'] = true;
      await createStageRunner()(cleanup, host, never);
    },
  };
  for (const lagMs of [0, 25 * SECOND])
    test(`cleanup ejects, clears and switches off once, its BMC ${lagMs / SECOND} s late`, async (t) => {
      t.diagnostic(await killed(() => sceneOf(BOOTED, BOOT, lagMs), clean));
    });

  test('a machine whose power-on shows late is off after cleanup', async (t) => {
    const late = (): Life => {
      const life = sceneOf({ ...BOOTED, power: 'Off' }, BOOT);
      void life.clock.sleep(20 * SECOND).then(() => (life.world.bmc.power = 'On'));
      return life;
    };
    t.diagnostic(await killed(late, clean));
  });
});
