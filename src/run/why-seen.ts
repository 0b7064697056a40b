/** Parts of an answer to "why": the place, what snoboot did, and what service and BMC said last. Pure. */
import type { RunEvent, Subject } from '../core/events.ts';
import type { Dated, Why } from '../view/why-text.ts';
import type { Place } from './why-story.ts';

/** So many of the last are given; the view takes what it has room for. */
const MOST = 6;

export function shown({ stage, since, until, seen }: Place, now: number): NonNullable<Why['place']> {
  return { stage, ms: (until ?? now) - since, seen };
}

/** What was done to them, and what service and BMC said last. */
export function seenOf(events: readonly RunEvent[], near: readonly Subject[]): Pick<Why, 'did' | 'service' | 'bmc'> {
  const [cluster = ''] = near[0]?.split('/') ?? [];
  const heard = (from: 'service' | 'bmc', subjects: readonly Subject[]): Dated[] => {
    const last = events.findLast((one) => one.type === 'heard' && one.from === from && subjects.includes(one.subject));
    return last?.type === 'heard' ? last.lines.slice(-MOST) : [];
  };
  return { did: didOf(events, near), service: heard('service', [cluster]), bmc: heard('bmc', near) };
}

/** Effects with their results; one without a result is unknown. */
function didOf(events: readonly RunEvent[], near: readonly Subject[]): Dated[] {
  const did = new Map<string, Dated>();
  for (const event of events) {
    if (!near.includes(event.subject) || (event.type !== 'intent' && event.type !== 'result')) continue;
    const again = event.try > 1 ? `, try ${event.try}` : '';
    const outcome = event.type === 'intent' ? 'nobody knows what came of it' : (event.error?.code ?? 'done');
    const place = near.length > 1 && event.subject.includes('/') ? `${event.subject.split('/')[1]} ` : '';
    const key = [event.subject, event.stage, event.effect, event.try].join();
    did.delete(key);
    did.set(key, { at: event.at, text: `${place}${event.stage}: ${event.effect}${again}: ${outcome}` });
  }
  return [...did.values()].slice(-MOST);
}
