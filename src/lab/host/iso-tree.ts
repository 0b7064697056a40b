/** The host's own reader of ISO 9660: files by path, with the Rock Ridge names that Linux sees. */

export interface Extent {
  offset: number;
  length: number;
}

const SECTOR = 2048;
const DEEPEST = 8;

/** Files by path without leading slash, in upper case. Throws an Error when it is no ISO that a firmware boots. */
export function readIsoTree(image: Buffer): Map<string, Extent> {
  const descriptor = image.subarray(16 * SECTOR, 17 * SECTOR);
  if (descriptor.toString('latin1', 0, 7) !== '\u0001CD001\u0001') throw new Error('no ISO 9660 volume');
  if (image.toString('latin1', 17 * SECTOR + 7, 17 * SECTOR + 30) !== 'EL TORITO SPECIFICATION')
    throw new Error('no El Torito boot record');
  const files = new Map<string, Extent>();
  walk(image, extentOf(descriptor.subarray(156)), '', files, 0);
  return files;
}

const extentOf = (record: Buffer): Extent => ({
  offset: record.readUInt32LE(2) * SECTOR,
  length: record.readUInt32LE(10),
});

function walk(
  image: Buffer,
  { offset, length }: Extent,
  path: string,
  files: Map<string, Extent>,
  depth: number,
): void {
  if (depth > DEEPEST) throw new Error('directories are too deep');
  const end = offset + length;
  for (let at = offset; at < end;) {
    const size = image[at]!;
    if (size === 0) {
      at = (Math.floor(at / SECTOR) + 1) * SECTOR;
      continue;
    }
    const record = image.subarray(at, at + size);
    at += size;
    if (record[32] === 1 && record[33]! < 2) continue;
    const name = `${path}${nameOf(record)}`.toUpperCase();
    if (record[25]! & 2) walk(image, extentOf(record), `${name}/`, files, depth + 1);
    else files.set(name, extentOf(record));
  }
}

/** The Rock Ridge name, else the plain one without version. */
function nameOf(record: Buffer): string {
  const length = record[32]!;
  for (let at = 33 + length + ((length + 1) % 2); at + 4 <= record.length; at += record[at + 2]!) {
    if (record[at + 2]! < 4) break;
    if (record.toString('latin1', at, at + 2) === 'NM') return record.toString('utf8', at + 5, at + record[at + 2]!);
  }
  return record.toString('latin1', 33, 33 + length).replace(/\.?;1$/, '');
}
