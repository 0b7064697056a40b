/** Strangers' text, times and sizes brought into the form in which a terminal can show them. */
import { printable, redact } from '../core/secret.ts';

/** One line without secrets and control characters. Redacts first, so that no cut can save half a secret. */
export function clean(text: string, limit = 400): string {
  return printable(redact(text), limit);
}

/** Columns that the text takes. Doubtful characters count two: a line may come out short, never too long. */
export function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const char of text) columns += columnsOf(char);
  return columns;
}

function columnsOf(char: string): number {
  if (/\p{Mark}/u.test(char)) return 0;
  return (char.codePointAt(0) ?? 0) >= 0x2e80 || /\p{Emoji_Presentation}/u.test(char) ? 2 : 1;
}

/** The text within `columns`, its end replaced by an ellipsis where it is longer. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  let used = 1;
  for (const char of text) {
    used += columnsOf(char);
    if (used > columns) break;
    kept += char;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** The text cut or filled with blanks to exactly `columns`. */
export function fit(text: string, columns: number): string {
  const short = cut(text, columns);
  return short + ' '.repeat(Math.max(0, columns - width(short)));
}

/** The text in lines of at most `columns`, broken between words; a word that is longer is cut, or stands out. */
export function wrap(text: string, columns: number, long: 'cut' | 'whole' = 'cut'): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) +/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (width(longer) <= columns) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = long === 'cut' ? cut(word, columns) : word;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** At most `most` lines; where that leaves any out, the last one ends in an ellipsis. */
export function capped(lines: readonly string[], most: number, columns: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, Math.max(0, most - 1)), cut(lines.slice(Math.max(0, most - 1)).join(' '), columns)].slice(
    0,
    most,
  );
}

/** A paragraph of at most `most` lines, those after the first one indented. */
export function paragraph(text: string, columns: number, most: number): string[] {
  const room = Math.max(1, columns - 4);
  return capped(wrap(text, room), most, room).map((line, i) => (i === 0 ? line : `    ${line}`));
}

/** For what stays on the screen: the whole text within 80 columns, all of its lines indented, those after the first once more. */
export function indented(text: string, by: number): string[] {
  const lines = wrap(text, 80 - by - 2, 'whole');
  return lines.map((line, i) => `${' '.repeat(i === 0 ? by : by + 2)}${line}`);
}

/** Milliseconds in words: `41 s`, `3 min 05 s`, `1 h 12 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** Milliseconds as a stop-watch shows them: `0:41`, `12:03`, `1:12:03`. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Bytes read of a medium of `size` bytes: `31.2/98.0 MiB`; what was read again does not count. */
export function mebibytes(bytes: number, size: number): string {
  const mib = (value: number): string => (value / 1024 / 1024).toFixed(1);
  return `${mib(Math.min(bytes, size))}/${mib(size)} MiB`;
}

/** How many sentences, and the first of them: `2 failing: no default route`; empty for none. */
export function firstOf(sentences: readonly string[], word: string): string {
  const [first] = sentences;
  return first === undefined ? '' : `${sentences.length} ${word}: ${first}`;
}

/** `1 cluster`, `2 clusters`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many of each word, most frequent first: `9 await-agent, 5 installed`. */
export function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

/** Whether the target's clock is a lab's: whoever shows a time of it says so. */
export function isLab(target: string): boolean {
  return /^lab\b/.test(target);
}
