/** Which view a run gets: the screen on a terminal, else lines, or what --progress says. */
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import { journalText } from '../run/journal-file.ts';
import { startJson } from '../view/json.ts';
import { startLines } from '../view/lines.ts';
import { startTty } from '../view/tty.ts';
import type { Usual } from '../view/usual.ts';
import type { View } from '../view/view.ts';
import type { Progress } from './options.ts';

/** On a terminal the screen, but not on one that can only print, nor in a CI, whose log is read later. */
export function resolved(progress: Progress, { isTTY }: { isTTY?: boolean }, env = process.env): Progress {
  if (progress === 'tty' && isTTY !== true)
    throw new SnobootError('E-USAGE', '--progress tty: stderr is not a terminal', 'leave it out, or say plain');
  if (progress !== 'auto') return progress;
  const isDumb = env['TERM'] === 'dumb';
  const isCi = !['', '0', 'false'].includes(env['CI'] ?? '');
  return isTTY === true && !isDumb && !isCi ? 'tty' : 'plain';
}

/** What goes on is told on stderr; but JSON is a result, and goes to stdout. */
export function openView(progress: Progress, clock: Clock, usual: Usual): View {
  switch (progress) {
    case 'tty':
      return startTty(process.stderr, clock, usual);
    case 'json':
      return startJson(process.stdout, journalText);
    case 'quiet':
      return startLines(process.stderr, clock, { usual, isQuiet: true });
    case 'plain':
    case 'auto':
      return startLines(process.stderr, clock, { usual });
  }
}
