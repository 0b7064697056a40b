/** The one throwable of snoboot. Its codes are those of the catalogue, which fixes their exit codes (design §10). */
import { CATALOGUE } from './error-catalogue.ts';
import { printable, redact } from './secret.ts';

export { EXIT } from './error-catalogue.ts';

export type Code = keyof typeof CATALOGUE;

/** Code to exit code: one for each way in which a run or a cluster can end badly. */
export const CODES = Object.fromEntries(Object.entries(CATALOGUE).map(([code, { exit }]) => [code, exit])) as {
  readonly [C in Code]: (typeof CATALOGUE)[C]['exit'];
};

/** Where a code is explained: a file of the package, made from the catalogue. */
export const pageOf = (code: string): string => `docs/errors/${code}.md`;

/** What an error says, as plain data: the form in which the journal and the recap keep it. */
export interface ErrorRecord {
  code: Code;
  /** One line: what was seen. */
  message: string;
  /** One line: what to do next. */
  todo: string;
}

/** An error with a stable code, one line of what was seen and one of what to do: the catalogue's, unless the place knows better. */
export class SnobootError extends Error {
  readonly code: Code;
  readonly todo: string;

  constructor(code: Code, message: string, todo: string = CATALOGUE[code].todo, cause?: unknown) {
    super(printable(redact(message), 600), cause === undefined ? {} : { cause });
    this.name = 'SnobootError';
    this.code = code;
    this.todo = printable(redact(todo), 400);
  }

  get exitCode(): number {
    return CODES[this.code];
  }

  record(): ErrorRecord {
    return { code: this.code, message: this.message, todo: this.todo };
  }
}

/** Whatever was thrown, as a SnobootError; what is not ours is an internal error. */
export function asSnobootError(error: unknown): SnobootError {
  if (error instanceof SnobootError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new SnobootError('E-INTERNAL', text, undefined, error);
}
