/** The archives that a kernel unpacks one after the other: newc cpio, plain or in gzip, with zeros between and behind them (assisted-service.md §4.2). */
import { gunzipSync } from 'node:zlib';

const HEADER = 110;
const LARGEST = 16 * 1024 * 1024;
const ALIGNMENT = 4;

/** Path without leading `/` or `./` → content; the last file of a name wins. Throws an Error that says what is broken. */
export function unpackArchives(area: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = firstByte(area, 0); at < area.length; at = firstByte(area, at)) {
    if (area[at] !== 0x1f || area[at + 1] !== 0x8b) {
      at += unpack(area.subarray(at), files);
      continue;
    }
    const { buffer, engine } = gunzipSync(area.subarray(at), { maxOutputLength: LARGEST, info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    for (let inner = 0; inner < buffer.length; inner = firstByte(buffer, inner))
      inner += unpack(buffer.subarray(inner), files);
    at += engine.bytesWritten;
  }
  return files;
}

function firstByte(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at;
}

/** Returns the length of the archive. */
function unpack(archive: Buffer, files: Map<string, Buffer>): number {
  for (let at = 0; ;) {
    if (!/^07070[12]$/.test(archive.toString('latin1', at, at + 6)))
      throw new Error(`no cpio archive, but ${kindOf(archive)}`);
    const field = (n: number): number => parseInt(archive.toString('latin1', at + 6 + n * 8, at + 14 + n * 8), 16);
    const [size, nameSize] = [field(6), field(11)];
    const name = archive.toString('utf8', at + HEADER, at + HEADER + nameSize - 1);
    const data = at + padded(HEADER + nameSize);
    const next = data + padded(size);
    if (!(next > at) || data + size > archive.length) throw new Error('a cpio archive that ends in the middle');
    if (name === 'TRAILER!!!') return next;
    files.set(name.replace(/^(\.?\/)+/, ''), archive.subarray(data, data + size));
    at = next;
  }
}

const padded = (n: number): number => Math.ceil(n / ALIGNMENT) * ALIGNMENT;

function kindOf(bytes: Buffer): string {
  if (bytes.toString('hex', 0, 6) === 'fd377a585a00') return 'xz, which a service does not write';
  return `bytes ${bytes.toString('hex', 0, 6)}`;
}
