/** How the kernel and Ignition come to the configuration: embed area → gunzip → newc cpio → config.ign (assisted-service.md §4.2). */
import { gunzipSync } from 'node:zlib';
import { fileOnIso } from './iso-tree.ts';

const LARGEST = 8 * 1024 * 1024;

/** The text of config.ign. Throws an Error that says what is broken. */
export function configOf(image: Buffer): string {
  const area = embedArea(image);
  if (area.every((byte) => byte === 0)) throw new Error('the embed area is empty');
  const archive = area[0] === 0x1f && area[1] === 0x8b ? gunzipSync(area, { maxOutputLength: LARGEST }) : area;
  const config = fileIn(archive, 'config.ign');
  if (!config) throw new Error('no config.ign in the embed area');
  return config.toString();
}

/** The file that `/coreos/igninfo.json` names. */
function embedArea(image: Buffer): Buffer {
  const info = fileOnIso(image, 'COREOS/IGNINFO.JSO');
  const { file = '' } = JSON.parse(info?.toString() ?? '{}') as { file?: string };
  const area = fileOnIso(image, file.toUpperCase());
  if (!area) throw new Error('no embed area on the ISO');
  return area;
}

const HEADER = 110;
const padded = (n: number): number => Math.ceil(n / 4) * 4;

/** The last file of that name, as the kernel unpacks it; the archive is read to its end. */
function fileIn(archive: Buffer, wanted: string): Buffer | undefined {
  let found: Buffer | undefined;
  for (let at = 0; ;) {
    if (archive.toString('latin1', at, at + 6) !== '070701') throw new Error('no cpio archive, or a broken one');
    const field = (n: number): number => parseInt(archive.toString('latin1', at + 6 + n * 8, at + 14 + n * 8), 16);
    const [size, nameSize] = [field(6), field(11)];
    const name = archive.toString('utf8', at + HEADER, at + HEADER + nameSize - 1);
    const data = at + padded(HEADER + nameSize);
    if (name === 'TRAILER!!!') return found;
    if (name === wanted) found = archive.subarray(data, data + size);
    at = data + padded(size);
  }
}
