/** Files of an ISO 9660 image by their path: only what is asked for is read (ECMA-119 §9.1; Rock Ridge's longer names too). */
import { type FileHandle, open } from 'node:fs/promises';
import { SnobootError } from '../core/errors.ts';

const SECTOR = 2048;
const ROOT_RECORD_AT = 16 * SECTOR + 156;
const LARGEST_FOLDER = 1024 * 1024;

/** Where a file's bytes stand in the image. */
export interface Extent {
  offset: number;
  length: number;
}

export interface IsoTree {
  /** Of a path such as `images/ignition.img`, in any case; undefined where there is none. */
  find(path: string): Promise<Extent | undefined>;
  /** Throws E-ISO-FORMAT where the image ends before. */
  read(extent: Extent): Promise<Buffer>;
}

/** Opens the image for as long as `work` takes. */
export async function withIso<T>(file: string, work: (tree: IsoTree) => Promise<T>): Promise<T> {
  await using image = await open(file, 'r');
  const read = (extent: Extent): Promise<Buffer> => readFrom(image, extent);
  const find = async (path: string): Promise<Extent | undefined> => {
    let found = extentOf(await read({ offset: ROOT_RECORD_AT, length: 34 }));
    for (const part of path.split('/')) {
      if (found.length > LARGEST_FOLDER) return undefined;
      const record = recordsIn(await read(found)).find((one) => namesOf(one).some((name) => isNamed(name, part)));
      if (!record) return undefined;
      found = extentOf(record);
    }
    return found;
  };
  return await work({ find, read });
}

async function readFrom(image: FileHandle, { offset, length }: Extent): Promise<Buffer> {
  const { bytesRead, buffer } = await image.read(Buffer.alloc(length), 0, length, offset);
  if (bytesRead === length) return buffer;
  throw new SnobootError('E-ISO-FORMAT', `the ISO ends before byte ${offset + length}`, 'download it again');
}

function extentOf(record: Buffer): Extent {
  return { offset: record.readUInt32LE(2) * SECTOR, length: record.readUInt32LE(10) };
}

/** The records of a folder; none crosses a sector, and what is left of one is zeros. */
function recordsIn(folder: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < folder.length;) {
    const size = folder[at]!;
    if (size >= 34) records.push(folder.subarray(at, at + size));
    at = size >= 34 ? at + size : (Math.floor(at / SECTOR) + 1) * SECTOR;
  }
  return records;
}

/** The plain name without its version, and Rock Ridge's where there is one. */
function namesOf(record: Buffer): string[] {
  const length = record[32]!;
  const plain = record.toString('latin1', 33, 33 + length).replace(/\.?;\d+$/, '');
  for (let at = 33 + length + ((length + 1) % 2); at + 4 < record.length && record[at + 2]! >= 4; at += record[at + 2]!)
    if (record.toString('latin1', at, at + 2) === 'NM')
      return [plain, record.toString('latin1', at + 5, at + record[at + 2]!)];
  return [plain];
}

/** Plain names have eight characters and three of the extension at level 1. */
function isNamed(name: string, part: string): boolean {
  const whole = part.toUpperCase();
  const [stem = '', extension = ''] = whole.split('.');
  return [whole, `${stem.slice(0, 8)}.${extension.slice(0, 3)}`].includes(name.toUpperCase());
}
