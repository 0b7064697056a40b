/** What a journal says of one cluster since it was last at work: what happened, what failed first, how it ended. Pure. */
import type { ErrorRecord } from '../core/errors.ts';
import type { RunEvent, Subject } from '../core/events.ts';

type Of<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

export interface Story {
  cluster: Subject;
  /** `cluster/host` each. */
  hosts: Subject[];
  /** Of the cluster and its hosts, all lives. */
  events: RunEvent[];
  /** Where in `events` the life begins in which the cluster was last at work. */
  since: number;
  end: Of<'cluster.ended'> | null;
}

export interface Failure {
  error: ErrorRecord;
  subject: Subject;
  /** Null where nothing was begun. */
  stage: string | null;
  event: RunEvent;
}

/** A stage that a subject is in, or was in last. */
export interface Place {
  subject: Subject;
  stage: string;
  since: number;
  /** Until when; null while it goes on. */
  until: number | null;
  /** What was waited for: what was seen last. */
  seen: string;
}

/** What is done after a failure, or after the end, and is none itself. */
const AFTERMATH = ['cleanup', 'collect-logs', 'eject-media'];

/** In the order of the inventory. */
export function storiesOf(events: readonly RunEvent[]): Story[] {
  const stories = new Map<Subject, Story>();
  const resting = new Set<Subject>();
  for (const event of events) {
    if (event.type === 'run.started') {
      for (const { name, hosts } of event.clusters) {
        const known = stories.get(name) ?? { cluster: name, events: [], since: 0, end: null };
        stories.set(name, { ...known, hosts: hosts.map((host) => `${name}/${host}`) });
        resting.add(name);
      }
      continue;
    }
    const [name = ''] = event.subject.split('/');
    const story = stories.get(name);
    if (!story) continue;
    if (event.type === 'stage.started' && resting.delete(name))
      Object.assign(story, { since: story.events.length, end: null });
    if (event.type === 'cluster.ended') story.end = event;
    story.events.push(event);
  }
  return [...stories.values()];
}

/** The first failure of `subject`, a cluster with its hosts or one host; null while nothing failed, and where it did not matter in the end. */
export function failureOf({ events, since, end, hosts, cluster }: Story, subject: Subject = cluster): Failure | null {
  if (end && !end.error) return null;
  const all = events.slice(since).filter((event): event is Of<'stage.failed'> => event.type === 'stage.failed');
  const forward = all.filter(({ stage }) => !AFTERMATH.includes(stage));
  // Where the aftermath is what was asked for (cleanup), its failure is the one that ended the cluster.
  const failed = forward.length > 0 ? forward : all.filter((event) => event.error.code === end?.error?.code);
  const own = subject === cluster ? failed[0] : failed.find((event) => event.subject === subject);
  if (own) return { error: own.error, subject: own.subject, stage: own.stage, event: own };
  if (failed.length > 0 || !end?.error || (end.outcome !== 'failed' && end.outcome !== 'skipped')) return null;
  const { error } = end;
  const named = hosts.find((host) => error.message.includes(host)) ?? cluster;
  if (subject !== cluster && subject !== named) return null;
  return { error, subject: named, stage: placeOf(events, named)?.stage ?? null, event: end };
}

/** The last stage of the subject that is part of the way forward. */
export function placeOf(events: readonly RunEvent[], subject: Subject): Place | null {
  let place: Place | null = null as Place | null;
  for (const event of events) {
    if (event.subject !== subject || !('stage' in event) || AFTERMATH.includes(event.stage)) continue;
    const at = Date.parse(event.at);
    if (event.type === 'stage.started')
      place = { subject, stage: event.stage, since: at, until: null, seen: event.waitsFor };
    else if (place?.stage !== event.stage) continue;
    else if (event.type === 'stage.progressed') place = { ...place, seen: event.seen };
    else if (event.type === 'stage.succeeded' || event.type === 'stage.failed') place = { ...place, until: at };
  }
  return place;
}
