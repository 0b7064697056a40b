/** The last entries of BMC logs, in the ways in which families page, order and shape them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock } from '../../src/core/clock.ts';
import { createConnection } from '../../src/redfish/connection.ts';
import { readLog } from '../../src/redfish/log.ts';
import type { Doc } from '../../src/redfish/wire.ts';

const LOGS = '/redfish/v1/Managers/1/LogServices';
const link = (path: string): Doc => ({ '@odata.id': path });
const created = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
const entry = (n: number): Doc => ({ Id: `${n}`, Created: created(n), Severity: 'OK', Message: `entry ${n}` });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** `name` and its entries' pages; answers 404 elsewhere, and notes what was asked. */
async function read(logs: Record<string, Doc[][]>, more: Record<string, Doc> = {}, most = 3) {
  const docs: Record<string, Doc> = {
    [LOGS]: { Members: Object.keys(logs).map((name) => link(`${LOGS}/${name}`)) },
    ...more,
  };
  for (const [name, pages] of Object.entries(logs)) {
    docs[`${LOGS}/${name}`] = { Entries: link(`${LOGS}/${name}/Entries`) };
    const at = (page: number): string => `${LOGS}/${name}/Entries${page === 0 ? '' : `?$skip=${page}`}`;
    for (const [i, Members] of pages.entries())
      docs[at(i)] = { Members, ...(i + 1 < pages.length ? { 'Members@odata.nextLink': at(i + 1) } : {}) };
  }
  const asked: string[] = [];
  const conn = createConnection({
    origin: 'https://bmc',
    clock: createClock(),
    exchange: ({ path }) => {
      asked.push(path);
      const doc = docs[path] ?? null;
      return Promise.resolve({ status: doc ? 200 : 404, headers: {}, doc, text: '', path });
    },
  });
  const entries = await readLog(conn, [{ LogServices: link(LOGS) }, {}], most);
  return { texts: entries.map(({ text }) => text), entries, asked };
}

test('iDRAC: whole entries, newest first, in pages: no more pages are read than needed', async () => {
  const pages = [
    [5, 4, 3],
    [2, 1],
  ].map((page) => page.map(entry));
  const { texts, asked } = await read({ Lclog: pages });
  assert.deepEqual(texts, ['entry 3', 'entry 4', 'entry 5']);
  assert.ok(!asked.some((path) => path.includes('skip')));
});

test('iLO: links alone, oldest first: each of the last is read', async () => {
  const paths = upTo(12).map((n) => `${LOGS}/IEL/Entries/${n}`);
  const more = Object.fromEntries(paths.map((path, i) => [path, entry(i + 1)]));
  const { texts, asked } = await read({ IEL: [paths.map(link)] }, more);
  assert.deepEqual(texts, ['entry 10', 'entry 11', 'entry 12']);
  assert.equal(asked.length, 3 + 3);
});

test('Supermicro and OpenBMC: whole entries, oldest first, over pages', async () => {
  assert.deepEqual((await read({ Log1: [upTo(4).map(entry), [entry(5)]] })).texts, ['entry 3', 'entry 4', 'entry 5']);
});

test('the log that tells of media comes before the sensors, and of many logs two are read', async () => {
  const { asked } = await read({ Dump: [[entry(1)]], PostCodes: [[]], Sel: [[entry(2)]], Lclog: [[entry(3)]] });
  const logs = asked.flatMap((path) => /LogServices\/(\w+)$/.exec(path)?.[1] ?? []);
  assert.deepEqual(logs, ['Lclog', 'Sel']);
});

test('what is no entry, has no date or says nothing does no harm', async () => {
  const odd: Doc[] = [{ Id: '1', Created: '0000-00-00', MessageId: 'X.1' }, {}, { Message: 7, Severity: null }];
  const { entries } = await read({ Sel: [[...odd, null as unknown as Doc]] }, {}, 9);
  assert.deepEqual(
    entries.find(({ text }) => text === 'X.1'),
    { at: '', severity: '', text: 'X.1' },
  );
  assert.ok(entries.every(({ at, severity }) => at === '' && severity === ''));
});

test('a BMC without logs has said nothing', async () => assert.deepEqual((await read({})).texts, []));
