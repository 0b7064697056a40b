/** zod's issues in our own words, each at its place in the text. */
import type { z } from 'zod';
import { fitting } from './fits.ts';
import { shown } from './issues.ts';
import { isRecord } from './loose.ts';
import { valueAt } from './merge.ts';

import type { Path } from './positions.ts';
import { hasRange } from './ranges.ts';
import type { Reporter } from './reporter.ts';
import { inventorySchema, keysAt, type RawInventory, SECRET_KEYS } from './schema.ts';
import { didYouMean, nearest } from './suggest.ts';
import type { Problem } from './types.ts';

type ZodIssue = z.core.$ZodIssue;

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

const fits = fitting(inventorySchema);

/** The value itself (nmstate keeps its order) as an inventory, or null after everything that is wrong with its shape and single values was reported. */
export function checkShape(value: unknown, reporter: Reporter): RawInventory | null {
  if (fits(value)) return value as RawInventory;
  const result = inventorySchema.safeParse(value);
  if (result.success) return value as RawInventory;
  for (const issue of result.error.issues) report(issue, value, reporter);
  return null;
}

function report(issue: ZodIssue, root: unknown, reporter: Reporter): void {
  const { path } = issue;
  const value = valueAt(root, path);
  // zod counts the letters of a text, too, where a list is wanted.
  if ((issue.code === 'too_big' || issue.code === 'too_small') && typeof value === 'string') return;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    for (const key of issue.keys) reporter.atKey([...path, key], unknownKey(key, known));
  } else if (issue.code === 'invalid_union') {
    const inner = issue.errors.find((errors) =>
      errors.some((error) => error.path.length > 0 || error.code === 'custom'),
    );
    if (inner) for (const error of inner) report({ ...error, path: [...path, ...error.path] }, root, reporter);
    else reporter.at(path, wrongKind(value, 'text or a list', path, reporter));
  } else if (value === undefined && path.length > 0) {
    const name = String(path.at(-1));
    reporter.at(path.slice(0, -1), { message: `${name} is missing`, todo: `add ${name}:` });
  } else reporter.at(path, problemOf(issue, value, path, reporter));
}

function unknownKey(key: string, known: string[]): Problem {
  const best = nearest(key, known);
  const todo = best ? `write ${best}:` : `use one of ${known.join(', ')}`;
  return { message: `unknown key ${shown(key)}${didYouMean(key, known)}`, todo };
}

function problemOf(issue: ZodIssue, value: unknown, path: Path, reporter: Reporter): Problem {
  switch (issue.code) {
    case 'custom':
      return { message: issue.message, todo: String(issue.params?.['todo']) };
    case 'invalid_type':
      return wrongKind(value, KINDS[issue.expected] ?? issue.expected, path, reporter);
    case 'invalid_value':
      return {
        message: `${shown(value)} is not possible here${didYouMean(String(value), issue.values.map(String))}`,
        todo: `use one of ${issue.values.join(', ')}`,
      };
    case 'too_small':
      if (issue.origin === 'array') return { message: 'is an empty list', todo: 'add at least one' };
      return { message: `${shown(value)} is too small`, todo: `use ${String(issue.minimum)} or more` };
    case 'too_big':
      if (Array.isArray(value))
        return { message: `is a list of ${value.length}`, todo: `keep ${String(issue.maximum)} at most` };
      return { message: `${shown(value)} is too big`, todo: `use ${String(issue.maximum)} or less` };
    default:
      return { message: issue.message, todo: 'mend the value' };
  }
}

function wrongKind(value: unknown, wanted: string, path: Path, reporter: Reporter): Problem {
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  const isSecret = SECRET_KEYS.has(String(path.at(-1)));
  if (isSecret)
    return { message: 'a secret in clear', todo: 'write env:NAME, file:PATH or cmd:LINE, and keep the secret there' };
  if (value === null)
    return { message: `is empty, where ${wanted} is wanted`, todo: 'fill it in, or leave the key out' };
  if (isScalar && wanted === 'text') {
    const is = `without quotes is the ${typeof value} ${String(value)}`;
    const raw = reporter.raw(path);
    // What came by a merge key is written elsewhere, and the number no longer tells how (4.20 is 4.2).
    if (raw === null) return { message: `text ${is}`, todo: 'quote it where it is written, in what << names' };
    return { message: `${raw} ${is}`, todo: `quote it: "${raw}"` };
  }
  const [only = '', ...others] = isRecord(value) ? Object.keys(value) : [];
  if (wanted === 'text' && others.length === 0 && hasRange(`{${only}}`))
    return { message: `{${only}} without quotes is a mapping`, todo: `quote it: "{${only}}"` };
  const seen = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : shown(value);
  return { message: `${seen} where ${wanted} is wanted`, todo: `write ${wanted}` };
}
