/** The inserted medium as a BMC or host reads it: HEAD, then single ranges over HTTP (iso-readers.md §1). */
import type { Lab } from './context.ts';
import type { LabHost } from './world.ts';

export interface Medium {
  /** Bytes. */
  size: number;
  /** Exactly `length` bytes from `offset`; throws when the server gives anything else. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Writes to the history how much was read since the last report. */
  report(by: 'bmc' | 'host'): void;
}

const REAL_TIMEOUT_MS = 10_000;

/** Asks for the length. Throws an Error that says why when there is nothing to be read. */
export async function openMedium(lab: Lab, host: LabHost, image: string, signal: AbortSignal): Promise<Medium> {
  const url = lab.faults.at('bmc.media-url', host.id, image);
  const common = { url, timeoutMs: REAL_TIMEOUT_MS, trust: { kind: 'insecure' }, signal } as const;
  const head = await lab.send({ ...common, method: 'HEAD' });
  const size = Number(head.headers['content-length']);
  if (head.status !== 200 || !(size > 0)) throw new Error(`HEAD answers ${head.status}, length ${size}`);
  let [requests, bytes] = [1, 0];
  return {
    size,
    async read(offset, length) {
      const range = `bytes=${offset}-${offset + length - 1}`;
      const answer = await lab.send({ ...common, method: 'GET', headers: { range } });
      requests++;
      bytes += answer.body.length;
      if (answer.status !== 206 || answer.body.length !== length)
        throw new Error(`GET of ${range} answers ${answer.status} with ${answer.body.length} bytes`);
      return answer.body;
    },
    report(by) {
      lab.record({ kind: 'media', to: host.id, action: 'read', image, by, requests, bytes });
      [requests, bytes] = [0, 0];
    },
  };
}
