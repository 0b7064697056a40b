/** Directory records of ISO 9660 with their Rock Ridge fields, and the numbers that are written in both byte orders. */

export interface RecordFields {
  /** The identifier as it stands: `\0` and `\x01` for the folder itself and its parent. */
  id: string;
  sector: number;
  size: number;
  folder: boolean;
  /** Rock Ridge name. */
  name?: string;
  /** Sector of the Rock Ridge extension record; only for the root's own record. */
  continuation?: number;
  /** Without Rock Ridge: the copy of the root's record in the volume descriptor. */
  bare?: boolean;
}

/** 2026-01-01 00:00 UTC: the same in each image. */
const DATE = [126, 1, 1, 0, 0, 0, 0];
const EXTENSION_LENGTH = 237;

/** 32 bits, little endian and then big endian. */
export function both32(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(value, bytes.writeUInt32LE(value));
  return bytes;
}

/** 16 bits, little endian and then big endian. */
export function both16(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(value, bytes.writeUInt16LE(value));
  return bytes;
}

/** One directory record (ECMA-119 9.1), of even length. */
export function directoryRecord(fields: RecordFields): Buffer {
  const id = Buffer.from(fields.id, 'latin1');
  const fixed = Buffer.concat([
    Buffer.from([0, 0]),
    both32(fields.sector),
    both32(fields.size),
    Buffer.from([...DATE, fields.folder ? 2 : 0, 0, 0]),
    both16(1),
    Buffer.from([id.length]),
    id,
    Buffer.alloc(1 - (id.length % 2)),
  ]);
  const record = Buffer.concat([fixed, ...(fields.bare ? [] : rockRidge(fields))]);
  const even = record.length % 2 ? Buffer.concat([record, Buffer.alloc(1)]) : record;
  even[0] = even.length;
  return even;
}

function rockRidge(fields: RecordFields): Buffer[] {
  const mode = fields.folder ? 0o040555 : 0o100444;
  const parts = [field('PX', both32(mode), both32(fields.folder ? 2 : 1), both32(0), both32(0))];
  if (fields.name) parts.push(field('NM', Buffer.from([0]), Buffer.from(fields.name, 'latin1')));
  if (fields.continuation === undefined) return parts;
  const where = [both32(fields.continuation), both32(0), both32(EXTENSION_LENGTH)];
  return [field('SP', Buffer.from([0xbe, 0xef, 0])), ...parts, field('CE', ...where)];
}

function field(signature: string, ...data: Buffer[]): Buffer {
  const body = Buffer.concat(data);
  return Buffer.concat([Buffer.from(signature, 'latin1'), Buffer.from([body.length + 4, 1]), body]);
}

/** The ER field that announces Rock Ridge (RRIP 1.09), for the continuation area. */
export function rockRidgeExtension(): Buffer {
  const id = 'RRIP_1991A';
  const text = 'THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS';
  const source =
    'PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN PRIMARY VOLUME DESCRIPTOR FOR CONTACT INFORMATION.';
  const lengths = Buffer.from([id.length, text.length, source.length, 1]);
  return field('ER', lengths, Buffer.from(id + text + source, 'latin1'));
}
