/** Draws one picture over the last one at the foot of a terminal, and leaves the cursor as it was. */
import { styleText } from 'node:util';
import type { Line, Size } from './frame.ts';
import { openSink } from './sink.ts';
import { width } from './text.ts';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const TONES = {
  head: 'bold',
  waiting: 'dim',
  running: null,
  done: 'green',
  failed: 'red',
  interrupted: 'yellow',
} as const;

export interface Terminal {
  size(): Size;
  /** Draws unless the same picture stands there already or the terminal has not taken the last one yet. */
  draw(lines: readonly Line[]): void;
  /** Draws the last picture whatever the terminal does, and shows the cursor. Nothing is written after it. */
  close(lines: readonly Line[]): void;
}

/** Takes the terminal: hides the cursor, and shows it again at the latest when the process exits. */
export function openTerminal(out: NodeJS.WriteStream): Terminal {
  const sink = openSink(out);
  const paint = painter(out);
  const restore = (): void => sink.write(SHOW_CURSOR);
  let drawn = { text: '', lines: [] as readonly Line[], columns: 0 };
  sink.write(HIDE_CURSOR);
  process.once('exit', restore);
  const size = (): Size => ({ columns: out.columns || 80, rows: out.rows || 24 });
  const draw = (lines: readonly Line[], must: boolean): void => {
    const { columns } = size();
    const text = lines.map((line) => `${paint(line)}${CLEAR_LINE}\n`).join('');
    const same = text === drawn.text && columns === drawn.columns;
    if (same || (out.writableNeedDrain && !must)) return;
    const resized = columns !== drawn.columns ? CLEAR_BELOW : '';
    sink.write(`${back(drawn.lines, size())}\r${resized}${text}${CLEAR_BELOW}`);
    drawn = { text, lines, columns };
  };
  return {
    size,
    draw: (lines) => draw(lines, false),
    close: (lines) => {
      draw(lines, true);
      restore();
      process.removeListener('exit', restore);
      sink.close();
    },
  };
}

/** Up over what was drawn: a terminal that became narrower has wrapped its lines; above its first row nothing can be reached. */
function back(lines: readonly Line[], size: Size): string {
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line.text) / size.columns)), 0);
  const up = Math.min(rows, size.rows - 1);
  return up > 0 ? `\x1b[${up}A` : '';
}

/** Colours unless NO_COLOR is set or the terminal has none. */
function painter(out: NodeJS.WriteStream): (line: Line) => string {
  const colour = !process.env['NO_COLOR'] && out.getColorDepth() > 1;
  return ({ text, tone }) => {
    const style = TONES[tone];
    return colour && style ? styleText(style, text, { validateStream: false }) : text;
  };
}
