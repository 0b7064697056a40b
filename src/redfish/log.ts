/** The last entries of a BMC's own logs: its log services are found by links, and how they page and order is found out. */
import type { Connection } from './connection.ts';
import { membersOf, readAll } from './system.ts';
import { asDoc, asList, type Doc, lastPart, linkOf, realText } from './wire.ts';

/** `at` is the BMC's own date (ISO), or empty; `severity` is `OK`, `Warning`, `Critical` or empty. */
export interface LogEntry {
  at: string;
  severity: string;
  text: string;
}

/** Dell's lifecycle log, HPE's iLO event log, Supermicro's, OpenBMC's: they tell of media and power; the SEL tells of sensors. */
const TELLING = [/^Lclog$/i, /^IEL$/i, /^(EventLog|Log1|StandardLog|PlatformLog|AuditLog)$/i, /^(Sel|IML)$/i];
const MOST_LOGS = 2;
const MOST_PAGES = 32;

/** At most `most` entries of the logs that `places` (manager, system) link to, oldest first. */
export async function readLog(conn: Connection, places: readonly Doc[], most: number): Promise<LogEntry[]> {
  const found: string[] = [];
  for (const place of places)
    if (linkOf(place['LogServices'])) found.push(...(await membersOf(conn, place['LogServices'])));
  const telling = [...new Set(found)].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_LOGS);
  const entries: Doc[] = [];
  for (const { doc } of await readAll(conn, telling)) entries.push(...(await lastOf(conn, doc['Entries'], most)));
  return entries.sort(byAge).slice(-most).map(asEntry);
}

function rank(path: string): number {
  const place = TELLING.findIndex((name) => name.test(lastPart(path)));
  return place < 0 ? TELLING.length : place;
}

/** The newest entries of one log, whether its first page holds the oldest (iLO, Supermicro) or the newest ones (iDRAC). */
async function lastOf(conn: Connection, entries: unknown, most: number): Promise<Doc[]> {
  const members: Doc[] = [];
  let next = linkOf(entries);
  for (let page = 0; next && page < MOST_PAGES; page++) {
    const doc: Doc = (await conn.find(next))?.doc ?? {};
    members.push(...asList(doc['Members']).map((one) => (typeof one === 'string' ? { '@odata.id': one } : asDoc(one))));
    const isNewestFirst = members.length > 1 && byAge(members[0]!, members.at(-1)!) > 0;
    next = isNewestFirst && members.length >= most ? null : linkOf(doc['Members@odata.nextLink']);
  }
  const last = members.sort(byAge).slice(-most);
  const bare = last.filter((one) => !('Message' in one) && linkOf(one));
  const read = await readAll(
    conn,
    bare.flatMap((one) => linkOf(one) ?? []),
  );
  return [...last.filter((one) => !bare.includes(one)), ...read.map(({ doc }) => doc)];
}

/** By date; by number where one of them shows none. */
function byAge(a: Doc, b: Doc): number {
  const [early, late] = [a, b].map((doc) => Date.parse(realText(doc['Created']) ?? ''));
  const byDate = early! - late!;
  return byDate || numberOf(a) - numberOf(b) || 0;
}

function numberOf(doc: Doc): number {
  return Number(realText(doc['Id']) ?? lastPart(linkOf(doc) ?? ''));
}

function asEntry(doc: Doc): LogEntry {
  const at = Date.parse(realText(doc['Created']) ?? '');
  return {
    at: Number.isNaN(at) ? '' : new Date(at).toISOString(),
    severity: realText(doc['Severity']) ?? realText(doc['MessageSeverity']) ?? '',
    text: realText(doc['Message']) ?? realText(doc['MessageId']) ?? realText(doc['Name']) ?? '',
  };
}
