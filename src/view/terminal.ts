/**
 * Draws one picture over the last one at the foot of a terminal. The cursor stands below it, visible, and no mode of the
 * terminal is left changed: whatever ends the process, there is nothing to give back.
 */
import { styleText } from 'node:util';
import { type Change, changeOf } from './change.ts';
import type { Line, Size } from './frame.ts';
import { width } from './text.ts';
import { openTtySink } from './tty-sink.ts';

/** What stands between them is shown at once by terminals that know it; the others ignore it. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const TONES = {
  head: 'bold',
  waiting: 'dim',
  running: null,
  late: 'yellow',
  done: 'green',
  failed: 'red',
  interrupted: 'yellow',
} as const;

export interface Terminal {
  size(): Size;
  /** Draws what differs from the picture that stands there, unless the terminal has not taken that one yet. */
  draw(lines: readonly Line[]): void;
  /** Takes the picture away; the next one begins where the cursor is then. */
  withdraw(): void;
  /** Draws the last picture whatever the terminal does. Nothing is written after it. */
  close(lines: readonly Line[]): void;
}

export function openTerminal(out: NodeJS.WriteStream): Terminal {
  const sink = openTtySink(out);
  const paint = painter(out);
  let drawn: readonly Line[] = [];
  let columns = 0;
  const size = (): Size => ({ columns: out.columns || 80, rows: out.rows || 24 });
  const draw = (lines: readonly Line[], must: boolean): void => {
    const isResized = columns !== size().columns;
    const text = isResized || lines.length !== drawn.length ? whole(lines) : changed(lines);
    if (text === '' || (sink.isBusy() && !must)) return;
    sink.write(BEGIN + text + END);
    drawn = lines;
    ({ columns } = size());
  };
  const whole = (lines: readonly Line[]): string => {
    const text = lines.map((line) => `${paint(line.tone, line.text)}${CLEAR_LINE}\n`).join('');
    return `${back(drawn, size())}\r${columns === size().columns ? '' : CLEAR_BELOW}${text}${CLEAR_BELOW}`;
  };
  const changed = (lines: readonly Line[]): string => {
    const moves = lines.flatMap((line, i) => {
      const change = changeOf(drawn[i]!, line);
      return change ? [moved(lines.length - i, change, paint(line.tone, change.text))] : [];
    });
    return moves.join('');
  };
  // While it is stopped the shell writes below the picture: that stays there, and a new one is begun.
  const forget = (): void => void (drawn = []);
  const stop = (): void => {
    forget();
    process.kill(process.pid, 'SIGSTOP');
  };
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', forget);
  return {
    size,
    draw: (lines) => draw(lines, false),
    withdraw: () => {
      if (drawn.length > 0) sink.write(`${back(drawn, size())}\r${CLEAR_BELOW}`);
      sink.finish();
      forget();
    },
    close: (lines) => {
      draw(lines, true);
      process.off('SIGTSTP', stop);
      process.off('SIGCONT', forget);
      sink.close();
    },
  };
}

/** Up to the line, along to what changed in it, and back to the line below the picture. */
function moved(up: number, { column, isToEnd }: Change, text: string): string {
  const along = column > 0 ? `\x1b[${column}C` : '';
  return `\x1b[${up}A${along}${text}${isToEnd ? CLEAR_LINE : ''}\r\x1b[${up}B`;
}

/** Up over what was drawn: a terminal that became narrower has wrapped its lines; above its first row nothing can be reached. */
function back(lines: readonly Line[], size: Size): string {
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line.text) / size.columns)), 0);
  const up = Math.min(rows, size.rows - 1);
  return up > 0 ? `\x1b[${up}A` : '';
}

/** Colours unless NO_COLOR is set or the terminal has none. */
function painter(out: NodeJS.WriteStream): (tone: Line['tone'], text: string) => string {
  const colour = !process.env['NO_COLOR'] && out.getColorDepth() > 1;
  return (tone, text) => {
    const style = TONES[tone];
    return colour && style && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  };
}
