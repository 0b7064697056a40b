/** How the text of an armed fault becomes one that waits for its time. */
import {
  type ArmedFault,
  isFaultProblem,
  JOURNAL_FULL,
  parseArmedFault,
  parseWhen,
  type When,
} from '../core/armed-fault.ts';
import { SnobootError } from '../core/errors.ts';
import type { FaultRow } from './fault-row.ts';
import { FAULTS } from './fault-table.ts';
import type { Seam } from './seams.ts';

/** A stage begins for a subject. */
export interface Moment {
  /** One of FAULT_STAGES. */
  stage: string;
  /** A host's id, or a cluster's name. */
  subject: string;
}

export interface Armed {
  name: string;
  subject: string;
  row: FaultRow;
  when: When;
  /** Lab time from which `after` counts; null while its stage is awaited. */
  since: number | null;
  firstAt: number | null;
  times: number;
  toldEnd: boolean;
}

/** What must be known to arm one. */
export interface Surroundings {
  hostIds: string[];
  /** Lab time. */
  now(): number;
  /** The stages in which everything is when a fault is armed: they count as begun long ago. */
  stages(): Moment[];
}

/** SnobootError E-INVENTORY for an unknown name, subject or time. */
export function armed(text: string, { hostIds, now, stages }: Surroundings): Armed {
  const parsed = parseArmedFault(text);
  if (isFaultProblem(parsed)) throw new SnobootError('E-INVENTORY', parsed.message, parsed.todo);
  const { name } = parsed;
  const row = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
  if (!row) throw unknown(`fault ${name} is unknown`, 'fault', Object.keys(FAULTS));
  const subject = subjectOf(parsed.subject, row.seam ?? 'service.answer', hostIds);
  const when = merged(parseWhen(row.when ?? ''), parsed.when);
  const isIn = stages().some((moment) => moment.stage === when.stage && concerns(subject, moment.subject));
  const since = when.stage === undefined ? now() : isIn ? -Infinity : null;
  return { name, subject, row, when, since, firstAt: null, times: 0, toldEnd: false };
}

/** What was written stands for the beginning, the end, or both. */
function merged(own: When, written: When): When {
  const { stage, afterMs, forMs, times } = own;
  const begins = 'stage' in written || 'afterMs' in written ? {} : { stage, afterMs };
  const ends = 'forMs' in written || 'times' in written ? {} : { forMs, times };
  return Object.fromEntries(
    Object.entries({ ...begins, ...ends, ...written }).filter(([, value]) => value !== undefined),
  );
}

function subjectOf(text: string, seam: Seam, hostIds: string[]): string {
  if (hostIds.includes(text) || (text === 'service' && seam.startsWith('service.'))) return text;
  const named = hostIds.filter((id) => id.slice(id.indexOf('/') + 1) === text);
  if (named.length === 1) return named[0]!;
  const clusters = [...new Set(hostIds.map((id) => id.slice(0, id.indexOf('/'))))];
  if (clusters.includes(text)) return text;
  throw unknown(`a fault is armed at ${text || 'nothing'}`, 'subject', [...clusters, ...hostIds, 'service']);
}

/** Whether what is armed at one subject is asked about at another. */
export function concerns(armed: string, asked: string): boolean {
  return armed === asked || armed === 'service' || armed.startsWith(`${asked}/`) || asked.startsWith(`${armed}/`);
}

function unknown(message: string, what: string, known: string[]): SnobootError {
  return new SnobootError('E-INVENTORY', message, `name a known ${what}: ${known.join(', ')}`);
}

/** The time that an armed `journal-full` has, the last one's; null when none is. */
export function journalFull(texts: readonly string[]): string | null {
  const found = texts.map(parseArmedFault).findLast((fault) => !isFaultProblem(fault) && fault.name === JOURNAL_FULL);
  return found ? (found as ArmedFault).whenText || FAULTS[JOURNAL_FULL]!.when! : null;
}
