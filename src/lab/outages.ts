/** The faults of which a run recovers, or after which it must leave things as they are: what is not there for a while, and what ends a write. */
import { JOURNAL_FULL } from '../core/armed-fault.ts';
import { type FaultRow, row } from './fault-row.ts';
import type { FaultAnswer } from './seams.ts';

const REASONS: Record<number, string> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
const BURST = [500, 502, 503, 504];

function refusal(status: number, headers: Record<string, string> = {}): FaultAnswer {
  return { status, headers, body: { code: status, message: REASONS[status] } };
}

/** The call is refused before anything is done. */
function refuses(about: string, answer: (times: number) => FaultAnswer, when: string): FaultRow {
  const more = { when, ends: 'the service answers again', everywhere: true };
  return row('service.answer', about, (v, times) => (v.done ? v : { ...v, answer: answer(times) }), more);
}

const CREATES = /\/v2\/(clusters|infra-envs)$/;
const ERROR_AT = 80;
const STUCK_AT = 50;

export const OUTAGES: Record<string, FaultRow> = {
  'service-5xx': refuses(
    'the service answers every call with 500, 502, 503, 504 in turn',
    (times) => refusal(BURST[times % BURST.length]!),
    'for=2m',
  ),
  'service-429': refuses(
    'the service answers every call with 429 and Retry-After: 20',
    () => refusal(429, { 'Retry-After': '20' }),
    'for=1m',
  ),
  'create-unanswered': row(
    'service.answer',
    'a create of cluster or infra-env takes place, and the connection ends without an answer',
    (v) => (v.done && v.method === 'POST' && CREATES.test(v.path) ? { ...v, answer: 'none' } : v),
    { when: 'once' },
  ),
  'service-down': row('service.alive', 'the service and its images are not there for anybody', () => false, {
    when: 'stage=installing,for=45m',
    ends: 'the service is up again',
    everywhere: true,
  }),
  'write-error': row('host.write', 'the installer fails when 80 % of the image are written', (v) =>
    v.percent >= ERROR_AT ? { ...v, next: 'fails' } : v,
  ),
  'write-stuck': row(
    'host.write',
    'the write of the image stands still at 50 %',
    (v) => (v.percent >= STUCK_AT ? { ...v, next: 'stands' } : v),
    { ends: 'the write goes on' },
  ),
  'insert-lost': row('bmc.attaches', 'the BMC accepts an insert, and nothing is attached', () => false),
  'bmc-reset': row(
    'bmc.alive',
    'the BMC resets: it refuses connections, and its slot is empty after that',
    () => false,
    {
      when: 'stage=discovering,for=4m',
      ends: 'the BMC answers again',
    },
  ),
  'service-forgets': row(
    'service.remembers',
    'the service has deleted the installed cluster with its hosts and infra-envs',
    () => false,
    { when: 'stage=installed,after=60m,for=1m' },
  ),
  [JOURNAL_FULL]: row(null, "snoboot's own disk is full for its journal", (v) => v, { when: 'stage=boot-once' }),
};
