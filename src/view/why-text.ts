/** Why a run stands where it stands, on one screen: the cause first, then what there is to see, then what to do. Plain text. */
import { clean, cut, duration, width } from './text.ts';

export interface Dated {
  /** ISO, or empty. */
  at: string;
  text: string;
}

export interface Why {
  /** What was the matter, in one sentence. */
  cause: string;
  /** Whom it is about: `cluster` or `cluster/host`; null: the run. */
  subject: string | null;
  /** What the error itself says, where that is more than the cause; else empty. */
  said: string;
  /** The stage in which it ended or stands, since when, and what was waited for. */
  place: { stage: string; ms: number; seen: string } | null;
  failing: string[];
  /** How much of the ISO was read, in words; empty where nothing is known of it. */
  medium: string;
  /** What snoboot did and what came of it, oldest first. */
  did: Dated[];
  service: Dated[];
  bmc: Dated[];
  left: string[];
  /** Commands that tell more, best first. */
  check: string[];
  todo: string;
  /** Commands and pages, one line each. */
  next: string[];
}

interface Section {
  label: string;
  lines: string[];
  /** So many stay, however small the screen is. */
  least: number;
  /** Whether the last ones tell most. */
  keepsLast?: boolean;
  /** Whether there is more than is shown. */
  isCut?: boolean;
}

const LABEL = 9;
/** One line of the terminal stays free for the prompt. */
const SPARE = 1;

/** Never more lines than the terminal has rows. */
export function whyText(why: Why, { columns, rows }: { columns: number; rows: number }): string {
  const room = columns - LABEL;
  const folded = (text: string, most: number): string[] => fold(clean(text, 1000), room, most);
  const dated = (list: Dated[]): string[] =>
    list.map(({ at, text }) => cut(`${at === '' ? '' : `${at.slice(11, 19)} `}${clean(text)}`, room));
  const cause = fold(clean(why.cause, 1000), columns, 3);
  const sections: Section[] = [
    { label: 'said', lines: why.said === '' ? [] : folded(why.said, 3), least: 1 },
    { label: 'stage', lines: why.place ? folded(placeText(why.place), 2) : [], least: 1 },
    { label: 'failing', lines: why.failing.flatMap((text) => folded(text, 2)), least: 2 },
    { label: 'ISO', lines: why.medium === '' ? [] : [cut(clean(why.medium), room)], least: 1 },
    { label: 'did', lines: dated(why.did), least: 3, keepsLast: true },
    { label: 'service', lines: dated(why.service), least: 2, keepsLast: true },
    { label: 'BMC', lines: dated(why.bmc), least: 2, keepsLast: true },
    { label: 'left', lines: why.left.flatMap((text) => folded(text, 2)), least: 1 },
    { label: 'to do', lines: why.todo === '' ? [] : folded(why.todo, 3), least: 2 },
    { label: 'check', lines: why.check.map((text) => cut(text, room)), least: 0 },
    { label: 'next', lines: why.next.map((text) => cut(clean(text), room)), least: why.next.length },
  ];
  const body = fitted(sections, rows - SPARE - cause.length - 1);
  return (
    [...cause, '', ...body.flatMap((section) => labelled(section, columns))].slice(0, rows - SPARE).join('\n') + '\n'
  );
}

function placeText({ stage, ms, seen }: NonNullable<Why['place']>): string {
  return `${stage} for ${duration(ms)}${seen === '' ? '' : `, waiting for ${seen}`}`;
}

/** Takes lines away where most are more than the least, until all fit. */
function fitted(sections: Section[], room: number): Section[] {
  const kept = sections.map((section) => ({ ...section, lines: [...section.lines] }));
  const spare = ({ lines, least }: Section): number => lines.length - least;
  for (;;) {
    const total = kept.reduce((sum, { lines }) => sum + lines.length, 0);
    const longest = kept.reduce((a, b) => (spare(b) > spare(a) ? b : a));
    if (total <= room || spare(longest) <= 0) return kept;
    if (longest.keepsLast) longest.lines.shift();
    else if (longest.lines.pop() !== undefined && longest.lines.length > 0) longest.isCut = true;
  }
}

function labelled({ label, lines, isCut }: Section, columns: number): string[] {
  const shown = isCut ? [...lines.slice(0, -1), cut(`${lines.at(-1)}…`, columns - LABEL)] : lines;
  return shown.map((line, i) => `${(i === 0 ? label : '').padEnd(LABEL)}${line}`.trimEnd());
}

/** The text in at most `most` lines of `columns`, broken between words; what is too long ends in an ellipsis. */
function fold(text: string, columns: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (width(longer) <= columns) line = longer;
    else if (lines.length === most - 1) return [...lines, cut(text.slice(lines.join(' ').length).trim(), columns)];
    else {
      if (line !== '') lines.push(line);
      line = cut(word, columns);
    }
  }
  return [...lines, line];
}
