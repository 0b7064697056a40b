/** An armed fault of the lab as an inventory or `--fault` writes it: `name@subject[:when]`, `service-down@service:stage=installing,for=45m`. */

import { printable } from './secret.ts';

/** When a fault has something to say; what is left out is the fault's own. */
export interface When {
  /** It begins as soon as its subject enters this stage (FAULT_STAGES); without it, when it is armed. */
  stage?: string;
  /** Milliseconds after that. */
  afterMs?: number;
  /** It ends so many milliseconds after the first time that it changed something. */
  forMs?: number;
  /** It ends when it has changed so many things. */
  times?: number;
}

export interface ArmedFault {
  name: string;
  subject: string;
  /** As it was written; '' = not at all. */
  whenText: string;
  when: When;
}

/** What is wrong with the text, and what to write instead. */
export interface FaultProblem {
  message: string;
  todo: string;
}

/** The only fault that is not the lab's but this program's own disk's: it may begin at any stage of a run. */
export const JOURNAL_FULL = 'journal-full';

/** What a fault can wait for: the statuses of cluster and host, and the stages of a host, as the service has them, in lower case with dashes. */
export const FAULT_STAGES: readonly string[] = (
  'discovering insufficient pending-for-input known disconnected ready preparing-for-installation preparing-successful ' +
  'preparing-failed installing installing-in-progress starting-installation waiting-for-bootkube writing-image-to-disk ' +
  'rebooting joined done installing-pending-user-action finalizing installed error cancelled resetting-pending-user-action'
).split(' ');

/** Takes the text apart, or says what is wrong with it. Whether there is such a fault or subject is not looked at. */
export function parseArmedFault(text: string): ArmedFault | FaultProblem {
  const [, name = '', subject = '', whenText] = /^([\w.-]+)@([\w.-]+(?:\/[\w.-]+)?)(?::(.*))?$/s.exec(text) ?? [];
  if (!name) return problem(text, 'armed fault', 'write name@host or name@service');
  const when = parseWhen(whenText ?? '');
  const wrong = whenText === undefined ? undefined : wrongItem(whenText);
  if (wrong !== undefined)
    return problem(
      wrong,
      'time for a fault',
      'write stage=NAME, after=10m, for=2m, times=3 or once, each at most once, with commas between',
    );
  if (when.stage === undefined || name === JOURNAL_FULL || FAULT_STAGES.includes(when.stage))
    return { name, subject, whenText: whenText ?? '', when };
  return problem(when.stage, 'stage that a fault can wait for', `use one of ${FAULT_STAGES.join(', ')}`);
}

export const isFaultProblem = (parsed: ArmedFault | FaultProblem): parsed is FaultProblem => 'message' in parsed;

/** The times of a text that is known to be right; of any other what can be read in it. */
export function parseWhen(text: string): When {
  return Object.assign({}, ...text.split(',').map(itemOf)) as When;
}

/** The first item that is none or stands there twice. */
function wrongItem(text: string): string | undefined {
  const items = text.split(',');
  const keys = items.map((item) => Object.keys(itemOf(item) ?? {})[0]);
  return items.find((_, i) => keys[i] === undefined || keys.indexOf(keys[i]) < i);
}

function itemOf(item: string): When | null {
  const [, key, value = ''] = /^(stage|after|for|times)=(.+)$/.exec(item) ?? [];
  const ms = /^\d{1,6}[smh]$/.test(value) ? parseInt(value) * UNITS[value.at(-1) as keyof typeof UNITS] : NaN;
  if (item === 'once') return { times: 1 };
  if (key === 'stage' && /^[a-z][a-z-]*$/.test(value)) return { stage: value };
  if (key === 'times' && /^[1-9]\d{0,5}$/.test(value)) return { times: Number(value) };
  if (key === 'after' && ms >= 0) return { afterMs: ms };
  return key === 'for' && ms > 0 ? { forMs: ms } : null;
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 };

function problem(text: string, what: string, todo: string): FaultProblem {
  return { message: `${printable(JSON.stringify(text), 60)} is no ${what}`, todo };
}
