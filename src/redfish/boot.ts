/** The one-time boot from the virtual CD, by the standard properties: redfish.md 1.7. */
import type { Connection, Outcome, Read } from './connection.ts';
import type { BootState } from './model.ts';
import { patch } from './patch.ts';
import type { Quirk } from './quirks/quirk.ts';
import { refused, says } from './refusal.ts';
import { settle } from './settle.ts';
import { type Answer, asDoc, type Doc, linkOf, realText, samePath, strings } from './wire.ts';

export interface Boot {
  read(conn: Connection): Promise<BootState>;
  /** Always writes: a latch that reads right may be used up (redfish.md 1.0.4). */
  once(conn: Connection): Promise<void>;
  clear(conn: Connection): Promise<void>;
}

const ENABLED = 'BootSourceOverrideEnabled';
const TARGET = 'BootSourceOverrideTarget';
const MODE = 'BootSourceOverrideMode';
const ALLOWED = `${TARGET}@Redfish.AllowableValues`;
const SETTLE_MS = 2_000;
/** AMI: the override is taken only at another resource, which the message names (Tacklebox 111, 144). */
const ELSEWHERE = /OperationSupportedInFutureStateURI/;

/** Written at the system first, at its Settings where only those have the property or the system does not keep it. */
export function createBoot(systemPath: string, quirk: Quirk): Boot {
  let moved: string | null = null;
  const find = async (conn: Connection): Promise<Read> => {
    const system = await conn.get(moved ?? systemPath);
    if (TARGET in asDoc(system.doc['Boot'])) return system;
    return (await settingsOf(conn, system)) ?? system;
  };
  const read = async (conn: Connection): Promise<BootState> => bootState((await find(conn)).doc, quirk);
  const write = async (conn: Connection, bodies: (boot: Doc) => Doc[]): Promise<void> => {
    const place = await find(conn);
    const refusal = await tryBodies(conn, place, bodies(asDoc(place.doc['Boot'])), read);
    const better = refusal ? elsewhere(refusal, place) : await unkept(conn, place, bodies, read);
    if (refusal && !better) throw refused(refusal, 'take the boot override');
    if (!better || samePath(better, place.path)) return;
    moved = better;
    const other = await conn.get(better);
    const second = await tryBodies(
      conn,
      other,
      bodies({ ...asDoc(place.doc['Boot']), ...asDoc(other.doc['Boot']) }),
      read,
    );
    if (second) throw refused(second, 'take the boot override');
  };
  return {
    read,
    once: (conn) => write(conn, (boot) => onceBodies(boot, quirk)),
    clear: (conn) => write(conn, () => [{ [ENABLED]: 'Disabled', [TARGET]: 'None' }, { [ENABLED]: 'Disabled' }]),
  };
}

/** A target of none is no override, whatever Enabled says (sushy-tools says `Continuous` for ever). */
export function bootState(system: Doc, quirk: Quirk): BootState {
  const boot = asDoc(system['Boot']);
  const target = realText(boot[TARGET]);
  const said = quirk.enabledNeverChanges ? 'Once' : (realText(boot[ENABLED]) ?? 'Disabled');
  return { enabled: target === null ? 'Disabled' : said, target, mode: realText(boot[MODE]) };
}

/** Only what is meant to change; the mode only where it is shown and the family can bear it. */
function onceBodies(boot: Doc, quirk: Quirk): Doc[] {
  const allowed = strings(boot[ALLOWED]);
  const target =
    quirk.bootTargets.find((name) => allowed.includes(name)) ?? (allowed.length > 0 ? 'Cd' : quirk.bootTargets[0]);
  const short = { [ENABLED]: 'Once', [TARGET]: target };
  if (quirk.sendMode === 'never' || !(MODE in boot)) return [short];
  const long = { ...short, [MODE]: 'UEFI' };
  return quirk.sendMode === 'first' ? [long, short] : [short, long];
}

/** Null when one of the bodies was taken, else the last refusal. */
async function tryBodies(conn: Connection, place: Read, bodies: Doc[], read: Boot['read']): Promise<Answer | null> {
  let fresh: Read | undefined = place;
  let refusal: Answer | null = null;
  for (const body of bodies) {
    const send = (c: Connection): Promise<Outcome> => {
      const known = fresh;
      fresh = undefined;
      return patch(c, place.path, { Boot: body }, known);
    };
    refusal = await settle(conn, { send, done: async (c) => agrees(await read(c), body) });
    if (!refusal || refusal.status !== 400 || says(refusal, ELSEWHERE)) return refusal;
  }
  return refusal;
}

function agrees(state: BootState, body: Doc): boolean {
  const wanted = realText(body[TARGET]);
  return wanted === null ? state.enabled === 'Disabled' : state.enabled !== 'Disabled' && state.target === wanted;
}

/** The Settings resource when the system has one and did not keep what was written; null when all is well. */
async function unkept(
  conn: Connection,
  place: Read,
  bodies: (boot: Doc) => Doc[],
  read: Boot['read'],
): Promise<string | null> {
  if (!settingsLink(place)) return null;
  await conn.sleep(SETTLE_MS);
  const state = await read(conn);
  if (bodies(asDoc(place.doc['Boot'])).some((body) => agrees(state, body))) return null;
  return (await settingsOf(conn, place))?.path ?? null;
}

/** The resource that the message names, else the Settings. */
function elsewhere(refusal: Answer, place: Read): string | null {
  if (!says(refusal, ELSEWHERE)) return null;
  return /\/redfish\/v1\/[A-Z][^\s"'),]*[^\s"'),.]/.exec(refusal.text)?.[0] ?? settingsLink(place);
}

const settingsLink = ({ doc }: Read): string | null => linkOf(asDoc(doc['@Redfish.Settings'])['SettingsObject']);

/** A 404 of the Settings resource means that there are no settings. */
async function settingsOf(conn: Connection, system: Read): Promise<Read | null> {
  const link = settingsLink(system);
  return link === null ? null : conn.find(link);
}
