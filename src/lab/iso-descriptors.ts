/** Volume descriptors and boot catalog of an ISO 9660 image: what lies before its folders. */
import { both16, both32, directoryRecord } from './iso-records.ts';

export const SECTOR = 2048;

export interface PathTables {
  /** Bytes of each. */
  length: number;
  /** Sectors. */
  littleEndian: number;
  bigEndian: number;
}

/** The primary volume descriptor (ECMA-119 8.4); the root folder takes one sector. */
export function primaryDescriptor(id: string, sectors: number, tables: PathTables, rootSector: number): Buffer {
  const d = Buffer.alloc(SECTOR);
  d.write('\x01CD001\x01', 0, 'latin1');
  d.fill(' ', 8, 72).write(id, 40, 32, 'latin1');
  both32(sectors).copy(d, 80);
  for (const at of [120, 124]) both16(1).copy(d, at);
  both16(SECTOR).copy(d, 128);
  both32(tables.length).copy(d, 132);
  d.writeUInt32LE(tables.littleEndian, 140);
  d.writeUInt32BE(tables.bigEndian, 148);
  directoryRecord({ id: '\0', sector: rootSector, size: SECTOR, folder: true, bare: true }).copy(d, 156);
  d.fill(' ', 190, 813);
  for (const at of [813, 830, 847, 864]) d.write('0'.repeat(16), at, 'latin1');
  d[881] = 1;
  return d;
}

/** The El Torito boot record, which names the sector of the boot catalog. */
export function bootDescriptor(catalog: number): Buffer {
  const d = Buffer.alloc(SECTOR);
  d.write('\0CD001\x01EL TORITO SPECIFICATION', 0, 'latin1');
  d.writeUInt32LE(catalog, 71);
  return d;
}

export interface BootImage {
  sector: number;
  /** Bytes. */
  size: number;
}

/** Validation entry, the BIOS image without emulation (four sectors are loaded), a section with the EFI image. */
export function bootCatalog(bios: BootImage, efi: BootImage): Buffer {
  const catalog = Buffer.alloc(SECTOR);
  catalog.set([1], 0);
  catalog.set([0xaa, 0x55, 0x55, 0xaa], 28);
  catalog.set([0x88], 32);
  catalog.writeUInt32LE(bios.sector, catalog.writeUInt16LE(4, 38));
  catalog.set([0x91, 0xef, 1], 64);
  catalog.set([0x88], 96);
  catalog.writeUInt32LE(efi.sector, catalog.writeUInt16LE(Math.ceil(efi.size / 512), 102));
  return catalog;
}
