/** Which view a stream gets: the screen on a terminal, else lines. */
import type { Clock } from '../core/clock.ts';
import { startLines } from '../view/lines.ts';
import { startTty } from '../view/tty.ts';
import type { View } from '../view/view.ts';

export function openView(out: NodeJS.WriteStream, clock: Clock): View {
  return out.isTTY && process.env['TERM'] !== 'dumb' ? startTty(out, clock) : startLines(out, clock);
}
