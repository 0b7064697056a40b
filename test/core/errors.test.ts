/** The catalogue against the code that throws, and the pages against what can be typed. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { program } from '../../src/cli/program.ts';
import { CATALOGUE } from '../../src/core/error-catalogue.ts';
import { PAGES } from '../../src/core/error-pages.ts';
import { type Code, CODES, SnobootError } from '../../src/core/errors.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CATALOGUES = /core\/error-(catalogue|pages)/;
const codes = Object.keys(CODES) as Code[];

/** Codes in quotes, as they are thrown; the catalogue's own files are left out. */
function thrown(): Set<string> {
  const files = ['src', 'pipelines'].flatMap((folder) =>
    readdirSync(join(source(), folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const texts = files
    .filter((name) => name.endsWith('.ts') && !CATALOGUES.test(name))
    .map((name) => readFileSync(join(source(), name), 'utf8'));
  return new Set(texts.flatMap((text) => text.match(/(?<=')E-[A-Z-]+(?=')/g) ?? []));
}

/** The project's folder, also where the tests were compiled to another one. */
function source(): string {
  const here = readdirSync(ROOT).includes('src');
  return here ? ROOT : process.cwd();
}

test('every code that the program knows is in the catalogue, and every code of the catalogue is thrown somewhere', () => {
  const used = thrown();
  assert.deepEqual(
    [...used].filter((code) => !Object.hasOwn(CODES, code)),
    [],
  );
  assert.deepEqual(
    codes.filter((code) => !used.has(code)),
    [],
  );
});

test('every page is complete', () => {
  assert.deepEqual(Object.keys(PAGES).sort(), [...codes].sort());
  for (const code of codes) {
    const { means, causes, checks, remedy } = PAGES[code];
    const texts = [means, ...causes, ...checks.flat(), ...remedy, CATALOGUE[code].todo];
    assert.ok(causes.length > 0 && checks.length > 0, code);
    for (const text of texts) assert.match(text, /^\S.{4,}\S$/, `${code}: ${text}`);
  }
});

test('what a page or a message tells to type exists: verbs and options of the command table', () => {
  const root = program(() => undefined);
  for (const code of codes) {
    const { means, causes, checks, remedy } = PAGES[code];
    const prose = [means, ...causes, ...remedy, CATALOGUE[code].todo, ...checks.map(([, tells]) => tells)];
    const known = new Set(['--help', ...all(root).flatMap(({ options }) => options.map(({ long }) => long))]);
    for (const option of prose.join(' ').match(/--[a-z][a-z-]+/g) ?? [])
      assert.ok(known.has(option), `${code}: ${option}`);
    const typed = [
      ...checks.map(([command]) => command),
      ...prose.flatMap((text) => text.match(/(?<=`)snoboot [^`]+/g) ?? []),
    ];
    for (const line of typed.filter((text) => text.startsWith('snoboot '))) assertTypable(root, line, code);
  }
});

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)];
}

function assertTypable(root: Command, line: string, code: string): void {
  const [, verb = '', ...rest] = line.split(' ');
  const command = verb.startsWith('--') ? root : root.commands.find((one) => one.name() === verb);
  assert.ok(command, `${code}: ${line}`);
  const known = ['--help', ...command.options.map(({ long }) => long)];
  for (const word of [verb, ...rest].filter((one) => one.startsWith('--')))
    assert.ok(known.includes(word), `${code}: ${line}`);
}

test('an error without a todo of its own has the one of the catalogue', () => {
  assert.equal(new SnobootError('E-STATE', 'full').todo, CATALOGUE['E-STATE'].todo);
  assert.equal(new SnobootError('E-STATE', 'full', 'see here').todo, 'see here');
});
