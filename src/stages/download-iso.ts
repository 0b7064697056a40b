/** The discovery ISO on this machine: downloaded whole and checked. It holds the pull secret, so it is 0600. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import { downloadIso } from '../media/download.ts';
import { type ClusterContext, fact } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

/** Two PATCHes within one second give two ISOs with one date, so the ISO is read a second after the last (§4.4). */
const SETTLE_MS = 1500;

export const downloadDiscoveryIso: Stage<ClusterContext> = {
  name: 'download-iso',
  waitsFor: 'the discovery ISO to come down',
  deadlineMs: 120 * MINUTE,
  pollMs: SECOND,
  tries: 1,
  settleMs: 0,
  group: 'download',
  look: async (cluster) => {
    const isoPath = pathOf(cluster);
    const there = await stat(isoPath).catch(() => undefined);
    if (!there) return { so: false, seen: 'not downloaded yet', due: 'download' };
    return { so: true, facts: { isoPath, isoSize: there.size, isoLastModified: there.mtime.toUTCString() } };
  },
  effects: { download: 'download the discovery ISO to this machine' },
  isSo: 'the discovery ISO is on this machine',
  act: async (cluster, _due, signal) => {
    const { run } = cluster;
    await run.clock.sleep(SETTLE_MS, signal);
    await downloadIso({
      url: await run.assisted.imageUrl(fact(cluster, 'infraEnvId'), signal),
      to: pathOf(cluster),
      http: run.serviceHttp,
      clock: run.clock,
      trust: run.trust,
      signal,
      onProgress: (bytes, total) => tellProgress(cluster, Math.floor((100 * bytes) / total)),
    });
    signal.throwIfAborted();
  },
  expired: () =>
    new SnobootError(
      'E-ISO-FETCH',
      'the discovery ISO did not come down in two hours',
      'check the way to the image service',
    ),
};

function tellProgress({ run, subject }: ClusterContext, percent: number): void {
  run.say(subject, { type: 'stage.progressed', stage: 'download-iso', seen: 'downloading the discovery ISO', percent });
}

/** In its place only when it is whole; of this infra-env and no earlier one, with the date that the service gave it. */
function pathOf(cluster: ClusterContext): string {
  return join(cluster.run.runDir, `${cluster.spec.name}.${fact(cluster, 'infraEnvId')}.iso`);
}
