/** What became of a machine, judged by the lab's own history alone. */
import type { HistoryLine } from './scene.ts';

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
