/** Is this file an ISO 9660 image, and all of it? Read from its primary volume descriptor (ECMA-119 §8.4). */
import { open } from 'node:fs/promises';
import { SnobootError } from '../core/errors.ts';
import { printable } from '../core/secret.ts';

const SECTOR = 2048;
const DESCRIPTOR_AT = 16 * SECTOR;
const PRIMARY = 1;
const SHOWN_BYTES = 80;

/**
 * Size in bytes and volume identifier, e.g. `rhcos-9.6.20260112-0`. Rejects with E-ISO-FORMAT for a file that is not
 * there, is no ISO image (the beginning of a text is quoted: it is often a login page), or is shorter than it says.
 */
export async function checkIso(file: string): Promise<{ size: number; volumeId: string }> {
  const { size, start, descriptor } = await readParts(file);
  const magic = descriptor.toString('latin1', 1, 6);
  if (descriptor.length < SECTOR || descriptor[0] !== PRIMARY || magic !== 'CD001') throw noIso(size, start);
  const promised = descriptor.readUInt32LE(80) * descriptor.readUInt16LE(128);
  if (promised === 0 || size < promised)
    throw wrong(`the ISO has ${size} bytes and says that it has ${promised}`, 'download it again: it is cut short');
  return { size, volumeId: printable(descriptor.toString('latin1', 40, 72).trimEnd()) };
}

async function readParts(path: string): Promise<{ size: number; start: Buffer; descriptor: Buffer }> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const part = async (position: number, length: number): Promise<Buffer> => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    return { size, start: await part(0, SHOWN_BYTES), descriptor: await part(DESCRIPTOR_AT, SECTOR) };
  } catch (error) {
    throw wrong(`no ISO can be read at ${path}: ${(error as Error).message}`, 'download it again');
  }
}

function noIso(size: number, start: Buffer): SnobootError {
  const text = start.toString('utf8').trimStart();
  const isText = text !== '' && !/[\u0000-\u0008\ufffd]/.test(text.slice(0, -1));
  const seen = isText ? `it begins with ${JSON.stringify(text)}` : 'no CD001 at byte 32769';
  return wrong(
    `${size} bytes that are no ISO image: ${seen}`,
    'open the image URL of the infra-env and see what it gives',
  );
}

function wrong(message: string, todo: string): SnobootError {
  return new SnobootError('E-ISO-FORMAT', message, todo);
}
