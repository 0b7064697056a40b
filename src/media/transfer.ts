/** One request for the ISO: from the beginning, or from where an earlier one broke off. */
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import { asHttpError } from '../core/http-error.ts';
import type { HttpClient, HttpStream, Trust } from '../core/http.ts';
import { keepProgress, NOTHING, type Progress } from './part.ts';

export interface IsoDownload {
  /** May hold a token: it is not in any message, only its host is. */
  url: string;
  /** The file to make, 0600; `<to>.part` and `<to>.part.json` beside it while it comes. */
  to: string;
  http: HttpClient;
  clock: Clock;
  trust: Trust;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Called when another percent has come. */
  onProgress?: (bytes: number, total: number) => void;
}

/** Worth another try; `waitMs` is what the server asked for. */
export class Interrupted extends Error {
  readonly waitMs: number;

  constructor(message: string, waitMs = 0) {
    super(message);
    this.waitMs = waitMs;
  }
}

/**
 * Adds to `file` and `progress` what comes. Rejects with Interrupted when another try may bring more, with E-ISO-FETCH when
 * it cannot, with E-STATE when the disk is full.
 */
export async function attempt(job: IsoDownload, file: FileHandle, progress: Progress): Promise<void> {
  const answer = await request(job, progress);
  if (!continues(answer, progress)) {
    await file.truncate(0);
    Object.assign(progress, begin(job, answer));
    await keepProgress(job.url, job.to, progress);
  }
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) await keep(job, file, progress, chunk);
  } catch (error) {
    if (error instanceof SnobootError) throw error;
    throw new Interrupted(
      `${asHttpError(error, '', false).failure} after ${progress.bytes} of ${progress.total} bytes`,
    );
  }
  if (progress.bytes !== progress.total)
    throw new Interrupted(`it ended after ${progress.bytes} of ${progress.total} bytes`);
}

async function request(job: IsoDownload, progress: Progress): Promise<HttpStream> {
  const { bytes, validator } = progress;
  const { url, http, trust, signal } = job;
  const rest: Record<string, string> =
    bytes > 0 && validator ? { range: `bytes=${bytes}-`, 'if-range': validator } : {};
  const headers = { ...job.headers, ...rest, accept: '*/*', 'accept-encoding': 'identity' };
  const answer = await http
    .open({ method: 'GET', url, trust, headers, ...(signal ? { signal } : {}) })
    .catch((error: unknown) => {
      throw new Interrupted(`connection: ${asHttpError(error, '', false).failure}`);
    });
  if (answer.status === 200 || answer.status === 206) return answer;
  drop(answer.body);
  const isPastEnd = answer.status === 416 && bytes > 0;
  if (isPastEnd) Object.assign(progress, NOTHING);
  if (isPastEnd || answer.status === 429 || answer.status >= 500) {
    const seconds = Number(answer.headers['retry-after'] ?? 0);
    throw new Interrupted(`it answered ${answer.status}`, Number.isFinite(seconds) ? seconds * 1000 : 0);
  }
  throw notFetched(job, `it answered ${answer.status}`);
}

/** Whether a 206 goes on exactly where the file ends; a 200 begins anew, and after another part everything does. */
function continues({ status, headers, body }: HttpStream, progress: Progress): boolean {
  if (status !== 206) return false;
  const { bytes, total } = progress;
  const part = headers['content-range'] ?? 'a part without its place';
  if (part === `bytes ${bytes}-${total - 1}/${total}`) return true;
  drop(body);
  Object.assign(progress, NOTHING);
  throw new Interrupted(`it sent ${part} for bytes ${bytes}- of ${total}`);
}

function begin(job: IsoDownload, { headers, body }: HttpStream): Progress {
  const total = Number(headers['content-length']);
  if (!Number.isSafeInteger(total) || total <= 0) {
    drop(body);
    throw notFetched(job, 'it does not say how long the ISO is');
  }
  const { etag, 'last-modified': lastModified } = headers;
  const validator = etag?.startsWith('"') ? etag : (lastModified ?? null);
  return { bytes: 0, total, lastModified: lastModified ?? null, validator };
}

async function keep(job: IsoDownload, file: FileHandle, progress: Progress, chunk: Buffer): Promise<void> {
  await file.writeFile(chunk).catch((error: unknown) => {
    throw storage(job.to, error);
  });
  const { bytes, total } = progress;
  progress.bytes += chunk.length;
  const percent = (count: number): number => Math.floor((100 * count) / total);
  if (percent(progress.bytes) > percent(bytes)) job.onProgress?.(progress.bytes, total);
}

/** A body that nobody reads; the error of its end is nobody's either. */
function drop(body: Readable): void {
  body.on('error', () => undefined).destroy();
}

export function notFetched({ url }: IsoDownload, seen: string): SnobootError {
  return new SnobootError('E-ISO-FETCH', `no ISO from ${new URL(url).host}: ${seen}`);
}

export function storage(path: string, error: unknown): SnobootError {
  return new SnobootError('E-STATE', `cannot write ${path}: ${(error as Error).message}`, undefined, error);
}
