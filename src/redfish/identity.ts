/** Whose machine it is: what BMC and system say of themselves. */
import { asSnobootError } from '../core/errors.ts';
import type { Connection, Read } from './connection.ts';
import type { BmcIdentity } from './model.ts';
import { membersOf, readAll } from './system.ts';
import { asDoc, type Doc, realText } from './wire.ts';

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** All names by which a family of BMCs is known: maker, vendor, product and the sections of its own. */
export function namesOf(root: Doc, system: Doc, manager: Doc): string {
  const oem = [root, system, manager].flatMap((doc) => Object.keys(asDoc(doc['Oem'])));
  return [system['Manufacturer'], root['Vendor'], root['Product'], manager['Manufacturer'], ...oem].join(' ');
}

export async function identify(
  conn: Connection,
  parts: { root: Doc; system: Read; manager: Doc; slot: string },
): Promise<Omit<BmcIdentity, 'fingerprint'>> {
  const { root, system, manager, slot } = parts;
  return {
    vendor: realText(system.doc['Manufacturer']) ?? realText(root['Vendor']) ?? 'unknown',
    model: realText(system.doc['Model']),
    serial: realText(system.doc['SerialNumber']),
    sku: realText(system.doc['SKU']),
    uuid: realText(system.doc['UUID'])?.toLowerCase() ?? null,
    macs: await macsOf(conn, system.doc),
    firmware: realText(manager['FirmwareVersion']),
    system: system.path,
    slot,
  };
}

/** A list with holes would contradict a right inventory, so it is all of them or none. */
async function macsOf(conn: Connection, system: Doc): Promise<string[]> {
  try {
    const nics = await readAll(conn, await membersOf(conn, system['EthernetInterfaces']));
    const macs = nics.flatMap(({ doc }) => [doc['MACAddress'], doc['PermanentMACAddress']]);
    return [...new Set(macs.map((mac) => String(mac).trim().toLowerCase().replaceAll('-', ':')))].filter((mac) =>
      MAC.test(mac),
    );
  } catch (error) {
    if (asSnobootError(error).code === 'E-BMC-REFUSED') return [];
    throw error;
  }
}
