/** The discovery ISO from the image service to a file: whole or not at all, picked up where it broke off. */
import { open, rename, utimes } from 'node:fs/promises';
import { SnobootError } from '../core/errors.ts';
import { checkIso } from './iso.ts';
import { dropPart, earlierProgress, partOf, type Progress } from './part.ts';
import { attempt, Interrupted, type IsoDownload, notFetched, storage } from './transfer.ts';

const TRIES = 3;
const PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Downloads, checks length and format, then puts the file in its place, dated as the server dates it; what was there before
 * stays until then. A part
 * that an earlier one left is gone on with, if the server still has the same file. A cut connection, 429 and 5xx are
 * tried three times. Rejects with E-ISO-FETCH, E-ISO-FORMAT (200 with something else than an ISO) or E-STATE (disk), and
 * leaves nothing behind; or with the signal's reason, and leaves the part.
 */
export async function downloadIso(job: IsoDownload): Promise<{ size: number; lastModified: string | null }> {
  try {
    const { total, lastModified } = await fetchPart(job);
    await checkIso(partOf(job.to));
    const date = new Date(lastModified ?? NaN);
    if (!Number.isNaN(date.getTime())) await utimes(partOf(job.to), date, date);
    await rename(partOf(job.to), job.to);
    await dropPart(job.to);
    return { size: total, lastModified };
  } catch (error) {
    job.signal?.throwIfAborted();
    await dropPart(job.to);
    throw error instanceof SnobootError ? error : storage(job.to, error);
  }
}

async function fetchPart(job: IsoDownload): Promise<Progress> {
  const progress = await earlierProgress(job.url, job.to);
  if (progress.bytes === 0) await dropPart(job.to);
  await using file = await open(partOf(job.to), progress.bytes === 0 ? 'ax' : 'a', 0o600);
  await file.truncate(progress.bytes);
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
