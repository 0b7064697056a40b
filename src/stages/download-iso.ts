/** The discovery ISO on this machine: downloaded whole and checked. It holds the pull secret, so it is 0600. */
import { rm } from 'node:fs/promises';
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
  look: ({ facts }) => {
    const { isoPath, isoSize, isoLastModified } = facts;
    if (typeof isoPath !== 'string') return Promise.resolve({ so: false, seen: 'not downloaded yet', due: 'download' });
    return Promise.resolve({
      so: true,
      facts: { isoPath, isoSize: isoSize ?? null, isoLastModified: isoLastModified ?? null },
    });
  },
  act: async (cluster, _due, signal) => {
    const { run, spec } = cluster;
    await run.clock.sleep(SETTLE_MS, signal);
    const path = join(run.runDir, `${spec.name}.iso`);
    const got = await downloadIso({
      url: await run.assisted.imageUrl(fact(cluster, 'infraEnvId'), signal),
      to: path,
      http: run.http,
      clock: run.clock,
      trust: run.trust,
      signal,
      onProgress: (bytes, total) => tellProgress(cluster, Math.floor((100 * bytes) / total)),
    });
    // Stopped in its last moment: nobody would know of the file, and it holds the pull secret.
    if (signal.aborted) await rm(path, { force: true });
    signal.throwIfAborted();
    const isoLastModified = got.lastModified ?? new Date(run.clock.wall()).toUTCString();
    Object.assign(cluster.facts, { isoPath: path, isoSize: got.size, isoLastModified });
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
