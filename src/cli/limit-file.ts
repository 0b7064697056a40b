/** `--limit @FILE`: the patterns that stand in a file, as failed.retry has them. */
import { readFileSync, statSync } from 'node:fs';
import { SnobootError } from '../core/errors.ts';

const MOST_BYTES = 4 * 1024 * 1024;

/** `pattern` with the lines of FILE, relative to the working folder, in place of each term `@FILE`. Throws E-USAGE. */
export function withFiles(pattern: string): string {
  return pattern
    .split(',')
    .map((term) => (term.trim().startsWith('@') ? linesOf(term.trim().slice(1)) : term))
    .join(',');
}

/** Without empty lines and what follows a `#`. */
function linesOf(file: string): string {
  const lines = textOf(file).split('\n');
  const patterns = lines.map((line) => line.replace(/(^|\s)#.*/, '').trim()).filter((line) => line !== '');
  if (patterns.length === 0) throw refused(file, 'names nothing');
  return patterns.join(',');
}

function textOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) throw refused(file, 'does not exist');
  if (!stat.isFile()) throw refused(file, 'is no regular file');
  if (stat.size > MOST_BYTES) throw refused(file, 'is longer than 4 MiB');
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw refused(file, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function refused(file: string, what: string): SnobootError {
  return new SnobootError('E-USAGE', `--limit @${file}: the file ${what}`, 'name a file with a pattern on each line');
}
