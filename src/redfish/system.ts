/** Finding the one machine behind a BMC, by links from the service root: redfish.md 1.3. */
import { SnobootError } from '../core/errors.ts';
import type { Connection, Read } from './connection.ts';
import { actionOf, type Doc, linkOf, linksOf, realText, samePath } from './wire.ts';

/** The only path that is not discovered. */
const ROOT = '/redfish/v1/';
const MOST_PAGES = 32;

/** The service root: read without login as all public clients do, with login where that is refused. */
export async function readRoot(conn: Connection): Promise<Doc> {
  const answer = await conn.ask(ROOT, { bare: true });
  return answer.status === 200 && answer.doc ? answer.doc : (await conn.get(ROOT)).doc;
}

/** Paths of a collection's members, page by page; E-BMC-PROTO when the pages do not end. */
export async function membersOf(conn: Connection, collection: unknown): Promise<string[]> {
  const members: string[] = [];
  let next = linkOf(collection);
  for (let page = 0; next; page++) {
    if (page >= MOST_PAGES) throw proto(`the collection ${next} has no last page`, []);
    const read: Read | null = await conn.find(next);
    members.push(...linksOf(read?.doc['Members']));
    next = linkOf(read?.doc['Members@odata.nextLink']);
  }
  return members;
}

/** The system at `wanted`, else the only one that can be switched; E-BMC-PROTO with the list when it is not one. */
export async function findSystem(conn: Connection, root: Doc, wanted: string | null): Promise<Read> {
  const members = await membersOf(conn, root['Systems']);
  const named = wanted === null ? members : [members.find((path) => samePath(path, wanted)) ?? wanted];
  const reads = await readAll(conn, named);
  const machines = reads.filter(({ doc }) => isMachine(doc));
  const [only] = machines;
  if (only && machines.length === 1) return only;
  const seen = machines.length > 0 ? machines.map(labelOf) : members;
  if (wanted !== null) throw proto(`there is no machine at ${wanted}`, seen);
  throw proto(`${machines.length} machines behind this BMC`, seen);
}

/** The documents of these paths; those that lead nowhere are left out. */
export async function readAll(conn: Connection, paths: readonly string[]): Promise<Read[]> {
  const reads: Read[] = [];
  for (const path of paths) {
    const read = await conn.find(path);
    if (read) reads.push(read);
  }
  return reads;
}

/** AMI's `Capabilities` and NVIDIA's baseboards have no PowerState or cannot be reset. */
function isMachine(doc: Doc): boolean {
  return 'PowerState' in doc && actionOf(doc, '#ComputerSystem.Reset') !== null;
}

function labelOf({ path, doc }: Read): string {
  return `${path} (serial ${realText(doc['SerialNumber']) ?? 'unknown'})`;
}

function proto(what: string, seen: string[]): SnobootError {
  return new SnobootError(
    'E-BMC-PROTO',
    `${what}; seen: ${seen.join(', ') || 'nothing'}`,
    'put the path of the machine behind the BMC address, e.g. redfish-virtualmedia+https://host/redfish/v1/Systems/1',
  );
}
