/** Choosing the virtual media slot that can take an ISO: redfish.md 1.3. */
import { SnobootError } from '../core/errors.ts';
import type { Connection, Read } from './connection.ts';
import type { Quirk } from './quirks/quirk.ts';
import { membersOf, readAll } from './system.ts';
import { actionOf, type Doc, lastPart, linkOf, linksOf, samePath, strings } from './wire.ts';

export interface Slot {
  path: string;
  /** Target of InsertMedia; null where the slot is written by PATCH (Lenovo XCC). */
  insertTarget: string | null;
}

/** Lenovo's upload and remote-share slots, OpenBMC's and Dell's removable disks: never for an ISO by URL. */
const EXCLUDED = /^(RDOC|Remote|RemovableDisk|Floppy)/i;
const CD_LIKE = 2;

/** The manager that speaks for the system, first of `Links.ManagedBy`, else of the root's collection. */
export async function managersOf(conn: Connection, root: Doc, system: Doc): Promise<Read[]> {
  const links = system['Links'] as Doc | undefined;
  const linked = await readAll(conn, linksOf(links?.['ManagedBy']));
  return linked.length > 0 ? linked : readAll(conn, await membersOf(conn, root['Managers']));
}

/**
 * The best slot of the system, else of its managers, else of all managers (`root`). What is in it does not count, so
 * that every run finds the same one. E-BMC-NO-SLOT lists what was seen.
 */
export async function chooseSlot(
  conn: Connection,
  places: { root: Doc; system: Read; managers: Read[] },
  quirk: Quirk,
): Promise<Slot> {
  const seen: Read[] = [];
  const near = [places.system, ...places.managers];
  for (const place of near) {
    seen.push(...(await slotsOf(conn, place, seen)));
    const best = bestOf(seen, quirk);
    if (best && rank(best.doc) >= CD_LIKE) return asSlot(best);
  }
  const others = (await membersOf(conn, places.root['Managers'])).filter(
    (path) => !near.some((read) => samePath(read.path, path)),
  );
  for (const manager of await readAll(conn, others)) seen.push(...(await slotsOf(conn, manager, seen)));
  const best = bestOf(seen, quirk);
  if (best) return asSlot(best);
  throw noSlot(places.system.path, seen);
}

async function slotsOf(conn: Connection, place: Read, seen: Read[]): Promise<Read[]> {
  const members = linkOf(place.doc['VirtualMedia']) ? await membersOf(conn, place.doc['VirtualMedia']) : [];
  const fresh = members.filter((path) => !EXCLUDED.test(lastPart(path)) && !seen.some((s) => samePath(s.path, path)));
  return readAll(conn, fresh);
}

function bestOf(slots: Read[], quirk: Quirk): Read | undefined {
  const score = (slot: Read): number => {
    const place = quirk.firstSlots.indexOf(lastPart(slot.path));
    return rank(slot.doc) + (place < 0 ? 0 : 0.9 - place / 10);
  };
  return slots.filter(isUsable).sort((a, b) => score(b) - score(a))[0];
}

/** OpenBMC's proxy slots can neither insert by URL nor be patched. */
function isUsable({ doc, headers }: Read): boolean {
  return actionOf(doc, '#VirtualMedia.InsertMedia') !== null || /\bPATCH\b/.test(headers['allow'] ?? '');
}

/** 4 CD, 3 DVD, 2 no media types but a name like CD1 (AMI), 1 neither, 0 USB sticks and floppies only. */
function rank(doc: Doc): number {
  const types = strings(doc['MediaTypes']);
  if (types.includes('CD')) return 4;
  if (types.includes('DVD')) return 3;
  if (types.length > 0) return 0;
  return /^CD/i.test(String(doc['Id'])) ? 2 : 1;
}

function asSlot({ path, doc }: Read): Slot {
  return { path, insertTarget: actionOf(doc, '#VirtualMedia.InsertMedia')?.target ?? null };
}

function noSlot(system: string, seen: Read[]): SnobootError {
  const list = seen.map(({ path, doc }) => `${path} (${strings(doc['MediaTypes']).join(', ') || 'no media types'})`);
  return new SnobootError(
    'E-BMC-NO-SLOT',
    `no virtual media slot of ${system} takes an image by URL; seen: ${list.join(', ') || 'none'}`,
  );
}
