/** The body of a media answer: from the file to the socket, no faster than it is read, and not a byte more once it is not. */
import { type FileHandle, open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

const CHUNK = 256 * 1024;

/**
 * Sends status, headers and `reply.body` out of the file at `path`; `sent` hears of every piece, of at most 256 KiB, that
 * the system has taken. Ends quietly when the reader goes away. A file that is gone is a 500, one cut short a cut answer.
 */
export async function sendSpan(
  response: ServerResponse,
  reply: Reply,
  path: string,
  sent: (bytes: number) => void,
): Promise<void> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return void response.writeHead(500, { 'content-length': 0 }).end();
  try {
    response.writeHead(reply.status, reply.headers);
    const { first, last } = reply.body ?? { first: 0, last: -1 };
    const complete = await pump(file, response, first, last, sent);
    if (complete) response.end();
    else response.destroy();
  } finally {
    await file.close();
  }
}

async function pump(
  file: FileHandle,
  response: ServerResponse,
  first: number,
  last: number,
  sent: (bytes: number) => void,
): Promise<boolean> {
  for (let position = first; position <= last;) {
    const length = Math.min(CHUNK, last - position + 1);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0 || !(await taken(response, buffer.subarray(0, bytesRead)))) return false;
    sent(bytesRead);
    position += bytesRead;
  }
  return true;
}

/** Whether the system took the piece; false when the connection ended first. */
function taken(response: ServerResponse, piece: Buffer): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const gone = (): void => resolve(false);
    response.once('close', gone);
    response.write(piece, (error) => {
      response.off('close', gone);
      resolve(!error);
    });
  });
}
