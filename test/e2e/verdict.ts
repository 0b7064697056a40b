/** What became of a machine, judged by the lab's own history; and how a cluster ended, by its journal. */
import assert from 'node:assert/strict';
import type { Code } from '../../src/core/errors.ts';
import type { HistoryLine, Scene } from './scene.ts';

export interface EndState {
  /** Something is in the slot. */
  inserted: boolean;
  /** The override is armed. */
  armed: boolean;
  /** The last word on its power; undefined when nobody touched it. */
  power: string | undefined;
  inserts: number;
  writes: number;
  /** Requests at the BMC that could change something. */
  changes: number;
}

export function endState(history: HistoryLine[], host: string): EndState {
  const of = (kind: string): HistoryLine[] => history.filter((line) => line.kind === kind && line.to === host);
  const media = of('media').filter(({ action }) => action === 'inserted' || action === 'ejected');
  const override = of('override').at(-1);
  return {
    inserted: media.at(-1)?.['action'] === 'inserted',
    armed: override !== undefined && override['enabled'] !== 'Disabled',
    power: of('power').at(-1)?.['state'] as string | undefined,
    inserts: media.filter(({ action }) => action === 'inserted').length,
    writes: of('disk').filter(({ action }) => action === 'written').length,
    changes: of('request').filter(({ method }) => !['GET', 'HEAD'].includes(String(method))).length,
  };
}

/** The states in which a host can be left: faults.md §3.1. */
export const LEFT = {
  untouched: ({ changes, inserted }: EndState) => changes === 0 && !inserted,
  putBack: ({ inserted, armed, power }: EndState) => !inserted && !armed && power === undefined,
  safelyOff: ({ inserted, armed, power }: EndState) => !inserted && !armed && power === 'Off',
  done: ({ inserted, armed, power, writes }: EndState) => !inserted && !armed && power === 'On' && writes === 1,
} as const;

/** How often the service accepted the trigger for a cluster, and the last status that it had. */
export function installed(history: HistoryLine[], cluster: string): { triggers: number; status: unknown } {
  const of = (kind: string): HistoryLine[] =>
    history.filter((line) => line.kind === kind && line['cluster'] === cluster);
  const statuses = of('status').filter(({ host }) => host === undefined);
  return {
    triggers: of('lab').filter(({ effect }) => effect === 'install').length,
    status: statuses.at(-1)?.['status'],
  };
}

/** The cluster ended by this error, at this stage and no other, and left nothing. */
export function assertEnded(
  scene: Scene,
  cluster: string,
  wanted: { stage: string; code: Code; reason: RegExp; exit: number },
): void {
  const events = scene.journal();
  const ended = events.find((event) => event.type === 'cluster.ended' && event.subject === cluster);
  assert.ok(ended?.type === 'cluster.ended');
  assert.equal(ended.error?.code, wanted.code, JSON.stringify(ended));
  assert.match(ended.error.message, wanted.reason);
  assert.equal(ended.exitCode, wanted.exit);
  assert.deepEqual(ended.leftovers, []);
  const failed = events.filter((event) => event.type === 'stage.failed' && event.subject.startsWith(cluster));
  assert.deepEqual(
    failed.map((event) => 'stage' in event && event.stage),
    [wanted.stage],
  );
}

/** These faults have really changed something, and no other. */
export function assertFired(history: HistoryLine[], faults: string[]): void {
  const fired = new Set(history.filter(({ kind }) => kind === 'fault').map(({ name }) => name));
  assert.deepEqual([...fired].sort(), [...faults].sort());
}

/** Installed by one trigger, the disk written once, the machine left on and clean. */
export function assertInstalled(history: HistoryLine[], host: string): void {
  const [cluster = ''] = host.split('/');
  assert.deepEqual(installed(history, cluster), { triggers: 1, status: 'installed' });
  assert.ok(LEFT.done(endState(history, host)), JSON.stringify(endState(history, host)));
}
