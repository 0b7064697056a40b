/** Values that must not be seen, and the one filter that every outgoing text passes. */
import { inspect } from 'node:util';

const HIDDEN = '***';
const known = new Set<string>();

/** A value that prints as `***`; `reveal` is for the wire alone. Making one teaches `redact` its every spelling. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    for (const spelling of spellings(value)) known.add(spelling);
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** The text with every known secret replaced, in plain, JSON, URL and base64 spelling. */
export function redact(text: string): string {
  let clean = text;
  for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, HIDDEN);
  return clean;
}

const SHORTEST = 4;

function spellings(value: string): string[] {
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString('base64'),
  ];
  return forms.filter((form) => form.length >= SHORTEST);
}

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A stranger's text made fit for a terminal line: one line, no control or direction characters, at most `limit`. */
export function printable(text: string, limit = 200): string {
  const line = text.replace(UNPRINTABLE, (c) => (c === '\n' || c === '\t' ? ' ' : '\ufffd'));
  return line.length > limit ? `${line.slice(0, limit - 1)}\u2026` : line;
}
