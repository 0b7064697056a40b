/** What is in the slot, putting an image in, and taking it out. */
import type { Connection, Outcome } from './connection.ts';
import type { MediaState } from './model.ts';
import { patch } from './patch.ts';
import type { Quirk } from './quirks/quirk.ts';
import { refused, says } from './refusal.ts';
import { settle } from './settle.ts';
import type { Slot } from './slots.ts';
import { type Answer, actionOf, type Doc, lastPart, realText } from './wire.ts';

/**
 * Whether a medium is in, from three witnesses that contradict each other (redfish.md 1.5, 2.10): Inserted counts
 * first; without it an image that is connected; ConnectedVia alone never (sushy-tools says `URI` when empty, HPE's
 * emulator `NotConnected` when full), except that a name left behind and not connected is no medium.
 */
export function mediaState(doc: Doc, quirk: Quirk, lastUrl: string | null = null): MediaState {
  const image = realText(doc['Image']) ?? knownUrl(realText(doc['ImageName']), lastUrl);
  const connected = realText(doc['ConnectedVia']) ?? 'URI';
  const attached = connected !== 'NotConnected';
  const said = doc['Inserted'];
  const inserted =
    typeof said === 'boolean'
      ? said && (attached || (image !== null && !quirk.mountedOnlyByUri))
      : image !== null && attached;
  return inserted ? { inserted, image } : { inserted, image: null };
}

/** Some BMCs show only the last part of the URL. */
function knownUrl(name: string | null, lastUrl: string | null): string | null {
  return name !== null && lastUrl !== null && lastPart(new URL(lastUrl).pathname) === name ? lastUrl : name;
}

export function createMedia(slot: Slot, quirk: Quirk) {
  let lastUrl: string | null = null;
  const read = async (conn: Connection): Promise<MediaState> =>
    mediaState((await conn.get(slot.path)).doc, quirk, lastUrl);
  return {
    read,
    async insert(conn: Connection, url: string): Promise<void> {
      lastUrl = url;
      const done = async (c: Connection): Promise<boolean> => (await read(c)).image === url;
      const tried = new Set<string>();
      for (let body = firstBody(slot, url); ;) {
        tried.add(JSON.stringify(body));
        const sent = body;
        const answer = await settle(conn, { send: (c) => writeSlot(c, slot, sent), done });
        if (!answer) return;
        const next = repaired(answer, sent, url);
        if (!next || tried.has(JSON.stringify(next)))
          throw refused(answer, `insert the ISO into ${slot.path}`, quirk.licence);
        body = next;
      }
    },
    eject: (conn: Connection): Promise<void> => eject(conn, slot, quirk),
  };
}

function firstBody({ insertTarget }: Slot, url: string): Doc {
  return insertTarget === null ? { Image: url, Inserted: true, WriteProtected: true } : { Image: url };
}

function writeSlot(conn: Connection, { path, insertTarget }: Slot, body: Doc): Promise<Outcome> {
  return insertTarget === null ? patch(conn, path, body) : conn.write('POST', insertTarget, body);
}

/** What a refusal may name, and what is added then (redfish.md 1.6); the dummy login is for NVIDIA's DGX. */
const REPAIRS: readonly { named: RegExp; add: (url: string) => Doc }[] = [
  {
    named: /TransferProtocolType/,
    add: (url) => ({ TransferProtocolType: new URL(url).protocol.slice(0, -1).toUpperCase() }),
  },
  { named: /TransferMethod/, add: () => ({ TransferMethod: 'Stream' }) },
  { named: /UserName|Password/, add: () => ({ UserName: 'none', Password: 'none' }) },
];

/** Refusals that no other body cures: the image cannot be reached, or the account or licence is wrong. */
const INCURABLE =
  /licen[cs]e|product key|privilege|AccessDenied|CouldNotEstablish|SourceDoesNotSupport|ResourceAtUri|NotReachable|not reachable|RAC0904|RAC0720|SYS446/i;

function repaired(answer: Answer, body: Doc, url: string): Doc | null {
  if (answer.status !== 400 || says(answer, INCURABLE)) return null;
  const repair = REPAIRS.find(({ named, add }) => says(answer, named) && !(Object.keys(add(url))[0]! in body));
  return repair ? { ...body, ...repair.add(url) } : { Image: url, Inserted: true, WriteProtected: true };
}

/** Empty already, or emptied: an error of an eject with nothing in is settled by reading (redfish.md 1.5). */
async function eject(conn: Connection, slot: Slot, quirk: Quirk): Promise<void> {
  const { doc } = await conn.get(slot.path);
  if (!mediaState(doc, quirk).inserted && realText(doc['Image']) === null) return;
  const target = actionOf(doc, '#VirtualMedia.EjectMedia')?.target;
  const done = async (c: Connection): Promise<boolean> => !mediaState((await c.get(slot.path)).doc, quirk).inserted;
  const attempts: ((c: Connection) => Promise<Outcome>)[] = target
    ? [(c) => c.write('POST', target, {}), (c) => c.write('POST', target)]
    : [(c) => patch(c, slot.path, { Image: null, Inserted: false }), (c) => patch(c, slot.path, { Inserted: false })];
  for (const [index, send] of attempts.entries()) {
    const answer = await settle(conn, { send, done });
    if (!answer) return;
    const last = index + 1 === attempts.length || ![400, 415].includes(answer.status);
    if (last) throw refused(answer, `eject the medium of ${slot.path}`, quirk.licence);
  }
}
