/** `--set KEY=VALUE`: values that take the place of the inventory's before anything is checked. */
import { printable } from '../core/secret.ts';
import { parseDocument, TextProblem } from './document.ts';
import { type IssueList, type Place, shown } from './issues.ts';
import { list, record, text } from './loose.ts';
import type { Origins } from './origins.ts';
import type { Path, Positions } from './positions.ts';
import { pathText } from './reporter.ts';
import { keysAt, kindAt, SECRET_KEYS } from './schema.ts';
import { didYouMean, nearest } from './suggest.ts';

export interface Assignment {
  steps: string[];
  value: string;
  place: Place;
}

/** The arguments taken apart; those that are no assignment are reported. */
export function readSets(sets: readonly string[], issues: IssueList): Assignment[] {
  const keys = new Set<string>();
  return sets.flatMap((argument, i) => {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(argument) ?? [argument];
    const steps = key.split(/\.(?![^{}]*\})/);
    const place = { file: `--set ${printable(key)}=${visible(steps, value)}`, line: 0, column: i };
    const isSound = key !== '' && steps.every((step) => step !== '');
    if (!isSound) {
      const written = { ...place, file: `--set ${printable(argument, 60)}` };
      issues.add(written, { message: 'is no KEY=VALUE', todo: 'write e.g. --set openshiftVersion=4.21' });
    } else if (keys.has(key)) issues.add(place, { message: `${key} is set twice`, todo: 'keep one of the two' });
    keys.add(key);
    return isSound ? [{ steps, value, place }] : [];
  });
}

/** What a message may show of a value: nothing where a secret may stand. */
function visible(steps: string[], value: string): string {
  return !SECRET_KEYS.has(steps.at(-1) ?? '') && /^[\w.:/+ -]{0,60}$/.test(value) ? value : '…';
}

/** The inventory with the values put in; what it is made of stays as it was. A key that leads nowhere is reported. */
export function applySets(value: unknown, sets: Assignment[], origins: Origins, issues: IssueList): unknown {
  return sets.reduce((inventory, { steps, value: given, place }) => {
    for (const start of startsOf(inventory, steps, place, issues)) {
      try {
        const path = resolve(inventory, start.path, start.rest);
        const { value: next, positions } = parsed(kindAt(path), given);
        origins.note(firstNew(inventory, path), { place, positions: null });
        origins.note(path, { place, positions });
        inventory = put(inventory, path, next);
      } catch (error) {
        if (!(error instanceof TextProblem)) throw error;
        issues.add(place, error.problem);
      }
    }
    return inventory;
  }, value);
}

interface Start {
  path: Path;
  rest: string[];
}

/** Where the key begins: at the top, or, if it names a field of clusters, at each of them. */
function startsOf(inventory: unknown, steps: string[], place: Place, issues: IssueList): Start[] {
  const [first = ''] = steps;
  const tops = keysAt([]);
  if (tops.includes(first)) return [{ path: [], rest: steps }];
  const fields = keysAt(['clusters', 0]).filter((key) => !['name', 'groups', 'hosts'].includes(key));
  if (fields.includes(first))
    return list(record(inventory)['clusters']).map((_, i) => ({ path: ['clusters', i], rest: steps }));
  const known = [...fields, ...tops];
  const best = nearest(first, known);
  const todo = best ? `write ${[best, ...steps.slice(1)].join('.')}=` : `begin with one of ${known.join(', ')}`;
  issues.add(place, { message: `unknown key ${shown(first)}${didYouMean(first, known)}`, todo });
  return [];
}

/** The path that names lead to: an element of a list goes by its `name`, or by its number from 0. Throws TextProblem. */
function resolve(inventory: unknown, start: Path, steps: string[]): Path {
  return steps.reduce<Path>((path, step) => {
    const value = at(inventory, path);
    if (!Array.isArray(value)) {
      if (value == null || typeof value === 'object') return [...path, step];
      throw new TextProblem(0, `${pathText(path)} is one value and has no ${shown(step)}`, 'shorten the key');
    }
    const names = value.map((element, i) => text(record(element)['name']) ?? String(i));
    const index = names.includes(step) ? names.indexOf(step) : value.findIndex((_, i) => String(i) === step);
    if (index >= 0) return [...path, index];
    const message = `nothing in ${pathText(path)} is called ${shown(step)}${didYouMean(step, names)}`;
    throw new TextProblem(0, message, `use one of ${names.slice(0, 9).join(', ')}`);
  }, start);
}

/** The beginning of the path down to what is not there yet: that, too, is there by the argument alone. */
function firstNew(inventory: unknown, path: Path): Path {
  const depth = path.findIndex((_, i) => at(inventory, path.slice(0, i + 1)) == null);
  return depth < 0 ? path : path.slice(0, depth + 1);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, step) => {
    const own = typeof part === 'object' && part !== null && Object.hasOwn(part, step);
    return own ? (part as Record<PropertyKey, unknown>)[step] : undefined;
  }, value);
}

/** The text as a value of the kind that is wanted there, so that 4.20 stays a text; what cannot be one is left to the checks. */
function parsed(kind: string | null, given: string): { value: unknown; positions: Positions | null } {
  if (kind === 'string' || kind === 'enum') return { value: given, positions: null };
  if (kind === 'boolean') return { value: /^(true|false)$/.test(given) ? given === 'true' : given, positions: null };
  if (kind === 'number') return { value: /^[-+]?\d+(\.\d+)?$/.test(given) ? Number(given) : given, positions: null };
  if (kind === 'union' && !given.trimStart().startsWith('[')) return { value: given, positions: null };
  if (given.trim() === '') throw new TextProblem(0, 'has no value', 'write one after =');
  return parseDocument(given);
}

function put(value: unknown, [step, ...rest]: Path, next: unknown): unknown {
  if (step === undefined) return next;
  if (Array.isArray(value)) return value.with(Number(step), put(value[Number(step)], rest, next));
  return { ...record(value), [step]: put(at(value, [step]), rest, next) };
}
