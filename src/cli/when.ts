/** Numbers and times as people give them to options: durations, and deadlines as a time of day, an instant or a duration. */
import { SnobootError } from '../core/errors.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Nobody means more, and no timer of Node holds much more. */
const LONGEST = 7 * 24 * HOUR;

/** `10m`, `90s`, `1h30m` in milliseconds; `0s` is none. Throws E-USAGE, which names the option. */
export function durationMs(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw wrong(option, text, 'is no duration', 'write it like 10m, 90s or 1h30m');
  if (ms > LONGEST) throw wrong(option, text, 'is more than 7 days', 'give a shorter one');
  return ms;
}

/**
 * Milliseconds of the run's clock, which goes `factor` times faster than real time, from now until a deadline: the next such time
 * of day on this machine (`05:30`, `05:30:15`), an instant (`2026-11-23T05:30:00Z`), or a duration of the run's clock (`90m`).
 * `wallNow` is real time. Throws E-USAGE.
 */
export function deadlineMs(text: string, wallNow: number, factor: number): number {
  const option = '--deadline';
  if (parseDuration(text) !== null) {
    const ms = durationMs(option, text);
    if (ms === 0) throw wrong(option, text, 'leaves no time', 'give a longer one');
    return ms;
  }
  const end = parseTimeOfDay(text, wallNow) ?? parseInstant(text);
  if (end === null)
    throw wrong(option, text, 'is no time', 'write a time of day like 05:30, 2026-11-23T05:30:00Z, or 90m from now');
  if (end <= wallNow) throw wrong(option, text, 'has passed', 'give a time to come');
  if (end - wallNow > LONGEST) throw wrong(option, text, 'is more than 7 days away', 'give an earlier one');
  return Math.round((end - wallNow) * factor);
}

/** A whole number from `least` on. Throws E-USAGE, which names the option. */
export function wholeNumber(option: string, text: string, least = 1): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (number < least)
    throw wrong(option, text, `is no whole number from ${least} on`, `write e.g. ${option} ${least + 9}`);
  return number;
}

function parseDuration(text: string): number | null {
  const match = /^(?=\d)(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/.exec(text);
  if (!match) return null;
  const [hours, minutes, seconds] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return hours! * HOUR + minutes! * MINUTE + seconds! * SECOND;
}

/** The next such time after now; where the clocks are put forward over it, as much later. */
function parseTimeOfDay(text: string, wallNow: number): number | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (!match) return null;
  const [hours, minutes, seconds] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  const day = new Date(wallNow);
  const on = (days: number): number =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hours, minutes, seconds).getTime();
  return on(0) > wallNow ? on(0) : on(1);
}

/** With its zone, since nobody can tell otherwise what was meant. Days that no month has are none. */
function parseInstant(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const day = Date.parse(match?.[1] ?? '');
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== match?.[1]) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

function wrong(option: string, text: string, what: string, todo: string): SnobootError {
  return new SnobootError('E-USAGE', `${option} ${JSON.stringify(text)} ${what}`, todo);
}
