/** Writes an ISO 9660 volume: level 1 names, El Torito boot records for BIOS and EFI (ECMA-119; assisted-service.md §4.1, §4.6). */

const SECTOR = 2048;
/** Sectors of the descriptors, the path tables and the boot catalog; the folders follow. */
const AT = { primary: 16, boot: 17, end: 18, tableL: 19, tableM: 20, catalog: 21, folders: 22 };
/** 2026-01-01 00:00 UTC: the same in each image. */
const DATE = [126, 1, 1, 0, 0, 0, 0];

interface Place {
  /** Upper case, eight characters and three of the extension: what coreos-installer looks for. */
  id: string;
  sector: number;
  size: number;
}

interface Folder extends Place {
  path: string;
  parent: string;
}

/** The volume, and path → its file's first byte; `boot` names the BIOS and the EFI image. The same input gives the same bytes. */
export function buildVolume(id: string, files: Record<string, Buffer>, boot: { bios: string; efi: string }) {
  const folders = foldersOf(Object.keys(files));
  let next = AT.folders + folders.length;
  const places = new Map<string, Place>();
  for (const [path, { length }] of Object.entries(files)) {
    places.set(path, { id: identifier(path), sector: next, size: length });
    next += Math.max(1, Math.ceil(length / SECTOR));
  }
  const image = Buffer.alloc(next * SECTOR);
  const put = (sector: number, bytes: Buffer): number => bytes.copy(image, sector * SECTOR);
  const tables = [pathTable(folders, false), pathTable(folders, true)] as const;
  put(AT.primary, primaryDescriptor(id, next, tables[0].length));
  put(AT.boot, Buffer.from('\0CD001\x01EL TORITO SPECIFICATION', 'latin1'));
  image.writeUInt32LE(AT.catalog, AT.boot * SECTOR + 71);
  put(AT.end, Buffer.from('\xffCD001\x01', 'latin1'));
  put(AT.tableL, tables[0]);
  put(AT.tableM, tables[1]);
  put(AT.catalog, bootCatalog(places.get(boot.bios)!, places.get(boot.efi)!));
  for (const folder of folders) put(folder.sector, folderExtent(folder, folders, places));
  for (const [path, { sector }] of places) put(sector, files[path]!);
  return { image, offsets: new Map([...places].map(([path, { sector }]) => [path, sector * SECTOR])) };
}

const parentOf = (path: string): string => path.split('/').slice(0, -1).join('/');

/** Every folder above a file, parents first and by name, one sector each; the root's path is empty. */
function foldersOf(paths: string[]): Folder[] {
  const above = (path: string): string[] => (path === '' ? [''] : [path, ...above(parentOf(path))]);
  const depth = (path: string): number => (path === '' ? 0 : path.split('/').length);
  const all = [...new Set(paths.flatMap((path) => above(parentOf(path))))].sort();
  const sorted = all.sort((a, b) => depth(a) - depth(b));
  const shape = (path: string, i: number): Folder => {
    const id = path === '' ? '\0' : path.split('/').at(-1)!.toUpperCase();
    return { id, path, parent: parentOf(path), sector: AT.folders + i, size: SECTOR };
  };
  return sorted.map(shape);
}

function identifier(path: string): string {
  const [base = '', extension = ''] = path.split('/').at(-1)!.toUpperCase().split('.');
  return `${base.slice(0, 8)}.${extension.slice(0, 3)};1`;
}

function folderExtent(folder: Folder, folders: Folder[], places: Map<string, Place>): Buffer {
  const parent = folders.find(({ path }) => path === folder.parent)!;
  const inside = folders.filter((one) => one.path !== '' && one.parent === folder.path);
  const files = [...places].filter(([path]) => parentOf(path) === folder.path).map(([, place]) => place);
  const children = [...inside, ...files].sort((a, b) => (a.id < b.id ? -1 : 1));
  const isFolder = (one: Place): boolean => !one.id.endsWith(';1');
  return Buffer.concat([
    directoryRecord({ ...folder, id: '\0' }, true),
    directoryRecord({ ...parent, id: '\x01' }, true),
    ...children.map((child) => directoryRecord(child, isFolder(child))),
  ]);
}

/** ECMA-119 9.1; numbers stand in both byte orders. */
function directoryRecord({ id, sector, size }: Place, isFolder: boolean): Buffer {
  const record = Buffer.alloc(33 + id.length + ((id.length + 1) % 2));
  record[0] = record.length;
  both32(record, 2, sector);
  both32(record, 10, size);
  record.set([...DATE, isFolder ? 2 : 0], 18);
  both16(record, 28, 1);
  record[32] = id.length;
  record.write(id, 33, 'latin1');
  return record;
}

function both32(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32BE(value, bytes.writeUInt32LE(value, at));
}

function both16(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt16BE(value, bytes.writeUInt16LE(value, at));
}

/** ECMA-119 9.4. */
function pathTable(folders: Folder[], bigEndian: boolean): Buffer {
  const records = folders.map(({ id, sector, parent }) => {
    const record = Buffer.alloc(8 + id.length + (id.length % 2));
    record[0] = id.length;
    const number = folders.findIndex(({ path }) => path === parent) + 1;
    if (bigEndian) record.writeUInt16BE(number, record.writeUInt32BE(sector, 2));
    else record.writeUInt16LE(number, record.writeUInt32LE(sector, 2));
    record.write(id, 8, 'latin1');
    return record;
  });
  return Buffer.concat(records);
}

/** ECMA-119 8.4. */
function primaryDescriptor(id: string, sectors: number, tableLength: number): Buffer {
  const d = Buffer.alloc(SECTOR);
  d.write('\x01CD001\x01', 0, 'latin1');
  d.fill(' ', 8, 72).write(id, 40, 32, 'latin1');
  both32(d, 80, sectors);
  for (const at of [120, 124]) both16(d, at, 1);
  both16(d, 128, SECTOR);
  both32(d, 132, tableLength);
  d.writeUInt32LE(AT.tableL, 140);
  d.writeUInt32BE(AT.tableM, 148);
  directoryRecord({ id: '\0', sector: AT.folders, size: SECTOR }, true).copy(d, 156);
  d.fill(' ', 190, 813);
  for (const at of [813, 830, 847, 864]) d.write('0'.repeat(16), at, 'latin1');
  d[881] = 1;
  return d;
}

/** Validation entry, the BIOS image without emulation (four sectors are loaded), a section with the EFI image. */
function bootCatalog(bios: Place, efi: Place): Buffer {
  const catalog = Buffer.alloc(SECTOR);
  catalog.set([1], 0);
  catalog.set([0xaa, 0x55, 0x55, 0xaa, 0x88], 28);
  catalog.writeUInt32LE(bios.sector, catalog.writeUInt16LE(4, 38));
  catalog.set([0x91, 0xef, 1], 64);
  catalog[96] = 0x88;
  catalog.writeUInt32LE(efi.sector, catalog.writeUInt16LE(Math.ceil(efi.size / 512), 102));
  return catalog;
}
