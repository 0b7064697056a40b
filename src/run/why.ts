/** Why a run, a cluster or a host stands where it stands: facts from the journal alone, for view/why-text.ts. Pure. */
import type { RunEvent, Subject } from '../core/events.ts';
import { mebibytes } from '../view/text.ts';
import type { Why } from '../view/why-text.ts';
import { owedBy } from './owed.ts';
import { causeOf } from './why-rules.ts';
import { seenOf, shown } from './why-seen.ts';
import { standingOf, type WhyRun } from './why-standing.ts';
import { type Failure, failureOf, placeOf, type Story } from './why-story.ts';

/** Of one cluster or host, or of the whole run (`subject` null: what failed first, else how it stands). */
export function whyOf(run: WhyRun, stories: readonly Story[], subject: Subject | null): Why {
  const meant =
    subject === null ? stories : stories.filter(({ cluster, hosts }) => [cluster, ...hosts].includes(subject));
  const failures = meant.flatMap((story) => {
    const failure = (subject === null ? null : failureOf(story, subject)) ?? failureOf(story);
    return failure ? [{ story, failure }] : [];
  });
  const [first] = failures.sort((a, b) => a.failure.event.seq - b.failure.event.seq);
  return first ? failed(first.story, first.failure, run) : standingOf(run, meant, subject);
}

function failed(story: Story, failure: Failure, run: WhyRun): Why {
  const { error, subject, stage, event } = failure;
  const before = story.events.filter(({ seq }) => seq <= event.seq);
  const near = subject === story.cluster ? [story.cluster, ...story.hosts] : [subject];
  const place = placeOf(before, subject);
  const read = before.findLast((one) => one.type === 'media.read' && near.includes(one.subject));
  const { total: bytes, size } = read?.type === 'media.read' ? read : { total: 0, size: 0 };
  const failing = failingOf(before, near);
  const own = error.message.replace(`${subject} `, '');
  const cause = causeOf({ ...error, message: own, bytes, size });
  return {
    subject,
    cause: `${error.code}: ${subject}${stage === null ? '' : ` at ${stage}`}: ${cause}`,
    said: own.endsWith(cause) ? '' : own,
    place: place && shown(place, Date.parse(event.at)),
    failing: failing.filter((text) => !cause.includes(text)),
    medium: size === 0 ? '' : `${mebibytes(bytes, size)} read`,
    ...seenOf(story.events, near),
    left: leftOf(story, run),
    todo: error.todo,
    check: [],
    next: [],
  };
}

function failingOf(events: readonly RunEvent[], near: readonly Subject[]): string[] {
  const last = near.map((subject) => events.findLast((one) => one.type === 'validations' && one.subject === subject));
  return [...new Set(last.flatMap((one) => (one?.type === 'validations' ? one.failing : [])))];
}

function leftOf({ end, events }: Story, { state }: WhyRun): string[] {
  if (end) return end.leftovers.length > 0 ? end.leftovers : ['nothing on the machines'];
  return state === 'killed' ? owedBy(events) : [];
}
