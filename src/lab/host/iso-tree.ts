/** The host's own reader of ISO 9660: files by path. */

const SECTOR = 2048;

/** The contents of a file by its plain path (8.3, upper case); undefined where there is none. Throws an Error when no firmware boots this image. */
export function fileOnIso(image: Buffer, path: string): Buffer | undefined {
  const descriptor = image.subarray(16 * SECTOR, 17 * SECTOR);
  if (descriptor.toString('latin1', 0, 7) !== '\u0001CD001\u0001') throw new Error('no ISO 9660 volume');
  if (image.toString('latin1', 17 * SECTOR + 7, 17 * SECTOR + 30) !== 'EL TORITO SPECIFICATION')
    throw new Error('no El Torito boot record');
  let found: Buffer | undefined = extentOf(image, descriptor.subarray(156));
  for (const part of path.split('/')) {
    const record = recordsIn(found).find((one) => nameOf(one) === part);
    if (!record) return undefined;
    found = extentOf(image, record);
  }
  return found;
}

function extentOf(image: Buffer, record: Buffer): Buffer {
  const offset = record.readUInt32LE(2) * SECTOR;
  return image.subarray(offset, offset + record.readUInt32LE(10));
}

/** The records of a directory; none crosses a sector, and what is left of one is zeros. */
function recordsIn(directory: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < directory.length;) {
    const size = directory[at]!;
    if (size > 0) records.push(directory.subarray(at, at + size));
    at = size > 0 ? at + size : (Math.floor(at / SECTOR) + 1) * SECTOR;
  }
  return records;
}

const nameOf = (record: Buffer): string => record.toString('latin1', 33, 33 + record[32]!).replace(/\.?;1$/, '');
