/** Bytes to a YAML value: UTF-8 only, YAML 1.2 core schema with merge keys, no tags of anyone's own, bounded in every way. */
import { CORE_SCHEMA, constructFromEvents, mergeTag, parseEvents, YAMLException } from 'js-yaml';
import { Positions } from './positions.ts';
import type { Place } from './issues.ts';
import type { Problem } from './types.ts';

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);
const LIMITS = { maxDepth: 40, maxAliases: 20_000, maxTotalMergeKeys: 100_000, values: 1_000_000 };

/** A problem with an offset into the text. */
export class TextProblem extends Error {
  readonly offset: number;
  readonly problem: Problem;

  constructor(offset: number, message: string, todo: string) {
    super(message);
    this.offset = offset;
    this.problem = { message, todo };
  }
}

/** A text that knows its lines; CR, LF and CRLF each end one. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  #lines: number[] | null = null;

  /** Throws TextProblem if `bytes` are not UTF-8. A byte order mark is dropped. */
  constructor(file: string, bytes: Uint8Array) {
    this.file = file;
    try {
      this.text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new TextProblem(0, `is no UTF-8 text${strangeness(bytes)}`, 'save the file as UTF-8');
    }
  }

  /** Where each line begins. */
  get #starts(): number[] {
    return (this.#lines ??= [0, ...[...this.text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)]);
  }

  place(offset: number): Place {
    let low = 0;
    const starts = this.#starts;
    for (let high = starts.length - 1; low < high;) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - starts[low]! + 1 };
  }
}

/** What the bytes are in place of UTF-8, as far as they tell. */
function strangeness(bytes: Uint8Array): string {
  const first = [bytes[0], bytes[1]].join();
  if (first === '255,254' || first === '254,255') return ', but UTF-16';
  const again = Buffer.from(Buffer.from(bytes).toString('utf8'));
  const bad = bytes.findIndex((byte, i) => byte !== again[i]);
  return `: byte ${bad + 1} is 0x${(bytes[bad] ?? 0).toString(16).padStart(2, '0')}`;
}

export interface YamlDocument {
  value: unknown;
  positions: Positions;
}

/** The one document of a YAML text. Throws TextProblem: syntax, duplicate keys, tags, bombs, none or two documents. */
export function parseDocument(text: string): YamlDocument {
  const values = parseAll(text);
  if (values.length === 0) throw new TextProblem(0, 'is empty', 'begin with inventory/example.yaml');
  if (values.length > 1) {
    const start = [...text.matchAll(/^---(?=\s|$)/gm)].at(-1)?.index ?? 0;
    throw new TextProblem(start, 'a second document', 'keep one in the file');
  }
  refuseBombs(values[0]);
  return { value: values[0], positions: new Positions(text) };
}

/** All documents of a YAML (or JSON) text. Throws TextProblem. */
export function parseAll(text: string): unknown[] {
  try {
    const events = parseEvents(text, { maxDepth: LIMITS.maxDepth });
    const { maxAliases, maxTotalMergeKeys } = LIMITS;
    return constructFromEvents(events, { source: text, schema: SCHEMA, maxAliases, maxTotalMergeKeys });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new TextProblem(error.mark?.position ?? 0, `no YAML: ${error.reason}`, todoFor(error.reason));
  }
}

function todoFor(reason: string): string {
  if (reason.includes('duplicated')) return 'remove one of the two keys';
  if (reason.includes('missed comma')) return 'mend it; between { } or [ ] a text with a range wants quotes';
  if (reason.includes('tab')) return 'indent with spaces';
  if (reason.includes('tag')) return 'write the plain value: tags are not read here';
  return 'mend the YAML here';
}

/** Throws TextProblem if anchors make a circle or multiply beyond reason. */
function refuseBombs(value: unknown): void {
  let left = LIMITS.values;
  const visit = (part: object, depth: number): void => {
    const children: unknown[] = Object.values(part);
    left -= children.length;
    if (left < 0 || (depth >= LIMITS.maxDepth && children.length > 0)) {
      throw new TextProblem(0, 'anchors that contain themselves or multiply beyond reason', 'write the values out');
    }
    for (const child of children) if (typeof child === 'object' && child !== null) visit(child, depth + 1);
  };
  visit([value], -1);
}
