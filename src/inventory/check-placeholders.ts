/** Values of a started inventory that somebody still has to fill in: those with `fill-in` in them, as `snoboot init` writes. */
import { isRecord } from './loose.ts';
import type { Path } from './positions.ts';
import type { Reporter } from './reporter.ts';
import type { Issue } from './types.ts';

const MARK = /fill-in/i;
const MESSAGE = 'is not filled in yet';

/** Warns of each; `text` is the whole file, which most of the time settles it. */
export function warnOfPlaceholders(text: string, value: unknown, reporter: Reporter): void {
  if (MARK.test(text)) visit(value, [], reporter);
}

/** Those that were warned of, as the errors that they are before anything real is contacted. */
export function unfilledIn(warnings: readonly Issue[]): Issue[] {
  const unfilled = warnings.filter(({ message }) => message.endsWith(MESSAGE));
  return unfilled.map((issue) => ({ ...issue, severity: 'error' }));
}

function visit(value: unknown, path: Path, reporter: Reporter): void {
  if (typeof value === 'string' && MARK.test(value))
    reporter.at(path, { message: MESSAGE, todo: 'fill in your own value' }, 'warning');
  else if (Array.isArray(value)) for (const [i, part] of value.entries()) visit(part, [...path, i], reporter);
  else if (isRecord(value)) for (const [key, part] of Object.entries(value)) visit(part, [...path, key], reporter);
}
