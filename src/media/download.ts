/** The discovery ISO from the image service to a file: whole or not at all, picked up where a connection broke. */
import { open, rename, rm } from 'node:fs/promises';
import { SnobootError } from '../core/errors.ts';
import { checkIso } from './iso.ts';
import { attempt, Interrupted, type IsoDownload, NOTHING, notFetched, type Progress, storage } from './transfer.ts';

const TRIES = 3;
const PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Downloads, checks length and format, then puts the file in its place; what was there before stays until then.
 * A cut connection, 429 and 5xx are tried three times. Rejects with E-ISO-FETCH, E-ISO-FORMAT (200 with something
 * else than an ISO), E-STATE (disk), or the signal's reason; nothing is left behind then.
 */
export async function downloadIso(job: IsoDownload): Promise<{ size: number; lastModified: string | null }> {
  const part = `${job.to}.part`;
  try {
    const { total, lastModified } = await fetchTo(job, part);
    await checkIso(part);
    await rename(part, job.to);
    return { size: total, lastModified };
  } catch (error) {
    await rm(part, { force: true });
    job.signal?.throwIfAborted();
    throw error instanceof SnobootError ? error : storage(job.to, error);
  }
}

async function fetchTo(job: IsoDownload, part: string): Promise<Progress> {
  await rm(part, { force: true });
  await using file = await open(part, 'ax', 0o600);
  const progress = { ...NOTHING };
  for (let count = 1; ; count++) {
    try {
      await attempt(job, file, progress);
      await file.sync();
      return progress;
    } catch (error) {
      job.signal?.throwIfAborted();
      if (!(error instanceof Interrupted)) throw error;
      if (count === TRIES) throw notFetched(job, `${error.message}, ${TRIES} times`);
      await job.clock.sleep(Math.min(LONGEST_PAUSE_MS, Math.max(error.waitMs, count * PAUSE_MS)), job.signal);
    }
  }
}
