/** The medium of a live host: a BMC that is reset forgets it, and the host cannot go on without it (failures.md 24, 50). */
import { SnobootError } from '../core/errors.ts';
import type { HostContext } from './context.ts';
import { HOUR, SECOND, type Stage } from './stage.ts';

/** Between two readings of the slot, and from the first one that finds it empty to the one that is believed. */
const EVERY_MS = 30 * SECOND;

/** Over when the medium is gone: fact `mediaLost`. A host whose installation begins leaves it before. */
export const keepMedia: Stage<HostContext> = {
  name: 'keep-media',
  waitsFor: 'the other hosts, the validations and the trigger',
  deadlineMs: 12 * HOUR,
  pollMs: EVERY_MS,
  tries: 0,
  settleMs: 0,
  group: 'bmc',
  look: async (host) =>
    (await isMediumLost(host))
      ? { so: true, facts: { mediaLost: true } }
      : { so: false, seen: 'the other hosts, the validations and the trigger' },
  expired: ({ subject }) =>
    new SnobootError('E-HOST-NOAGENT', `${subject} waited twelve hours for its cluster`, 'deploy again'),
};

/** Reads the slot now and then. A BMC that does not answer, or not well while it comes up, says nothing; two readings in a row must find no medium. */
export async function isMediumLost(host: HostContext): Promise<boolean> {
  const { notes, run } = host;
  const now = run.clock.now();
  if (now - Number(notes['slotReadAt'] ?? -EVERY_MS) < EVERY_MS) return false;
  notes['slotReadAt'] = now;
  const inserted = await isInserted(host);
  const wasEmpty = notes['slotEmpty'] === true;
  notes['slotEmpty'] = inserted === false;
  if (inserted !== false || !wasEmpty) return false;
  notes['slotEmpty'] = false;
  run.say(host.subject, {
    type: 'recovered',
    text: 'the BMC has lost the ISO while the host lives on it (was it reset?): inserting it again, one more boot',
  });
  return true;
}

async function isInserted(host: HostContext): Promise<boolean | undefined> {
  try {
    return (await (await host.bmc()).readMedia()).inserted;
  } catch {
    return undefined;
  }
}
