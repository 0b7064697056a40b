/** PATCH with the ETag of a fresh read, and the ladder for BMCs that cannot read their own ETags. */
import type { Connection, Outcome, Read } from './connection.ts';
import { says } from './refusal.ts';
import { type Answer, realText } from './wire.ts';

/**
 * Sends `body` with If-Match, header before `@odata.etag`; on 412, 428 and complaints about it the next spelling, each
 * from a fresh read (redfish.md 1.7). `fresh` saves the first read.
 */
export async function patch(conn: Connection, path: string, body: unknown, fresh?: Read): Promise<Outcome> {
  let read = fresh ?? (await conn.get(path));
  for (let rung = 0; ; rung++) {
    const spellings = ladder(etagOf(read));
    const outcome = await conn.write('PATCH', read.path, body, spellings[rung]);
    if ('lost' in outcome || !isAboutEtag(outcome.answer) || rung + 1 >= spellings.length) return outcome;
    read = await conn.get(path);
  }
}

/** As given, without weakness, without quotes, none, any; an empty ETag is none, a gzip ending is a proxy's work. */
function ladder(etag: string | null): (string | undefined)[] {
  const given = etag?.replace(/-gzip(?="?$)/, '') ?? undefined;
  const strong = given?.replace(/^W\//, '');
  return [...new Set([given, strong, strong?.replaceAll('"', ''), undefined, '*'])];
}

function etagOf({ headers, doc }: Read): string | null {
  return realText(headers['etag']) ?? realText(doc['@odata.etag']);
}

function isAboutEtag(answer: Answer): boolean {
  if (answer.status === 412 || answer.status === 428) return true;
  return answer.status === 400 && says(answer, /Precondition|e-?tag|If-?Match/i);
}
