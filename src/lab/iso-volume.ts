/** Writes an ISO 9660 volume: level 1 names, Rock Ridge names beside them, El Torito boot records (assisted-service.md §4.1, §4.6). */
import { bootCatalog, bootDescriptor, primaryDescriptor, SECTOR } from './iso-descriptors.ts';
import { directoryRecord, rockRidgeExtension } from './iso-records.ts';

export interface VolumeFile {
  /** Path without a leading slash; each part at most 8.3 characters once cut (`igninfo.json` becomes `IGNINFO.JSO`). */
  path: string;
  content: Buffer;
}

interface Entry {
  name: string;
  parent: Directory | null;
  sector: number;
  size: number;
}

interface Directory extends Entry {
  directories: Directory[];
  files: (Entry & { content: Buffer; path: string })[];
}

export interface Volume {
  image: Buffer;
  /** Path to the file's first byte in the image. */
  offsets: Map<string, number>;
}

const DESCRIPTORS = { primary: 16, boot: 17, end: 18, pathTableL: 19, pathTableM: 20, catalog: 21, first: 22 };

/** The volume as one buffer; `boot` names the BIOS and the EFI image among the files. The same input gives the same bytes. */
export function buildVolume(id: string, files: VolumeFile[], boot: { bios: string; efi: string }): Volume {
  const root = treeOf(files);
  const directories = breadthFirst(root);
  let next = DESCRIPTORS.first;
  for (const directory of directories) directory.sector = next++;
  const extension = next++;
  const entries = directories.flatMap((directory) => directory.files);
  for (const file of entries) {
    file.sector = next;
    next += Math.max(1, Math.ceil(file.size / SECTOR));
  }
  const image = Buffer.alloc(next * SECTOR);
  const put = (sector: number, bytes: Buffer): number => bytes.copy(image, sector * SECTOR);
  const tables = [pathTable(directories, false), pathTable(directories, true)] as const;
  const pathTables = {
    length: tables[0].length,
    littleEndian: DESCRIPTORS.pathTableL,
    bigEndian: DESCRIPTORS.pathTableM,
  };
  put(DESCRIPTORS.primary, primaryDescriptor(id, next, pathTables, root.sector));
  put(DESCRIPTORS.boot, bootDescriptor(DESCRIPTORS.catalog));
  put(DESCRIPTORS.end, Buffer.from('\xffCD001\x01', 'latin1'));
  put(DESCRIPTORS.pathTableL, tables[0]);
  put(DESCRIPTORS.pathTableM, tables[1]);
  const found = (path: string): Entry => entries.find((file) => file.path === path)!;
  put(DESCRIPTORS.catalog, bootCatalog(found(boot.bios), found(boot.efi)));
  put(extension, rockRidgeExtension());
  for (const directory of directories) put(directory.sector, directoryExtent(directory, extension));
  for (const file of entries) put(file.sector, file.content);
  return { image, offsets: new Map(entries.map((file) => [file.path, file.sector * SECTOR])) };
}

function treeOf(files: VolumeFile[]): Directory {
  const root = emptyDirectory('', null);
  for (const { path, content } of files) {
    const parts = path.split('/');
    let at = root;
    for (const name of parts.slice(0, -1)) {
      let child = at.directories.find((directory) => directory.name === name);
      if (!child) at.directories.push((child = emptyDirectory(name, at)));
      at = child;
    }
    at.files.push({ name: parts.at(-1)!, parent: at, sector: 0, size: content.length, content, path });
  }
  return root;
}

function emptyDirectory(name: string, parent: Directory | null): Directory {
  return { name, parent, sector: 0, size: SECTOR, directories: [], files: [] };
}

function breadthFirst(root: Directory): Directory[] {
  const all = [root];
  for (const directory of all) {
    directory.directories.sort((a, b) => (shortName(a.name) < shortName(b.name) ? -1 : 1));
    all.push(...directory.directories);
  }
  return all;
}

/** Upper case, eight characters and three of the extension: what coreos-installer looks for. */
function shortName(name: string): string {
  const [base = '', extension] = name.toUpperCase().split('.');
  return extension === undefined ? base.slice(0, 8) : `${base.slice(0, 8)}.${extension.slice(0, 3)}`;
}

/** The records of a folder; the root's own one points to the extension record, which lies behind all folders. */
function directoryExtent(directory: Directory, extension: number): Buffer {
  const parent = directory.parent ?? directory;
  const children = [
    ...directory.directories.map((child) => ({ ...child, folder: true, short: shortName(child.name) })),
    ...directory.files.map((child) => ({ ...child, folder: false, short: fileIdentifier(child.name) })),
  ].sort((a, b) => (a.short < b.short ? -1 : 1));
  return Buffer.concat([
    directoryRecord({
      id: '\0',
      ...place(directory),
      folder: true,
      ...(directory.parent ? {} : { continuation: extension }),
    }),
    directoryRecord({ id: '\x01', ...place(parent), folder: true }),
    ...children.map((child) =>
      directoryRecord({ id: child.short, ...place(child), folder: child.folder, name: child.name }),
    ),
  ]);
}

const place = ({ sector, size }: Entry): { sector: number; size: number } => ({ sector, size });

function fileIdentifier(name: string): string {
  const short = shortName(name);
  return `${short.includes('.') ? short : `${short}.`};1`;
}

function pathTable(directories: Directory[], bigEndian: boolean): Buffer {
  return Buffer.concat(
    directories.map((directory) => {
      const name = Buffer.from(directory.parent ? shortName(directory.name) : '\0', 'latin1');
      const record = Buffer.alloc(8 + name.length + (name.length % 2));
      record[0] = name.length;
      const parent = directories.indexOf(directory.parent ?? directory) + 1;
      if (bigEndian) record.writeUInt16BE(parent, record.writeUInt32BE(directory.sector, 2));
      else record.writeUInt16LE(parent, record.writeUInt32LE(directory.sector, 2));
      name.copy(record, 8);
      return record;
    }),
  );
}
