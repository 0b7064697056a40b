/** How a run, a cluster or a host stands of which nothing failed: at work, killed, interrupted, or ended well, and what was in the way. Pure. */
import type { RunEvent, Subject } from '../core/events.ts';
import { duration } from '../view/text.ts';
import type { Why } from '../view/why-text.ts';
import type { LastRun } from './last-run.ts';
import { owedBy } from './owed.ts';
import { seenOf, shown } from './why-seen.ts';
import { type Place, placeOf, type Story } from './why-story.ts';

export interface WhyRun extends LastRun {
  /** What it said when its journal could not be written any more; null where nothing is known of that. */
  lastWord: string | null;
}

/** Trouble that ended by asking again tells less than what had to be put right. */
const LESSER = /^(BMC answered|the service answers again)/;
const MOST = 3;

/** `subject` null: of the whole run. */
export function standingOf(run: WhyRun, stories: readonly Story[], subject: Subject | null): Why {
  const events = stories.flatMap((story) => story.events);
  const near = subject === null ? stories.flatMap(({ cluster, hosts }) => [cluster, ...hosts]) : [subject];
  const now = Date.parse(run.events.at(-1)?.at ?? '') || 0;
  const isOver = stories.length > 0 && stories.every(({ end }) => end !== null);
  const place = isOver ? null : slowest(events, near);
  const about = place ? [place.subject] : near;
  return {
    subject: place?.subject ?? subject,
    cause: isOver ? endCause(run, stories, subject) : openCause(run, place, now),
    said: '',
    place: place && shown(place, now),
    failing: [],
    medium: '',
    ...seenOf(events, about),
    left: isOver ? stories.flatMap(({ end }) => end?.leftovers ?? []) : run.state === 'killed' ? owedBy(events) : [],
    todo: '',
    check: [],
    next: [],
  };
}

/** The one that has been at its stage longest, or was at one last. */
function slowest(events: readonly RunEvent[], near: readonly Subject[]): Place | null {
  const places = near.flatMap((subject) => placeOf(events, subject) ?? []);
  const open = places.filter(({ until }) => until === null);
  return (
    [...(open.length > 0 ? open : places)].sort((a, b) => a.since - b.since)[open.length > 0 ? 0 : places.length - 1] ??
    null
  );
}

function openCause({ state, lastWord, events }: WhyRun, place: Place | null, now: number): string {
  const at = place
    ? `${place.subject} at ${place.stage} for ${duration(now - place.since)}, waiting for ${place.seen}`
    : 'nothing was begun';
  if (state === 'running') return `at work: ${at}`;
  if (lastWord !== null)
    return `E-STATE: the journal could not be written any more: ${lastWord}; it stood at ${place?.stage ?? 'the start'}`;
  const last = events.at(-1)?.at.slice(11, 19) ?? '';
  return `killed at ${last}, and nobody wrote down why: it stood at ${at}`;
}

/** All ended, and nothing failed. */
function endCause({ events }: WhyRun, stories: readonly Story[], subject: Subject | null): string {
  const outcomes = [...new Set(stories.map(({ end }) => end?.outcome ?? ''))];
  const what = subject ?? (stories.length === 1 ? stories[0]!.cluster : `all ${stories.length} clusters`);
  const code = stories.find(({ end }) => end?.error)?.end?.error;
  if (code) return `${code.code}: ${what}: ${code.message}`;
  const interrupted = events.findLast((event) => event.type === 'interrupted');
  if (interrupted?.type === 'interrupted' && outcomes.some((one) => ['interrupted', 'left-installing'].includes(one)))
    return `interrupted by ${interrupted.signal}: ${what}: ${outcomes.map(worded).join(', ')}`;
  return `nothing failed: ${what}: ${outcomes.map(worded).join(', ')}${owed(stories)}${inTheWay(events, stories, subject)}`;
}

function owed(stories: readonly Story[]): string {
  const [first, ...more] = stories.flatMap(({ end }) => end?.leftovers ?? []);
  return first === undefined ? '' : `; still owed: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
}

const worded = (outcome: string): string =>
  outcome === 'unchanged' ? 'installed already, nothing was changed' : outcome;

/** What was recovered from, and warnings that are not moot: the weightiest first. */
function inTheWay(all: readonly RunEvent[], stories: readonly Story[], subject: Subject | null): string {
  const own = stories.flatMap((story) => story.events);
  const events =
    subject === null
      ? [...all.filter((event) => event.subject === 'run'), ...own]
      : own.filter((event) => event.subject === subject);
  const lastRead = new Map(events.flatMap(({ type, subject: of, seq }) => (type === 'media.read' ? [[of, seq]] : [])));
  const said = events.flatMap((event) => {
    if (event.type !== 'recovered' && event.type !== 'warning') return [];
    if (event.type === 'warning' && event.until === 'read' && (lastRead.get(event.subject) ?? 0) > event.seq) return [];
    const of = event.subject === 'run' ? '' : `${event.subject}: `;
    return [{ text: `${of}${event.text}`, weight: event.type === 'warning' ? 2 : LESSER.test(event.text) ? 1 : 0 }];
  });
  const texts = [...new Set(said.sort((a, b) => a.weight - b.weight).map(({ text }) => text))];
  if (texts.length === 0) return '';
  const more = texts.length > MOST ? `; and ${texts.length - MOST} more` : '';
  return `; in the way: ${texts.slice(0, MOST).join('; ')}${more}`;
}
