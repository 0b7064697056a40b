/** The one-time boot by a manager's attributes, where the standard `Cd` means a drive of metal: redfish.md 2.1. */
import type { Boot } from './boot.ts';
import type { Connection, Read } from './connection.ts';
import type { BootState } from './model.ts';
import { patch } from './patch.ts';
import type { AttributeBoot } from './quirks/quirk.ts';
import { refused } from './refusal.ts';
import { settle } from './settle.ts';
import { asDoc, type Doc, lastPart, linksOf } from './wire.ts';

/** Null where the manager shows no such attributes, or does not need them. */
export function createAttributeBoot(manager: Doc, wanted: AttributeBoot | undefined): Boot | null {
  if (!wanted?.wanted(String(manager['Model']), String(manager['FirmwareVersion']))) return null;
  const oem = asDoc(asDoc(asDoc(manager['Links'])['Oem'])[wanted.link.vendor]);
  const path = linksOf(oem[wanted.link.list]).find((link) => wanted.link.id.test(lastPart(link)));
  if (!path) return null;
  const read = async (conn: Connection): Promise<BootState> => stateOf(await conn.get(path), wanted);
  const write = async (conn: Connection, attributes: Readonly<Record<string, string>>): Promise<void> => {
    const answer = await settle(conn, {
      send: (c) => patch(c, path, { Attributes: attributes }),
      done: async (c) => holds(await c.get(path), attributes),
    });
    if (answer) throw refused(answer, 'take the boot override');
  };
  return { read, once: (conn) => write(conn, wanted.once), clear: (conn) => write(conn, wanted.clear) };
}

function stateOf(read: Read, { once }: AttributeBoot): BootState {
  return holds(read, once)
    ? { enabled: 'Once', target: 'Cd', mode: null }
    : { enabled: 'Disabled', target: null, mode: null };
}

function holds({ doc }: Read, attributes: Readonly<Record<string, string>>): boolean {
  const present = asDoc(doc['Attributes']);
  return Object.entries(attributes).every(([name, value]) => present[name] === value);
}
