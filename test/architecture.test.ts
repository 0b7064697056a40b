import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

interface Table {
  /** Folder to the folders that its files may import; `src` stands for the files directly in it. */
  rooms: Record<string, string[]>;
  typesOnly: string[];
  /** Package to the beginnings of paths that may import it. */
  packages: Record<string, string[]>;
  longestFile: number;
}

interface Import {
  /** Path from the project's root, or the name of a package. */
  target: string;
  local: boolean;
  typeOnly: boolean;
}

type House = Map<string, Import[]>;

const table = JSON.parse(readFileSync('rooms.json', 'utf8')) as Table;
const files = ['src', 'pipelines', 'scripts'].flatMap(filesIn);
const house: House = new Map(files.map((file) => [file, importsOf(file, readFileSync(file, 'utf8'))]));

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name).replaceAll('\\', '/'));
}

/** Every import, export … from, import() and import type of a file. */
function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const local = specifier.text.startsWith('.');
    const target = local ? posix.join(dirname(file), specifier.text) : packageOf(specifier.text);
    found.push({ target, local, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023));
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : [];
  return !clause.name && named.length > 0 && named.every((element) => element.isTypeOnly);
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function roomOf(file: string): string | undefined {
  const folder = dirname(file);
  const rooms = Object.keys(table.rooms).filter((room) => room !== 'src' && `${folder}/`.startsWith(`${room}/`));
  return rooms[0] ?? (folder === 'src' ? 'src' : undefined);
}

function strangers(of: House): string[] {
  return each(of, (file, { target, local, typeOnly }) => {
    const from = roomOf(file);
    const to = roomOf(target);
    if (!local || from === to) return undefined;
    if (!from || !to || !table.rooms[from]?.includes(to)) return `${file} imports ${target}`;
    return table.typesOnly.includes(from) && !typeOnly ? `${file} imports more than types of ${target}` : undefined;
  });
}

function misplacedPackages(of: House): string[] {
  return each(of, (file, { target, local }) => {
    if (local || target.startsWith('node:')) return undefined;
    const places = table.packages[target] ?? [];
    return places.some((place) => file.startsWith(place)) ? undefined : `${file} imports ${target}`;
  });
}

function each(of: House, judge: (file: string, one: Import) => string | undefined): string[] {
  return [...of].flatMap(([file, imports]) => imports.flatMap((one) => judge(file, one) ?? []));
}

/** A way from a node back to itself, or undefined. */
function circleIn(edges: ReadonlyMap<string, Iterable<string>>): string[] | undefined {
  const done = new Set<string>();
  const walk = (node: string, path: string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const circle = walk(next, [...path, node]);
      if (circle) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const circle = walk(node, []);
    if (circle) return circle;
  }
  return undefined;
}

function fileEdges(of: House): Map<string, string[]> {
  return new Map([...of].map(([file, imports]) => [file, imports.filter((one) => one.local).map((one) => one.target)]));
}

function roomEdges(of: House): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const [file, targets] of fileEdges(of)) {
    const from = roomOf(file) ?? file;
    const others = targets.map((target) => roomOf(target) ?? target).filter((room) => room !== from);
    edges.set(from, new Set([...(edges.get(from) ?? []), ...others]));
  }
  return edges;
}

test('each file stands in a room of rooms.json', () => {
  assert.deepEqual(
    files.filter((file) => roomOf(file) === undefined),
    [],
  );
});

test('rooms import only what rooms.json lets them', () => {
  assert.deepEqual(strangers(house), []);
});

test('each package is imported only where it works', () => {
  assert.deepEqual(misplacedPackages(house), []);
});

test('no circle of imports exists between files, types included', () => {
  assert.deepEqual(circleIn(fileEdges(house)), undefined);
});

test('no circle exists between rooms, neither in the table nor in the imports', () => {
  assert.deepEqual(circleIn(new Map(Object.entries(table.rooms))), undefined);
  assert.deepEqual(circleIn(roomEdges(house)), undefined);
});

test('no file of src and pipelines is longer than a reader can hold', () => {
  const lengths = files.map((file) => [file, readFileSync(file, 'utf8').split('\n').length - 1] as const);
  const long = lengths.filter(([file, lines]) => !file.startsWith('scripts/') && lines > table.longestFile);
  assert.deepEqual(long, []);
});

test('each local import names a file that exists', () => {
  assert.deepEqual(
    each(house, (file, { target, local }) => (local && !house.has(target) ? `${file} imports ${target}` : undefined)),
    [],
  );
});

test('the checks of this file find what they are for', () => {
  const bad: House = new Map();
  const put = (file: string, text: string): unknown => bad.set(file, importsOf(file, text));
  put('src/view/a.ts', "import { b } from '../lab/b.ts';\nexport type { C } from './c.ts';");
  put('src/view/c.ts', "type A = import('./a.ts').A;\nawait import('undici');");
  put('pipelines/d.ts', "import type { E } from '../src/core/e.ts';\nimport { type F, g } from '../src/stages/g.ts';");
  assert.deepEqual(strangers(bad), [
    'src/view/a.ts imports src/lab/b.ts',
    'pipelines/d.ts imports more than types of src/stages/g.ts',
  ]);
  assert.deepEqual(misplacedPackages(bad), ['src/view/c.ts imports undici']);
  assert.deepEqual(circleIn(fileEdges(bad)), ['src/view/a.ts', 'src/view/c.ts', 'src/view/a.ts']);
});
