/** Effects that must happen once, whatever was killed when: counted in the lab's own history. */
import assert from 'node:assert/strict';
import { DHCP, type HistoryLine, STATIC } from './scene.ts';
import { endState, installed, LEFT } from './verdict.ts';

/** What was done to a host by its BMC; reboots of the machine itself are not in `powers`. */
export interface Effects {
  inserts: number;
  ejects: number;
  writes: number;
  powers: string[];
}

export function effects(history: HistoryLine[], host: string): Effects {
  const of = (kind: string): HistoryLine[] => history.filter((line) => line.kind === kind && line.to === host);
  const media = of('media');
  return {
    inserts: media.filter(({ action }) => action === 'inserted').length,
    ejects: media.filter(({ action }) => action === 'ejected').length,
    writes: of('disk').filter(({ action }) => action === 'written').length,
    powers: of('power')
      .filter(({ by }) => by === 'bmc')
      .map(({ state }) => String(state)),
  };
}

const HOST = { inserts: 1, ejects: 1, writes: 1, powers: ['On'] };

/** Of a run over machines that were off and empty. */
export const ONCE: Record<string, Effects> = { [STATIC]: HOST, [DHCP]: HOST };

/** Both clusters of the sample are installed, and nothing destructive happened twice. */
export function assertOnce(history: HistoryLine[], expected: Record<string, Effects>): void {
  for (const host of [STATIC, DHCP]) {
    assert.deepEqual(effects(history, host), expected[host], host);
    assert.ok(LEFT.done(endState(history, host)), `${host} is not left installed and clean`);
  }
  for (const cluster of ['sno-ai-test', 'sno-dhcp'])
    assert.deepEqual(installed(history, cluster), { triggers: 1, status: 'installed' }, cluster);
  const created = history.filter(
    ({ method, path, status }) => method === 'POST' && Number(status) === 201 && String(path).endsWith('/v2/clusters'),
  );
  assert.equal(created.length, 2, 'clusters created');
}
