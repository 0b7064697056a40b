/** The virtual CD drive as the running system sees it: the medium of now, or an error. */
import { HttpError } from '../../core/http-error.ts';
import { bmcLives, noteAt } from '../board.ts';
import { openMedium } from '../medium.ts';
import type { Running } from './running.ts';

export interface Drive {
  size: number;
  read(offset: number, length: number): Promise<Buffer>;
  /** Reads one sector, twice if it must; throws when the medium is gone. */
  touch(): Promise<unknown>;
  /** Writes to the history how much was read since the last time. */
  report(): void;
}

const SECTOR = 2048;
const SMALLEST_READ = 64 * 1024;
const READS = 48;

/** How long a lost connection is tried again before the system hears of it, in real time as all sockets. */
const REAL_PATIENCE_MS = 5000;
const REAL_PAUSE_MS = 200;

/** Opens what is inserted now; throws when nothing is or it cannot be read. */
export async function openDrive(running: Running): Promise<Drive> {
  const { lab, host, signal } = running;
  const { image } = host.bmc.media;
  if (image === null) throw new Error('no medium in the drive');
  const medium = await patiently(running, () => openMedium(lab, host, image, signal)).catch((error: unknown) => {
    if (!signal.aborted) noteAt(lab, host, 'unreadable', image);
    throw error;
  });
  const read = (offset: number, length: number): Promise<Buffer> =>
    patiently(running, async () => {
      if (!bmcLives(lab, host) || host.bmc.media.image !== image) throw new Error('the medium was taken out');
      return medium.read(offset, length);
    });
  const touch = (): Promise<Buffer> => read(16 * SECTOR, SECTOR);
  return {
    size: medium.size,
    read,
    touch: () => touch().catch(touch),
    report: () => medium.report('host'),
  };
}

async function patiently<T>({ lab: { clock }, signal }: Running, read: () => Promise<T>): Promise<T> {
  for (const end = clock.wall() + REAL_PATIENCE_MS; ;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof HttpError) || clock.wall() >= end) throw error;
      await clock.sleep(REAL_PAUSE_MS * clock.factor, signal);
    }
  }
}

/** The whole image: volume descriptors first, then front to back in some dozens of ranges; `pace` after each, with the share read. */
export async function readImage(drive: Drive, pace: (share: number) => Promise<void>): Promise<Buffer> {
  await drive.read(16 * SECTOR, SECTOR);
  await drive.read(17 * SECTOR, SECTOR);
  const length = Math.max(SMALLEST_READ, Math.ceil(drive.size / READS / SECTOR) * SECTOR);
  const parts: Buffer[] = [];
  for (let offset = 0; offset < drive.size; offset += length) {
    parts.push(await drive.read(offset, Math.min(length, drive.size - offset)));
    await pace(Math.min(1, (offset + length) / drive.size));
  }
  return Buffer.concat(parts);
}
